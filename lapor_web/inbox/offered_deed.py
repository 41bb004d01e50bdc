"""A deed as a pane offers it, for the macros of `_deeds.html`."""

from dataclasses import dataclass
from typing import ClassVar

from lapor_web.inbox.deed_form import DeedForm
from lapor_web.inbox.registry import Verb


@dataclass(frozen=True, slots=True)
class OfferedDeed:
    is_untouched: ClassVar[bool] = False

    verb: Verb
    form: DeedForm | None
    """None until its address asks for it; see `DeedForm.has_long_lists` and `seldom_wanted`."""
    open: bool = False
    again: bool = False
    """Somebody was faster; sent once more it counts, for it now bears the newest version."""
    adds: bool = False
    """What they did was to answer: one's own answer comes on top of theirs."""
