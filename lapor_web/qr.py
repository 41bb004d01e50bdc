"""Pictures of square dots that a telephone reads."""

import segno


def picture_of(text: str) -> str:
    """The value of an `img`'s src. Dark on white whatever the theme: not every camera reads others."""
    made = segno.make(text, error="m", micro=False)
    return made.svg_data_uri(scale=4, border=4, light="#fff", dark="#000")
