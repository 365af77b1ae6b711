"""Carry bytes out and bytes back.

`interface` is the one method that every transport has, `http` the only file that imports httpx,
`address` reads the origin of an endpoint. What this room leaves to others: sealing, retries and the
meaning of an answer, all in `hashclient.client`.
"""
