"""Say where else to get help, and hold every sentence that the faces show.

PURE but for its data file: no network, no clock, no environment. `services` reads the list of help
services and has the rules for showing it; `texts` holds the words. Asking the questions is left to
the faces, opening files to nobody here.
"""
