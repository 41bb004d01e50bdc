"""LAPOR_TILES: where a map's pictures come from, and whom to thank for them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

HOW = (
    "Isi LAPOR_TILES dengan alamat https berisi {z}, {x}, {y}, lalu | dan sumbernya, misalnya "
    "https://peta.contoh.id/{z}/{x}/{y}.png|© Penyumbang OpenStreetMap"
)


class UnusableTiles(ValueError):
    """The text says what to do."""


@dataclass(frozen=True, slots=True)
class Tiles:
    template: str
    attribution: str
    origin: str
    """For the content security policy: pictures may come from there, nothing else."""


def read_tiles(text: str) -> Tiles | None:
    """None where nothing is set. Raises UnusableTiles."""
    if not text:
        return None
    template, _, attribution = text.partition("|")
    address = urlsplit(template.strip())
    whole = all(part in address.path for part in ("{z}", "{x}", "{y}"))
    plain = address.netloc and not set(address.netloc) & set("{}@;, '\"")
    if address.scheme != "https" or not whole or not plain or not attribution.strip():
        raise UnusableTiles(HOW)
    return Tiles(template.strip(), attribution.strip(), f"https://{address.netloc}")
