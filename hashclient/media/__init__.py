"""The only room that opens a person's file: bytes in, pixels out, within limits.

`image` decodes pictures, `files` reads them from disk, `limits` says how much may be used, and
`confine` takes away from a process what decoding does not need. What the pixels are good for is
left to `hashclient.hashing`.
"""
