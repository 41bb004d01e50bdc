"""What whoever came second is told (409): who was faster, when, with what, and where one's text is."""

from lapor_web.dates import clock_time
from lapor_web.inbox.told import overtaken_by, who_did
from lapor_web.models import Action, HistoryEntry

UNSENT = "Jawaban Anda belum terkirim."
UNSAVED = "Pilihan Anda belum disimpan."


def conflict_of(by: HistoryEntry, tried: Action) -> str:
    """`by` is what was done meanwhile, `tried` what was wanted."""
    if tried is not Action.FOLLOW_UP:
        return f"{overtaken_by(by)} {UNSAVED}"
    if by.action is Action.FOLLOW_UP:
        return f"{who_did(by)} sudah menjawab warga ini pukul {clock_time(by.at)}. {UNSENT}"
    return f"{overtaken_by(by)} {UNSENT}"


def moved_with(parent: str) -> str:
    """The report was merged, and the answer to it now stands at the one it went into."""
    return (
        f"Laporan ini baru saja digabung ke {parent}. "
        "Jawaban Anda dipindah ke sana, belum terkirim."
    )
