"""Receive submissions: the reference endpoint, as a partner or a helpline would run it.

It opens what was sealed to it, keeps hashes until they are withdrawn, and answers questions about a case only for
whoever holds its number and PIN. It never sees a picture, and it stores no address, no case number and no PIN. Start it
with `hashclient.endpoint.serve`; `docs/operators.md` is for those who run it.
"""
