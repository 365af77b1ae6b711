"""Hold the sentences of the lab: what was wrong with a suite or a run, and what its first lines say."""

from typing import Final

from hashclient.messages import _

# What is wrong with a transform or a suite.

BAD_NAME: Final = _("The name {name} is taken or has other signs than small letters and a dot. Nothing was run.")
CHOOSE_ANOTHER_NAME: Final = _("Choose a name such as mine.darker.")
NO_TRANSFORM: Final = _("There is no edit {text}. Nothing was run.")
OTHER_PARAMETERS: Final = _("The edit {text} has other parameters than these: {wanted}. Nothing was run.")
OUT_OF_RANGE: Final = _("In the edit {text} a value is out of its range. Nothing was run.")
SEE_SUITES: Final = _("See what there is: hashclient lab suites")
NO_SUITE: Final = _("There is no suite {name}. Nothing was run.")
MALFORMED_SUITE: Final = _("This file is not a suite. Nothing was run.")
CELL_TWICE: Final = _(
    "Leakage: the edit {cell} is in the suite twice, so a search would see what is held. Nothing was run."
)
LEAVE_ONE_OUT: Final = _("Leave one of the two out.")
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
NOT_EMPTY: Final = _("This folder is not empty. Nothing was drawn.")
CHOOSE_EMPTY: Final = _("Name a new folder.")
