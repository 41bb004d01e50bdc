"""What people type, made safe to keep: one form of each letter, and nothing that is no text."""

import re
import unicodedata

# Controls (tab and line ends stay), lone surrogates, and the marks that turn the direction of
# what follows, by which a text can be made to read as another (S-06).
_NO_TEXT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)


def clean(text: str | None) -> str:
    """NFC, `\\n` for every line end, ends trimmed; empty for None."""
    if text is None:
        return ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _NO_TEXT.sub("", lines)).strip()


def clean_line(text: str | None) -> str:
    """As `clean`, on one line, with single spaces."""
    return " ".join(clean(text).split())
