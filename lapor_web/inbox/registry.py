"""Every deed of an officer as one row: its address, its button, its key, its form.

The transition table says who may do it and when; this one says how it is asked for. Addresses,
buttons and forms all come from here, so that none of them can be forgotten or left over.
"""

from dataclasses import dataclass

from lapor_web.inbox import office_forms, queue_forms
from lapor_web.inbox.deed_form import DeedForm
from lapor_web.models import TRANSITIONS, Action, HistoryEntry, Opd, Role


@dataclass(frozen=True, slots=True)
class Verb:
    slug: str
    """Its word in the address: /kotak-masuk/<number>/<slug>."""
    action: Action
    words: str
    """On its button."""
    done: str
    """Behind the number, when it is done: "SMR-260429-4 dialihkan ke Dishub"."""
    form: type[DeedForm]
    key: str = ""
    main: bool = False
    """What one most likely came for: a filled button."""
    stays: bool = False
    """After it the same report is read on; after the others the next one of the view."""

    @property
    def name(self) -> str:
        """One for each form of a pane; where two share an address, they differ by role."""
        return self.action.value.replace("_", "-")


A = Action
TAKE_BACK = "urungkan"
VERBS: tuple[Verb, ...] = (
    Verb(
        "verifikasi",
        A.VERIFY,
        "Verifikasi dan teruskan",
        "diteruskan",
        queue_forms.VerifyForm,
        "v",
        main=True,
    ),
    Verb(
        "setujui",
        A.APPROVE,
        "Setujui selesai",
        "disetujui selesai",
        office_forms.ApproveForm,
        "v",
        main=True,
    ),
    Verb("alihkan", A.REASSIGN, "Alihkan", "dialihkan", queue_forms.ReassignForm, "a"),
    Verb(
        "kembalikan",
        A.RETURN,
        "Kembalikan",
        "dikembalikan ke koordinator",
        office_forms.ReturnForm,
        "a",
    ),
    Verb("tolak", A.REJECT, "Tolak", "dikembalikan ke petugas", office_forms.RejectForm, "a"),
    Verb("tunda", A.HOLD, "Tunda", "ditunda", queue_forms.HoldForm, "t"),
    Verb("lengkapi", A.COMPLETE, "Sudah lengkap", "dilanjutkan", queue_forms.CompleteForm, "t"),
    Verb(
        "minta-waktu",
        A.ASK_TIME,
        "Minta waktu",
        "minta tambahan waktu",
        office_forms.AskTimeForm,
        "t",
    ),
    Verb(
        "minta-waktu",
        A.GRANT_TIME,
        "Tambahan waktu",
        "diputuskan waktunya",
        office_forms.GrantTimeForm,
        "t",
        main=True,
    ),
    Verb("tindak-lanjut", A.FOLLOW_UP, "Kirim jawaban", "dijawab", office_forms.FollowUpForm, "b"),
    Verb("tugaskan", A.ASSIGN, "Tugaskan", "ditugaskan", office_forms.AssignForm, "d"),
    Verb(
        "ajukan-selesai",
        A.PROPOSE,
        "Ajukan selesai",
        "diajukan selesai",
        office_forms.ProposeForm,
        "s",
    ),
    Verb(
        "janji",
        A.PROMISE,
        "Target selesai",
        "diberi target selesai",
        office_forms.PromiseForm,
        "p",
        stays=True,
    ),
    Verb(
        "bukan-wewenang",
        A.OUTSIDE_AUTHORITY,
        "Bukan wewenang",
        "dinyatakan bukan wewenang",
        queue_forms.OutsideForm,
        "w",
    ),
    Verb("arsipkan", A.ARCHIVE, "Arsipkan", "diarsipkan", queue_forms.ArchiveForm, "e"),
    Verb(
        "batal-arsip",
        A.UNARCHIVE,
        "Batalkan arsip",
        "batal diarsipkan",
        queue_forms.UnarchiveForm,
        "e",
    ),
    Verb("gabungkan", A.MERGE, "Gabungkan", "digabung", queue_forms.MergeForm, "m"),
    Verb(
        "batal-gabung",
        A.UNMERGE,
        "Batalkan gabungan",
        "batal digabung",
        queue_forms.UnmergeForm,
        "m",
    ),
    Verb("pisahkan", A.SPLIT, "Pisahkan", "dipisah", queue_forms.SplitForm, "h", stays=True),
    Verb("buka-kembali", A.REOPEN, "Buka kembali", "dibuka kembali", queue_forms.ReopenForm, "r"),
    Verb("ubah", A.EDIT, "Ubah", "diubah", queue_forms.EditForm, "u", stays=True),
    Verb("catatan", A.NOTE, "Catatan", "diberi catatan", office_forms.NoteForm, "c", stays=True),
    Verb(
        "buka-identitas",
        A.REVEAL_IDENTITY,
        "Buka identitas",
        "dibuka identitasnya",
        office_forms.RevealForm,
        "i",
        stays=True,
    ),
    Verb(TAKE_BACK, A.UNDO, "Urungkan", "diurungkan", office_forms.UndoForm, "z", stays=True),
)

_BY_ACTION = {verb.action: verb for verb in VERBS}
SLUGS = frozenset(verb.slug for verb in VERBS)
_DOERS = {
    action: frozenset().union(*(row.doers for row in TRANSITIONS if row.action is action))
    for action in {verb.action for verb in VERBS}
}


def find_verb(slug: str, role: Role) -> Verb | None:
    """What the address means for this role; None where the role never does that."""
    return next((verb for verb in VERBS if verb.slug == slug and role in _DOERS[verb.action]), None)


DONE_BY_THE_CLOCK = frozenset({A.FINISH, A.EXPIRE, A.ESCALATE})
"""What no officer does, and a coordinator takes back where the history tells of it."""
DONE_IN_A_MEETING = {A.COMMIT: "dijanjikan selesai"}
"""Recorded from the phone that leads it (`coordination.rakor_remote`), not from a pane."""
DONE_WITH_MESSAGES = {A.SETTLE_MESSAGE: "diurus pesannya"}
"""On the screen of parked messages (`inbox.parked`)."""
DONE_IN_SETTINGS = frozenset({A.TRANSFER})
"""With all reports of an office that is merged (`coordination.configuration`), and never taken back."""


def can_take_back(entry: HistoryEntry, role: Role) -> bool:
    """Whether the role ever takes back such a deed; when, `services.undo` says."""
    known = entry.action in {*_BY_ACTION, *DONE_IN_A_MEETING, *DONE_BY_THE_CLOCK}
    return find_verb(TAKE_BACK, role) is not None and known


def in_short(entry: HistoryEntry, holder: Opd | None) -> str:
    """What was done, for the strip that takes it back; the history says it at length."""
    done = DONE_IN_A_MEETING.get(entry.action) or _BY_ACTION[entry.action].done
    names_office = entry.action in {A.VERIFY, A.REASSIGN} and holder is not None
    return f"{done} ke {holder.short_name}" if names_office and holder else done
