"""A table among pasted lines, whatever parts its cells: a mark, two spaces, or, as paper gives it, one."""

import re
from collections.abc import Callable, Iterable, Sequence

from lapor_web.services.printed_labels import LABEL, columns_known, plain
from lapor_web.services.sp4n_file import csv_records

TITLES = 20
"""Lines that may stand above a table: what it is called, of which year, by whom."""
LONGEST_HEADER = 2_000
"""Letters."""
MARKS = ("\t", ";", ",")
RULE = re.compile(r"[\s|:+=-]*")
"""A line that only draws one."""
NUMBER = re.compile(r"\d[\d.,]*%?|[-–]")
"""A cell of paper, without the space that some put before their %."""

Split = Callable[[str], list[str]]


def table_in(lines: Sequence[str]) -> list[Sequence[str]] | None:
    """From its header on; None where no line names two columns."""
    for at, line in enumerate(lines[:TITLES]):
        if len(line) > LONGEST_HEADER or re.search(r"\d", line):
            continue
        mark = max(MARKS, key=lambda mark: columns_known(line.split(mark)))
        if columns_known(line.split(mark)) >= 2:
            return [cells for _, cells in csv_records("\n".join(lines[at:]), mark)]
        for split in (_by_bars, _by_spaces):
            if columns_known(split(line)) >= 2:
                return [split(one) for one in lines[at:] if not RULE.fullmatch(one)]
        if columns := _words_in_a_row(line):
            return [("", *columns), *_rows_of_words(lines[at + 1 :], len(columns))]
    return None


def _by_bars(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _by_spaces(line: str) -> list[str]:
    return re.split(r"\s{2,}", line.strip())


def _words_in_a_row(line: str) -> list[str]:
    """The columns of a header that one space parts. What follows a word that no label names is left alone,
    for nobody could tell which numbers are its own."""
    words, columns, end = plain(line), list[str](), None
    for found in LABEL.finditer(words):
        if end is not None and words[end : found.start()].strip():
            break
        columns.append(found[0])
        end = found.end()
    return columns if columns_known(columns) >= 3 else []


def _rows_of_words(lines: Iterable[str], columns: int) -> Iterable[Sequence[str]]:
    """A name, then at least as many numbers as there are columns."""
    for line in lines:
        words = line.replace(" %", "%").split()
        at = len(words)
        while at and NUMBER.fullmatch(words[at - 1]):
            at -= 1
        numbers = words[at:]
        if len(numbers) >= columns:
            yield (" ".join(words[:at]), *numbers[:columns])
