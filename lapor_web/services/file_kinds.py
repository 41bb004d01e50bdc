"""What an uploaded file is, by its own bytes: never by its name, and without decoding any of it.

Only headers are read, and by hand, so that in the web process no decoder ever meets a stranger's
file (promise 8). What is inside is the business of `redraw`, in a process of its own.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

MEGAPIXEL = 1_000_000


class FileKind(enum.StrEnum):
    """By media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"
    MP4 = "video/mp4"
    GPP = "video/3gpp"

    @property
    def is_picture(self) -> bool:
        return self in PIXELS_AT_MOST


PIXELS_AT_MOST = {
    FileKind.JPEG: 50 * MEGAPIXEL,
    FileKind.HEIC: 25 * MEGAPIXEL,
    FileKind.PNG: 24 * MEGAPIXEL,
    FileKind.WEBP: 12.5 * MEGAPIXEL,
}
"""What `redraw` manages within its memory, measured; a JPEG is decoded small."""


class UnknownKind(Exception):
    """None of the kinds that we take."""


class BrokenFile(Exception):
    """It begins as one of them, but is not whole."""


@dataclass(frozen=True, slots=True)
class Header:
    kind: FileKind
    width: int | None = None
    height: int | None = None

    @property
    def has_too_many_pixels(self) -> bool:
        limit = PIXELS_AT_MOST.get(self.kind, 0)
        return (self.width or 0) * (self.height or 0) > limit


def read_header(content: bytes) -> Header:
    """Raises UnknownKind or BrokenFile."""
    try:
        header = _read(content)
    except (IndexError, StopIteration):  # it ends where a length says that more is to come
        raise BrokenFile from None
    if header.kind.is_picture and not (header.width and header.height):
        raise BrokenFile
    return header


def _read(content: bytes) -> Header:
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp(content)
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content[4:8] == b"ftyp":
        return _iso_media(content)
    raise UnknownKind


# ---- JPEG ----

_START_OF_SCAN = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers that no length follows


def _jpeg(content: bytes) -> Header:
    width = height = None
    for marker, at in _jpeg_segments(content):
        if marker in _FRAMES:
            height, width = _big(content, at + 3, 2), _big(content, at + 5, 2)
        if marker == _START_OF_SCAN:
            # Among pixels 0xFF is always followed by something else: this is the true end.
            if content.find(b"\xff\xd9", at) < 0:
                raise BrokenFile
            return Header(FileKind.JPEG, width, height)
    raise BrokenFile


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Each marker up to the pixels, and where its length stands."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise BrokenFile
        while content[at] == 0xFF:
            at += 1
        marker, at = content[at], at + 1
        if marker in _ALONE:
            continue
        yield marker, at
        at += max(_big(content, at, 2), 2)


# ---- PNG and WebP ----


def _png(content: bytes) -> Header:
    if content[12:16] != b"IHDR" or b"IEND" not in content[16:]:
        raise BrokenFile
    return Header(FileKind.PNG, _big(content, 16, 4), _big(content, 20, 4))


def _webp(content: bytes) -> Header:
    if int.from_bytes(content[4:8], "little") + 8 > len(content):
        raise BrokenFile
    match content[12:16]:
        case b"VP8X":
            sides = [int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27)]
        case b"VP8 ":
            sides = [int.from_bytes(content[at : at + 2], "little") & 0x3FFF for at in (26, 28)]
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            sides = [(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1]
        case _:
            raise BrokenFile
    return Header(FileKind.WEBP, *sides)


# ---- PDF ----


def _pdf(content: bytes) -> Header:
    if b"%%EOF" not in content:
        raise BrokenFile
    return Header(FileKind.PDF)


# ---- HEIC, MP4 and 3GP: boxes within boxes (ISO/IEC 14496-12) ----

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "}
)


def _iso_media(content: bytes) -> Header:
    boxes = dict(_boxes(content, 0, len(content)))
    brands = _brands(content)
    if brands[0] in _HEIC_BRANDS and b"avif" not in brands:
        return Header(FileKind.HEIC, *_heic_size(content, boxes))
    if brands[0].startswith(b"3gp") and b"moov" in boxes:
        return Header(FileKind.GPP)
    if brands[0] in _MP4_BRANDS and b"moov" in boxes:
        return Header(FileKind.MP4)
    raise UnknownKind


def _brands(content: bytes) -> list[bytes]:
    """The major one first."""
    end = _big(content, 0, 4)
    places = [8, *range(16, min(end, len(content)) - 3, 4)]
    return [content[at : at + 4] for at in places]


def _heic_size(content: bytes, boxes: dict[bytes, tuple[int, int]]) -> tuple[int, int]:
    """Of the largest picture in it: a big one is made of tiles, which have sizes too."""
    try:
        start, end = boxes[b"meta"]
        start, end = dict(_boxes(content, start + 4, end))[b"iprp"]
        start, end = dict(_boxes(content, start, end))[b"ipco"]
    except KeyError:
        raise BrokenFile from None
    sizes = [
        (_big(content, at + 4, 4), _big(content, at + 8, 4))
        for name, (at, _) in _boxes(content, start, end)
        if name == b"ispe"
    ]
    if not sizes:
        raise BrokenFile
    return max(sizes, key=lambda size: size[0] * size[1])


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Each box's name, and where its content begins and ends."""
    while start < end:
        size, name, body = _big(content, start, 4), content[start + 4 : start + 8], start + 8
        if size == 1:
            size, body = _big(content, body, 8), body + 8
        elif size == 0:  # up to the end
            size = end - start
        if size < body - start or start + size > end:
            raise BrokenFile
        yield name, (body, start + size)
        start += size


def _big(content: bytes, at: int, count: int) -> int:
    """A number, the high byte first. Raises IndexError past the end."""
    content[at + count - 1]
    return int.from_bytes(content[at : at + count], "big")
