"""Hold the sentences of the lab: what was wrong with a suite or a run, and what its first lines say."""

from typing import Final

from hashclient.messages import _, _n

# What is wrong with a transform or a suite.

BAD_NAME: Final = _("The name {name} is taken or has other signs than small letters and a dot. Nothing was run.")
CHOOSE_ANOTHER_NAME: Final = _("Choose a name such as mine.darker.")
NO_TRANSFORM: Final = _("There is no edit {text}. Nothing was run.")
OTHER_PARAMETERS: Final = _("The edit {text} has other parameters than these: {wanted}. Nothing was run.")
OUT_OF_RANGE: Final = _("In the edit {text} a value is out of its range. Nothing was run.")
SEE_SUITES: Final = _("See what there is: hashclient lab suites")
NO_SUITE: Final = _("There is no suite {name}. Nothing was run.")
MALFORMED_SUITE: Final = _("This file is not a suite. Nothing was run.")
NO_CELLS: Final = _("The suite has no edits of this half. Nothing was run.")
CELL_TWICE: Final = _(
    "Leakage: the edit {cell} is in the suite twice, so a search would see what is held. Nothing was run."
)
LEAVE_ONE_CELL_OUT: Final = _("Leave one of the two out.")
TOO_SMALL: Final = _("The edit {cell} would make this picture too small. Nothing was changed.")
LARGER_PICTURES: Final = _("Use larger pictures.")

# Faults that stop a run, each by its name.

FAULT: Final = _("A fault was found that would spoil the figures. Nothing was run.")
SEE_THE_LAB: Final = _("Read docs/lab.md.")
SILENT_PARAMETER: Final = _("Silent parameter: the edit {name} takes no notice of {parameter}. Nothing was run.")
USE_THE_PARAMETER: Final = _("Use it in the edit, or leave it out.")
STATE_BETWEEN_PICTURES: Final = _(
    "State between pictures: the edit {name} does not do the same twice, or changes what it is given. Nothing was run."
)
KEEP_NO_STATE: Final = _("Keep nothing between two calls, and edit a copy.")
UNDECLARED_CHANCE: Final = _("Undeclared chance: the edit {name} draws at random and does not say so. Nothing was run.")
DECLARE_CHANCE: Final = _("Register it with is_seeded=True.")
SPLIT_LEAK: Final = _("Leakage: a picture, or a copy of it, is on both sides of the split. Nothing was scored.")
MOVE_THE_COPY: Final = _("Put both copies on one side, or leave the split out.")
WORKER_MISMATCH: Final = _("Worker mismatch: a worker makes other pixels than this machine. What it made was not kept.")
SAME_VERSIONS: Final = _("Install the same versions of Python and Pillow on every machine.")

# What is wrong with the pictures.

CHANGED: Final = _("A picture was changed during the run. Nothing of it was kept.")
LEAVE_FILES_ALONE: Final = _("Run it again, and leave the pictures alone.")
MALFORMED_LIST: Final = _("This list cannot be read. Nothing was run.")
COLUMNS_OF_A_LIST: Final = _("Write a CSV file with the columns path, category and split (dev or held).")
NO_PICTURES: Final = _("There is no picture to measure with. Nothing was run.")
SAMPLE_PICTURES: Final = _("Draw some: hashclient lab sample FOLDER")
EMPTY_SIDE: Final = _("No picture is on this side of the split. Nothing was edited.")
MORE_PICTURES: Final = _("Use more pictures, or --split all.")
NOT_EMPTY: Final = _("This folder is not empty. Nothing was drawn.")
CHOOSE_EMPTY: Final = _("Name a new folder.")
NOT_WRITABLE: Final = _("Nothing can be written there. Nothing was run.")
CHOOSE_WRITABLE: Final = _("Name a folder that you may write to.")

# What is wrong with a hash, a way of matching or the store.

BAD_HASH: Final = _("The hash {name} does not give what it says. Nothing of it was kept.")
HASH_FORM: Final = _("Name it with a version, such as mine@1, and give a multiple of 64 bits.")
NO_SUCH_HASH: Final = _("There is no hash {name}. Nothing was run.")
KNOWN_HASHES: Final = _("Use one of these, or add your own: {names}.")
NO_POLICY: Final = _("There is no way of matching called {name}. Nothing was run.")
KNOWN_POLICIES: Final = _("Use one of these: {names}.")
FOREIGN_STORE: Final = _("This file belongs to another program. Nothing was changed.")
ANOTHER_STORE: Final = _("Name another file with --cache.")
DAMAGED_STORE: Final = _("The file of hashes is damaged, or was changed by hand. Nothing was scored.")
UNWRITABLE: Final = _("The results could not be written. What was kept before is still there.")
ANOTHER_PLACE: Final = _("Make room on the disk, or name another place.")
NO_RUN: Final = _("No run is kept in this file. Nothing was scored.")
RUN_FIRST: Final = _("Run it first: hashclient lab run FOLDER")
BAD_POLICY: Final = _("The way of matching {name} has no legs, or some that do not fit together. Nothing was run.")
POLICY_FORM: Final = _("Give it one leg, or several that each allow at least one bit.")
NOT_HASHED: Final = _("The store lacks some hashes of {name}. Nothing was scored.")
RUN_WITH_POLICY: Final = _("Run it again with this way of matching; what is there is not made twice.")

MALFORMED_SET: Final = _("This file is not a set of re-posts, or was changed by hand. Nothing was measured.")
BAD_RATE: Final = _("A rate lies between 0 and 1. Nothing was measured.")
RATE_FORM: Final = _("Name one such as 3e-7.")
CHOOSE_A_SET: Final = _("Choose one: hashclient lab cover FOLDER")

# The page of results.

PAGE_BEST: Final = _("Of the ways of matching for which no partner has to change, {policy} finds most.")
PAGE_FOUND: Final = _("It finds {share} % of the edited pictures (95 %: {low_to_high}), at {bits} bits or less.")
PAGE_FALSE: Final = _("It matched {matches} of {pairs} pairs of unrelated pictures ({hashes} pairs of hashes).")
PAGE_RECALL: Final = _("Found, per cent, mean over families:")
PAGE_STRICTER: Final = _("The same mean at other distances, bits:")
PAGE_NEGATIVES: Final = _("Unrelated pictures, at each one's own distance:")
PAGE_RATES: Final = _("Found at wanted rates of false matches, the distance before it:")
FOR_RESEARCH: Final = _("For public pictures, or with the consent of those they show. No edited picture is kept.")
TABLES_WRITTEN: Final = _("The tables are in the folder that you named. They hold no picture and no file name.")
SAMPLE_DRAWN: Final = _n(
    "{count} picture was drawn. It is for trying things out, not to publish from.",
    "{count} pictures were drawn. They are for trying things out, not to publish from.",
)
PROGRESS: Final = _("{done} of {planned} hashes")
COUNTED: Final = _("Hashes made: {made}. From the store: {kept}. Left out: {skipped}.")
STOPPED_IN_THE_LAB: Final = _("You stopped it. What was made is kept: run the same again and it goes on.")

# The help of its verbs.

LAB: Final = _("Measure how well fingerprints (hashes) hold against what people do to pictures. For researchers.")
LAB_RUN: Final = _("""Edit and hash the pictures of a folder, and score ways of matching. Sends nothing.

Prints one page, and writes tables (CSV) and a manifest. Hashes are kept in one file; a run that was stopped goes on where it
was, and nothing is made twice. Folders directly inside are classes of pictures that look alike; their names appear in the
tables, names of files never. For public pictures, or with the consent of those they show.""")
LAB_REPORT: Final = _(
    """Score the last run again, with other ways of matching or distances. Opens no picture, hashes nothing."""
)
LAB_SUITES: Final = _("""List the suites, or the edits of one.""")
LAB_SAMPLE: Final = _(
    """Draw pictures to try the lab on, into a new folder; a few hundred, the same for the same seed."""
)
LAB_STRANGERS: Final = _(
    """Look for false matches of coverage where they are likely. Sends nothing.

Draws pictures that look alike, plain and framed alike, and compares all fingerprints of each with those of the others. If you name a
folder of photographs, it compares these too, and with edits of each other."""
)
LAB_COVER: Final = _(
    """Choose the likely re-posts that coverage hashes, and say what they find. Sends nothing.

Edits one half of the pictures in many ways, and chooses the re-posts that find most of them, the most useful first. Then says
what the set finds of other edits of the other half: first of what people post, then of the fifteen edits that coverage was first
made for; a line for each number of fingerprints, with 95 % intervals."""
)
LAB_OPTIONS: Final = {
    "pictures": _("Folder of pictures, or a CSV file with the columns path, category and split."),
    "suite": _("Name of a suite, or its TOML file."),
    "cells": _("Which half of the suite: held, searched or all."),
    "split": _("Which pictures are edited: held, dev or all. Distances for wanted rates are chosen on dev."),
    "policy": _("Way of matching; repeat it for more: pdq, pdq+8, pdq8x, cover:N, cover:LEVEL, md5, phash-64, ..."),
    "within": _("Another distance at which recall is given, bits; repeat it for more."),
    "negatives": _("Folder of more strangers, which are never edited."),
    "quick": _("One severity of each edit."),
    "seed": _("The same number gives the same results."),
    "workers": _("Processes that do the work."),
    "cache": _("File in which hashes are kept. [default: lab.sqlite in the folder of results]"),
    "out": _("Folder of results."),
    "screen": _("Find copies by hashes, or by equal pixels alone, for pictures that are known to differ."),
    "bootstrap": _("Resamples for intervals."),
    "private": _("Replace the ids of pictures in the results by others that nobody can compare."),
    "without_negatives": _("Leave out the pictures that are never edited."),
    "new": _("New folder, or an empty one."),
    "count": _("About how many."),
    "cover_out": _("File for the set that is chosen."),
    "strangers_pictures": _("Photographs that are compared too."),
    "strangers_set": _("A set of likely re-posts; the one of this program if left out."),
    "strangers_count": _(
        "How many pictures of each kind are drawn; up to twenty times as many of kinds with few fingerprints."
    ),
    "rate": _("A rate of false matches; a row with too few pairs for it says so."),
    "cover_set": _("A set that was chosen before: it is only measured."),
}
"""The help of its options, by the name of the parameter."""
