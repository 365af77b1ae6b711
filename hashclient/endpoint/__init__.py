"""Receive submissions: the reference endpoint, as a partner or a helpline would run it.

It opens what was sealed to it, keeps hashes until they are withdrawn, and answers for a case only
to whoever holds its number and PIN. It never sees a picture, and keeps no address, no case number
and no PIN. The start is `hashclient.endpoint.serve`; `docs/operators.md` is for who runs it.
"""
