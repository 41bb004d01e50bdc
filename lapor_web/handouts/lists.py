"""The tables of reports and promises that a handout has beside its figures."""

from collections.abc import Iterable

from lapor_web.handouts.cells import Cell, Table, day, text, whole
from lapor_web.labels import STATUS
from lapor_web.services.commitments import Kept, Standing
from lapor_web.services.handout_reports import Listed, ListedReport

CONFIDENTIAL, UNTITLED = "Laporan rahasia", "Belum diberi judul"

KEPT = {
    Kept.OPEN: "belum jatuh tempo",
    Kept.KEPT: "ditepati",
    Kept.LATE: "selesai, lewat",
    Kept.BROKEN: "tidak ditepati",
    Kept.VOID: "tidak berlaku lagi",
}

REPORT_HEAD = (
    "Nomor",
    "Laporan",
    "Perangkat daerah",
    "Wilayah",
    "Status",
    "Diterima",
    "Disposisi",
    "Tenggat",
    "Lewat, hari kerja",
)
COMMITMENT_HEAD = (
    "Nomor",
    "Laporan",
    "Perangkat daerah",
    "Penanggung jawab",
    "Selesai paling lambat",
    "Keadaan",
    "Selesai pada",
)


def waiting(listed: Listed) -> Table:
    rows = [_report(one) for one in listed.reports]
    return Table("Belum ditindaklanjuti", REPORT_HEAD, rows, note=what_is_missing(listed))


def late(listed: Listed) -> Table:
    rows = [_report(one) for one in listed.reports]
    return Table("Lewat tenggat", REPORT_HEAD, rows, note=what_is_missing(listed))


def _report(one: ListedReport) -> tuple[Cell, ...]:
    return (
        text(one.number),
        text(CONFIDENTIAL if one.confidential else one.title or UNTITLED),
        text(one.office),
        text(one.area),
        text(STATUS[one.status]),
        day(one.received_on),
        day(one.disposed_on),
        day(one.due_on),
        whole(one.days_late),
    )


def promises(standings: Iterable[Standing]) -> Table:
    """Those about conduct are left out by whoever asks."""
    rows = [(*_promise(one), day(one.commitment.meeting.held_on)) for one in standings]
    return Table("Komitmen", (*COMMITMENT_HEAD, "Rapat"), rows)


def promises_of_one_meeting(standings: Iterable[Standing]) -> Table:
    """Its day stands above them."""
    return Table("Komitmen", COMMITMENT_HEAD, [_promise(one) for one in standings])


def _promise(one: Standing) -> tuple[Cell, ...]:
    return (
        text(one.report.number),
        text(CONFIDENTIAL if one.report.confidential else one.report.title or UNTITLED),
        text(one.commitment.opd.short_name),
        text(one.commitment.responsible),
        day(one.commitment.due_on),
        text(KEPT[one.kept]),
        day(one.done_on),
    )


def what_is_missing(listed: Listed) -> str:
    return f"{listed.missing} laporan tidak ditampilkan." if listed.missing else ""
