"""Hold the eight safety actions: offered after every outcome, never a condition of going on."""

from typing import Final

from hashclient.messages import Message, _, _p, joined

ACTIONS_TITLE: Final = _("What you can do besides")
WRITE_DOWN: Final = _("Write down the page address, the account name, the date and the time. Save the messages.")
BEFORE_REMOVAL: Final = _(
    "If you may go to the police, do this before you ask for removal: removal can remove evidence too."
)
POLICE_CAUTION: Final = _(
    "In some countries telling the police can be risky for you. Talk to a helpline or a lawyer first."
)
"""Stands beside the police wherever they are named; the screen `police` has the long form."""
ACTIONS: Final[tuple[Message, ...]] = (
    joined(WRITE_DOWN, BEFORE_REMOVAL),
    _("You do not have to answer, comment or bargain with the person doing this."),
    _("Don't pay, and don't send more images."),
    joined(_("You can tell the police."), POLICE_CAUTION),
    _("A lawyer or advice service can explain your choices, and may sign notices for you."),
    _("Use a separate e-mail for reports, without your name in it. Check what your profiles show: work, school, home."),
    _("Change passwords, switch on two-step sign-in, check privacy settings and signed-in devices."),
    _("If you can, tell one person you trust. You should not have to do this alone."),
)
"""For adults, in their order."""
ACTIONS_UNDER_18: Final[tuple[Message, ...]] = (
    _p(
        "hand_off",
        "Keep addresses and messages only. Do not copy, screenshot, download or send the image, even as proof. "
        "Do not post it yourself; your account may be flagged.",
    ),
    *ACTIONS[1:],
)
"""The same where someone was, or may have been, under 18."""
