"""The only place that opens a person's file: bytes in, pixels out, within limits.

`files` and `folders` read from disk, `formats` tells what a file is, `image`, `animation` and `video` decode it, and
`limits` says how much may be used. `sandbox` takes away from a process what decoding does not need. What the pixels are
good for is left to `hashclient.hashing`.
"""
