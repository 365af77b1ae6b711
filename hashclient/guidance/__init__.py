"""Say where else to get help, and hold the sentences that people read.

PURE except for its data file: no network, no clock, no environment. `services` reads the list of help services and has
the rules for showing it, `questions` and `texts` hold the words, `reasons` says why something was left out. Asking and
printing are left to the faces.
"""
