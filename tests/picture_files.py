"""Pictures as phones and attackers make them, each with words in it that must not be served."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageDraw, PngImagePlugin

SECRET = "PembuatRahasia"
"""Stands in every place of a picture that is no pixel."""
HEIC = (Path(__file__).parent / "pictures" / "gps.heic").read_bytes()
"""With a place, a maker and XMP; nothing that we depend on can write one."""

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'dc:creator="{SECRET}"/></rdf:RDF></x:xmpmeta>'
).encode()

GPS, MAKER, ORIENTATION, DESCRIPTION = 0x8825, 0x010F, 0x0112, 0x010E
ON_ITS_SIDE = 6
"""The orientation of a phone held upright."""


def drawing(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Red, with a blue square in the corner at the top left."""
    image = Image.new(mode, size, "red")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="blue")
    return image


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[MAKER] = tags[DESCRIPTION] = SECRET
    tags[ORIENTATION] = orientation
    place = tags.get_ifd(GPS)
    place.update({1: "S", 2: (0.0, 30.0, 9.25), 3: "E", 4: (117.0, 9.0, 13.5)})
    return tags


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    return saved(image or drawing(), "JPEG", **options)


def talkative_jpeg(orientation: int = 1) -> bytes:
    """With all that a JPEG can carry beside its pixels."""
    whole = jpeg(
        exif=exif(orientation),
        comment=SECRET.encode(),
        xmp=XMP,
        icc_profile=f"{SECRET} profile".encode(),
    )
    iptc = (
        b"Photoshop 3.0\x008BIM\x04\x04\x00\x00"
        + struct.pack(">I", 5 + len(SECRET))
        + b"\x1c\x02\x50"
        + struct.pack(">H", len(SECRET))
        + SECRET.encode()
    )
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    return whole[:2] + segment + whole[2:]


def talkative_png() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", SECRET)
    words.add_text("Comment", SECRET, zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved(drawing(), "PNG", pnginfo=words, exif=exif())


def talkative_webp() -> bytes:
    return saved(drawing(), "WEBP", exif=exif(), xmp=XMP, quality=80)


def png(image: Image.Image | None = None) -> bytes:
    return saved(image or drawing(), "PNG")


def png_that_claims(width: int, height: int) -> bytes:
    """A bomb: of so many pixels in a few bytes."""
    rows = zlib.compress(bytes(1024), 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, content)
        for name, content in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


def gif() -> bytes:
    return saved(drawing(), "GIF")


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF\n"


def mp4() -> bytes:
    return _box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + _box(b"moov", b"\0" * 16)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content
