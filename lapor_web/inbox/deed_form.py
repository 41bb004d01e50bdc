"""The form of a deed: what is asked for it, and the deed that the answers make.

Only the fields of a form are read, whatever else is sent (S-09). What a field cannot know, such as
whether an office may have the report, the deed itself refuses, and that error comes back to the
field of the same name.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from wtforms import Field, Form, HiddenField, StringField

from lapor_web.inbox.choices import Offered
from lapor_web.inbox.fields import lines
from lapor_web.inbox.preview import Preview
from lapor_web.models import CannedText, Report
from lapor_web.services.deeds import Deed

READY = "ready"
"""The name of the buttons that answer a question and send the form at once."""


class DeedForm(Form):
    """A form in the pane. Several stand there at once, so ids carry the name of the form."""

    order: ClassVar[tuple[str, ...]] = ()
    """Of the questions, where it is not that of their definition."""
    aside: ClassVar[tuple[str, ...]] = ()
    """Questions that are seldom answered, folded away under `aside_words`."""
    aside_words: ClassVar[str] = ""
    has_files: ClassVar[bool] = False
    words_field: ClassVar[str] = ""
    """Of what the reporter reads, where a message tells it at once: it can be looked at before."""
    takes_canned: ClassVar[bool] = False
    has_long_lists: ClassVar[bool] = False
    """All offices, all subjects: drawn only when it is asked for, by an address of its own."""
    seldom_wanted: ClassVar[bool] = False
    """And different for each report: in a fragment drawn when it is asked for. A page may be read
    without a script, where to follow a link would lose what is half written beside it."""
    same_for_all: ClassVar[bool] = False
    """As long as nobody touched it, it looks the same for each report and officer: it offers nothing
    of theirs. Such a one is drawn once (`inbox.untouched`)."""

    def __init__(self, formdata: Any, *, offered: Offered, name: str):
        super().__init__(formdata, data=self.usual(offered.report))
        self.is_sent = formdata is not None
        self.ready: list[tuple[str, str]] = []
        """Usual answers, value and words: a button each, the first nine with a key. A phone shows four:
        the rest stand in a list of the form, too."""
        self.waits_for_one_key = False
        """All else is filled in: the row of usual answers has the focus, so one key sends the form."""
        self.expects_first = False
        """Of the usual answers the first is surely meant: it has the focus itself, for Enter."""
        self.ready_chosen: str = formdata.get(READY, "") if formdata else ""
        self.hints: dict[str, str] = {}
        """Grey words below a question, by its name."""
        self.canned: list[CannedText] | None = None
        """To choose from, once they were asked for."""
        self.was_put_in = False
        """Whether one of them was just put into the words."""
        self.preview: Preview | None = None
        self.offered = offered
        for field in self:
            field.id = f"{name}-{field.name}"
        self.offer(offered)

    @classmethod
    def usual(cls, report: Report) -> dict[str, Any]:
        """What stands in its fields before anybody typed."""
        return {}

    def offer(self, offered: Offered) -> None:
        """Fill the lists."""

    def show_again(self, offered: Offered) -> None:
        """It is drawn once more, with what was typed: what helped to fill it in is there again."""

    @property
    def is_previewed(self) -> bool:
        return bool(self.words_field)

    def deed(self) -> Deed:
        raise NotImplementedError

    def questions(self) -> list[Field]:
        """The fields that are seen, in order."""
        seen = [field for field in self if not isinstance(field, HiddenField)]
        place = {name: at for at, name in enumerate(self.order)}
        return sorted(seen, key=lambda field: place.get(field.name, len(place)))

    def aside_open(self) -> bool:
        return any(self[name].errors for name in self.aside)

    def refuse(self, field: str, sentence: str) -> None:
        """Puts why a deed was refused beside the field it is about."""
        if field in self:
            self[field].errors = [*self[field].errors, sentence]
        else:
            self.form_errors.append(sentence)

    def typed(self) -> list[tuple[str, str]]:
        """Label and text of every answer in words, which a conflict must not lose."""
        return [
            (field.label.text, field.data)
            for field in self
            if isinstance(field, StringField) and field.data
        ]


class ReasonForm(DeedForm):
    """One reason, which the reporter reads, and a deed made of it."""

    make: ClassVar[Callable[..., Deed]]

    reason = lines("Alasan, dibaca pelapor", "Tulis alasannya")

    def deed(self) -> Deed:
        return self.make(reason=self.reason.data)


class InternalReasonForm(ReasonForm):
    usual_reasons: ClassVar[tuple[str, ...]] = ()
    """A button each."""

    reason = lines("Alasan, hanya dibaca petugas", "Tulis alasannya")

    def offer(self, offered: Offered) -> None:
        self.ready = [(words, words) for words in self.usual_reasons]
        if self.ready_chosen in self.usual_reasons:
            # What was typed besides is meant too.
            self.reason.data = "\n".join(filter(None, (self.ready_chosen, self.reason.data)))
