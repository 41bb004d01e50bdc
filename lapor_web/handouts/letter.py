"""A draft of the answer to the ministry's letter, from the city's own template, the numbers filled in.

The template is `jawaban_evaluasi.docx` in the city's seed folder: another city puts its letterhead and its
words there. It may use what `words` gives, as `{{ name }}`.
"""

import datetime as dt
import io
from importlib.resources import files

from docxtpl import DocxTemplate
from sqlalchemy.orm import Session

from lapor_web import numerals
from lapor_web.handouts.cells import paper_day
from lapor_web.handouts.paper import as_of
from lapor_web.handouts.tables import offices
from lapor_web.models import Agency
from lapor_web.services.long_jobs import Refused
from lapor_web.services.periods import Period
from lapor_web.services.recap import Figures, recap
from lapor_web.services.seed import CITY
from lapor_web.services.working_days import wita_date

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEMPLATE = "jawaban_evaluasi.docx"


def as_docx(session: Session, agency: Agency, year: int, *, now: dt.datetime) -> bytes:
    period = Period.of_year(year)
    this = recap(session, agency, period, now=now)
    before = recap(session, agency, period.a_year_earlier(), now=now)
    template = DocxTemplate(io.BytesIO(template_of(CITY)))
    # Names of offices are typed by people; in a Word file they are text and no markup.
    template.render(
        {
            "pemerintah": agency.name,
            "layanan": agency.service_name,
            "tahun": year,
            "tahun_lalu": year - 1,
            "tanggal": paper_day(wita_date(now)),
            "data_per": as_of(now),
            "ini": words(this.figures),
            "lalu": words(before.figures),
            "opd": [[cell.shown for cell in row] for row in offices(this).rows],
        },
        autoescape=True,
    )
    # Of the letter, not of the day on which somebody wrote its template.
    facts = template.docx.core_properties
    facts.created = facts.modified = now
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()


def template_of(city: str) -> bytes:
    """Raises Refused where the city has none."""
    try:
        return files("lapor_web").joinpath("seed", city, TEMPLATE).read_bytes()
    except FileNotFoundError:
        raise Refused(f"Contoh surat {TEMPLATE} belum ada di folder data kota.") from None


def words(of: Figures) -> dict[str, str]:
    return {
        "diterima": numerals.whole(of.received),
        "selesai": numerals.whole(of.finished),
        "proses": numerals.whole(of.in_process),
        "belum": numerals.whole(of.not_acted_on),
        "penyelesaian": numerals.percent(of.finished_percent),
        "laju": numerals.tenth(of.pace.mean),
        "laju_median": numerals.tenth(of.pace.median),
        "laju_dari": numerals.whole(of.pace.n),
        "tindak_lanjut": numerals.percent(of.acted_on_percent),
        "tepat_waktu": numerals.percent(of.on_time_percent),
        "salah_disposisi": numerals.percent(of.quality.returned_percent),
        "dibuka_kembali": numerals.percent(of.quality.reopened_percent),
        "dengan_bukti": numerals.percent(of.quality.evidence_percent),
        "masuk": numerals.whole(of.entered),
        "belum_terverifikasi": numerals.whole(of.outside.unverified),
        "ditunda": numerals.whole(of.outside.on_hold),
        "diarsipkan": numerals.whole(of.outside.archived),
        "bukan_kewenangan": numerals.whole(of.outside.outside_authority),
        "digabung": numerals.whole(of.outside.merged),
    }
