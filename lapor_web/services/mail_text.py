"""What a person wrote in a mail: HTML made text, and without what they quoted or sign with."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {
        "p",
        "div",
        "br",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "table",
        "hr",
        "blockquote",
    }
)
_UNREAD = frozenset({"style", "script", "head", "title"})

_BEGINS_QUOTE = re.compile(
    r"""
    ^(?:
        >                                                   # a quoted line
      | On\ .{5,200}\ wrote:\s*$
      | Pada\ .{5,200}\ (?:menulis|wrote):\s*$              # Gmail and Thunderbird, Indonesian
      | (?:menulis|wrote):\s*$                              # what such a line is broken into
      | \S.{0,150}\ (?:menulis|wrote):\s*$                  # "Nama <a@b.id> menulis:"
      | -{2,}\s*(?:Original\ Message|Pesan\ (?:Asli|yang\ diteruskan)|Forwarded\ message)
      | (?:From|Dari):\ .+$                                 # Outlook, if more of it follows
      | _{10,}\s*$
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HEADER_OF_QUOTE = re.compile(
    r"^(?:Sent|Date|To|Subject|Dikirim|Tanggal|Kepada|Perihal|Subjek):", re.I
)
_SIGNATURE = re.compile(
    r"^(?:-- ?|(?:Dikirim dari|Sent from|Terkirim dari|Get Outlook|Dapatkan Outlook)\b.{0,60})$",
    re.I,
)


def said_in(text: str) -> str:
    """Up to the first quoted or signing line. A quote that stands first is stepped over, for some
    people answer below it; where nothing is left, the whole text: better too much than nothing."""
    lines = text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")
    kept: list[str] = []
    for at, line in enumerate(lines):
        if _SIGNATURE.match(line.rstrip()):
            break
        if begins_quote(lines, at):
            if any(one.strip() for one in kept):
                break
            continue
        kept.append(line)
    return "\n".join(kept).strip() or text.strip()


def begins_quote(lines: list[str], at: int) -> bool:
    line = lines[at].strip()
    # Gmail breaks the line "Pada … menulis:" where it is long.
    joined = f"{line} {lines[at + 1].strip()}" if at + 1 < len(lines) else line
    if re.match(r"(?:From|Dari): ", line, re.I):
        return any(_HEADER_OF_QUOTE.match(one.strip()) for one in lines[at + 1 : at + 4])
    if _BEGINS_QUOTE.match(line):
        return True
    return bool(re.match(r"(?:On|Pada) ", line)) and bool(_BEGINS_QUOTE.match(joined))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.unread = self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.lines.append("")
        self.quoted += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self.unread = max(0, self.unread - 1)
        if tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)
        if tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            mark = "> " if self.quoted and not self.lines[-1] and data.strip() else ""
            self.lines[-1] += mark + re.sub(r"\s+", " ", data)


def text_of_html(html: str) -> str:
    """Its words in their lines; what it quotes is marked as mails in plain text mark it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "\n".join(line.strip() for line in reader.lines)
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
