"""Markup as PDF, by WeasyPrint with our own stylesheet; it fetches nothing, from nowhere."""

import contextlib
import functools
import gc
import logging
from collections.abc import Iterator
from typing import Any

from lapor_web.resources import resource
from lapor_web.services.long_jobs import Refused

logger = logging.getLogger(__name__)

PDF_TYPE = "application/pdf"
MISSING = (
    "PDF belum dapat dibuat di server ini: Pango belum terpasang. Minta pengelola server memasang"
    " paket Debian libpangoft2-1.0-0 dan libharfbuzz-subset0, lalu minta berkas ini sekali lagi."
    " Sementara itu buka halaman cetak, atau unduh Excel."
)

# What only paper with a foot knows; everything else is in the stylesheet. "Data per …" stands in the
# page's head (`.as-of`), unseen here, so that the foot of each page can say it.
_FOOT = """
@page {
  margin: 10mm 14mm 15mm;
  @bottom-left { content: string(as-of) " · halaman " counter(page) " dari " counter(pages);
                 font: 8pt Roboto, "Noto Sans", sans-serif; color: #333 }
  @bottom-right { content: none }
}
/* Neither alone on a page: what explains a table, and who signs. */
.scroll + .small, .signatures { break-before: avoid }
.as-of { string-set: as-of content(); font-size: 0; line-height: 0; margin: 0; color: #fff }
"""


def is_possible() -> bool:
    """Whether this machine has what WeasyPrint needs."""
    try:
        _weasyprint()
    except OSError:
        return False
    return True


def as_pdf(markup: str, *, portrait: bool = False) -> bytes:
    """Raises Refused, with what to install, where the machine lacks Pango."""
    try:
        weasyprint = _weasyprint()
    except OSError:
        logger.error("no PDF: Pango is missing (Debian: libpangoft2-1.0-0, libharfbuzz-subset0)")
        raise Refused(MISSING) from None
    # Pictures come inside the markup; a reporter's words lead nowhere.
    inside_only = weasyprint.URLFetcher(allowed_protocols=("data",))
    page = weasyprint.HTML(string=markup, url_fetcher=inside_only, base_url="about:blank")
    with _collecting_later():
        content: bytes = page.write_pdf(stylesheets=_stylesheets(portrait))
    return content


@contextlib.contextmanager
def _collecting_later() -> Iterator[None]:
    """A page of two thousand cells is a million objects that all live until it is drawn: to look among
    them for garbage took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _weasyprint() -> Any:
    """Imported where it is needed: it takes a while, and most processes never draw a page."""
    import weasyprint

    # One sheet serves screens too: what paper cannot do is no news. And its errors quote markup.
    for talker in ("weasyprint", "weasyprint.progress", "fontTools"):
        logging.getLogger(talker).setLevel(logging.CRITICAL)
    return weasyprint


@functools.cache
def _stylesheets(portrait: bool) -> list[Any]:
    weasyprint = _weasyprint()
    ours = resource("static").joinpath("lapor.css").read_text(encoding="utf-8")
    size = "@page { size: A4 portrait }" if portrait else ""
    return [weasyprint.CSS(string=css, media_type="print") for css in (ours, _FOOT + size)]
