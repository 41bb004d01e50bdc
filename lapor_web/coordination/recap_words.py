"""In words what was found in a printed recap."""

from collections.abc import Sequence

from lapor_web.numerals import decimal, percent, whole
from lapor_web.services.printed_labels import Part
from lapor_web.services.printed_recaps import Share
from lapor_web.services.recap_check import IN_LETTER, Finding, Ratio, Rule, Verdict

PART = {
    Part.RECEIVED: "diterima",
    Part.FINISHED: "selesai",
    Part.IN_PROCESS: "proses",
    Part.NOT_ACTED_ON: "belum ditindaklanjuti",
    Part.ON_HOLD: "ditunda",
    Part.ARCHIVED: "diarsipkan",
    Part.UNVERIFIED: "belum terverifikasi",
    Part.BEING_VERIFIED: "diverifikasi",
    Part.OUTSIDE: "bukan kewenangan",
    Part.MERGED: "digabung",
    Part.DISPOSED: "terdisposisi",
    Part.ACTED_ON: "ditindaklanjuti",
}
VERDICT = {
    Verdict.FITS: "Cocok",
    Verdict.OTHER_USAGE: "Hitungan lain",
    Verdict.WRONG: "Tidak cocok",
    Verdict.OPEN: "Kurang rincian",
}


def sentence(finding: Finding) -> str:
    match finding.rule:
        case Rule.SUM:
            return _sum(finding)
        case Rule.MISSING:
            return _missing(finding)
        case Rule.ACTED_ON:
            return _acted_on(finding)
        case Rule.COLUMN:
            return _column(finding)
        case Rule.SHARE:
            return _share(finding)


def _sum(one: Finding) -> str:
    printed, counted = whole(one.printed or 0), whole(one.counted or 0)
    match one.verdict:
        case Verdict.FITS:
            return f"Diterima {printed} = {_and(IN_LETTER)}."
        case Verdict.OTHER_USAGE:
            return (
                f"Diterima {printed} ikut menghitung yang {_and(one.parts, ' dan ')}. "
                f"Menurut surat Kemendagri diterima adalah {counted}."
            )
        case _:
            rest = f" ditambah yang {_and(one.parts, ' dan ')}" if one.parts else ""
            return (
                f"Selesai + proses + belum ditindaklanjuti{rest} berjumlah {counted}, tertulis "
                f"{printed}; selisih {whole(one.difference)}."
            )


def _missing(one: Finding) -> str:
    if one.verdict is Verdict.WRONG:
        return (
            f"Rinciannya saja sudah {whole(one.counted or 0)}, lebih besar daripada diterima "
            f"{whole(one.printed or 0)}."
        )
    if len(one.parts) == 1:
        return (
            f"Tidak tertulis: {_and(one.parts)}. Menurut surat Kemendagri angkanya "
            f"{whole(one.difference)}, sisa dari diterima."
        )
    return f"Tidak tertulis: {_and(one.parts, ', ')}. Jumlahnya tidak dapat diperiksa."


def _acted_on(one: Finding) -> str:
    said, counted = whole(one.printed or 0), whole(one.counted or 0)
    if one.verdict is Verdict.FITS:
        return f"Ditindaklanjuti {said} = selesai + proses."
    return f"Selesai + proses = {counted}, tertulis ditindaklanjuti {said}."


def _column(one: Finding) -> str:
    said, counted = whole(one.printed or 0), whole(one.counted or 0)
    name = _and(one.parts)
    if one.verdict is Verdict.FITS:
        return f"Kolom {name} berjumlah {said}, sama dengan baris jumlah."
    return (
        f"Kolom {name} berjumlah {counted}, tertulis {said} di baris jumlah; "
        f"selisih {whole(one.difference)}."
    )


def _share(one: Finding) -> str:
    assert one.share is not None  # noqa: S101  the rule is about one
    said = f"{decimal(one.share.value, one.share.places) if one.share.places else one.share.value}%"
    if one.ratio is None:
        return f"{said}: angka di baliknya tidak tertulis, jadi tidak dapat diperiksa."
    counted = f"{_ratio(one.ratio)} = {percent(one.ratio.value)}"
    match one.verdict:
        case Verdict.FITS:
            return f"{said} = {counted}."
        case Verdict.OTHER_USAGE:
            return f"{said} memakai hitungan lain: {counted}. {_by_the_letter(one.share)}"
        case _:
            return f"Tertulis {said}, seharusnya {counted}."


def _ratio(ratio: Ratio) -> str:
    of = "yang disebut di sampingnya" if not ratio.of else _bracketed(ratio.of)
    if set(ratio.of) == set(IN_LETTER):
        of = "diterima"
    elif ratio.of == (Part.RECEIVED,):
        of = "diterima seperti tertulis"
    return f"{_bracketed(ratio.part)} ÷ {of} = {whole(ratio.above)} ÷ {whole(ratio.below)}"


def _by_the_letter(share: Share) -> str:
    part = PART[share.part or Part.FINISHED]
    return f"Surat Kemendagri menghitung {part} ÷ (selesai + proses + belum ditindaklanjuti)."


def _bracketed(parts: Sequence[Part]) -> str:
    return _and(parts) if len(parts) == 1 else f"({_and(parts)})"


def _and(parts: Sequence[Part], between: str = " + ") -> str:
    return between.join(PART[part] for part in parts)
