"""Say where else to get help, and hold the sentences that people read.

PURE except for its data file: no network, no clock, no environment. `triage` decides what is asked next, `screens` and
`questions` hold its words, `services` has the list of help services and the rules for showing it, `notices` the laws. The
sentences of the command line stand by where they are said, from `texts` on. Asking and printing are left to the faces.
"""
