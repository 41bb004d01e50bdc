"""How large a wall has to write: `?inci=65&jarak=8`, the screen's diagonal and the farthest seat.

A digit is read where it is at least as high as the distance divided by 200 (17 minutes of arc;
DISCAS for basic decision making). The height of the screen is fixed, so larger digits mean fewer
rows: the stylesheet has a class for each number of rows, for no style may stand in a page.
"""

import math
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

HEIGHT_OF_DIAGONAL = 9 / math.hypot(16, 9)
"""Of a screen of 16:9."""
MILLIMETRES_OF_AN_INCH = 25.4
DISTANCE_TO_DIGIT = 200
DIGIT_OF_TYPE = 0.711
"""How much of the type size a digit is high, in Roboto."""

ROWS = (6, 5, 4)
TYPE_OF_ROWS = {rows: 3.8 * 6 / rows / 54 for rows in ROWS}
"""Type size of a table's digits, as a part of the screen's height; as `.rows-6 td` has it."""

USUAL_INCHES, USUAL_METRES = 65.0, 8.0
MOST_INCHES, FEWEST_INCHES = 300.0, 19.0
MOST_METRES, FEWEST_METRES = 30.0, 1.0


@dataclass(frozen=True, slots=True)
class Size:
    inches: float
    metres: float

    @classmethod
    def of(cls, arguments: MultiDict[str, str]) -> "Size":
        """What is no number, or beyond any hall, stands for the usual or the nearest."""
        return cls(
            number(arguments.get("inci"), USUAL_INCHES, FEWEST_INCHES, MOST_INCHES),
            number(arguments.get("jarak"), USUAL_METRES, FEWEST_METRES, MOST_METRES),
        )

    @property
    def needed(self) -> float:
        """Type size of digits, as a part of the screen's height, to be read from the last seat."""
        height = self.inches * MILLIMETRES_OF_AN_INCH * HEIGHT_OF_DIAGONAL
        return self.metres * 1000 / DISTANCE_TO_DIGIT / DIGIT_OF_TYPE / height

    @property
    def rows(self) -> int:
        """As many as can be read, and the fewest there are where none can."""
        return next((rows for rows in ROWS if TYPE_OF_ROWS[rows] >= self.needed), ROWS[-1])

    @property
    def too_far_by(self) -> int | None:
        """The inches that a screen would need for the last seat, where this one is too small."""
        largest = TYPE_OF_ROWS[ROWS[-1]]
        if self.needed <= largest:
            return None
        return math.ceil(self.inches * self.needed / largest)


def larger(rows: int, steps: int) -> int:
    """How many rows there are where they are written larger by so many steps."""
    return ROWS[min(ROWS.index(rows) + steps, len(ROWS) - 1)]


def number(text: str | None, usual: float, least: float, most: float) -> float:
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        return usual
    return min(max(value, least), most) if math.isfinite(value) else usual
