"""Redraws one picture from its pixels alone: `python redraw.py < original > answer`.

A process of its own, with little memory and little time, since what it decodes was made by
anybody (promise 8). What it draws is new, so nothing that was no pixel comes along: no EXIF, place,
comment, profile or small copy (promise 9).

The answer is a line "width height bytes-of-the-picture", the picture and its small copy, both
JPEG. The exit code is CANNOT when there is no picture in it. It runs as a script, so it imports
nothing of ours.
"""

import contextlib
import io
import resource
import sys

from PIL import Image, ImageOps

CANNOT = 3

LONGEST_SIDE, LONGEST_SMALL_SIDE = 1600, 320
QUALITY, SMALL_QUALITY = 80, 70
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")

SECONDS = 3
MEMORY = 270 * 1024 * 1024
"""Bytes of data; with the libraries themselves that stays under the 300 MB of promise 8."""
PIXELS_AT_MOST = 50_000_000


class NoPicture(Exception):
    pass


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # not every system counts this
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    try:
        picture, small = redraw(sys.stdin.buffer.read())
    except Exception:
        # Whatever a decoder says of such bytes, it comes to the same; and it may quote them.
        return CANNOT
    clean, thumbnail = as_jpeg(picture, QUALITY), as_jpeg(small, SMALL_QUALITY)
    sys.stdout.buffer.write(f"{picture.width} {picture.height} {len(clean)}\n".encode())
    sys.stdout.buffer.write(clean + thumbnail)
    return 0


def redraw(content: bytes) -> tuple[Image.Image, Image.Image]:
    register_heif(content)
    Image.MAX_IMAGE_PIXELS = None  # ours below is stricter, and no mere warning
    with Image.open(io.BytesIO(content), formats=FORMATS) as original:
        if original.width * original.height > PIXELS_AT_MOST:
            raise NoPicture
        shrink(original, LONGEST_SIDE)
        picture = only_pixels(ImageOps.exif_transpose(original))
    small = picture.copy()
    small.thumbnail((LONGEST_SMALL_SIDE, LONGEST_SMALL_SIDE))
    return picture, small


def register_heif(content: bytes) -> None:
    if content[4:8] == b"ftyp":
        import pi_heif

        pi_heif.register_heif_opener()


def shrink(image: Image.Image, longest: int) -> None:
    """In place. A JPEG is decoded small at once, which saves most of the memory and the time."""
    image.draft("RGB", (longest, longest))
    if image.mode.startswith("I"):  # 16 bits of grey, of which `convert` would keep the wrong ones
        image.im = image.point(lambda value: value / 256).convert("L").im
    image.thumbnail((longest, longest), reducing_gap=2.0)


def only_pixels(image: Image.Image) -> Image.Image:
    """On white, where it lets something through. Re-encoding alone would keep a comment."""
    clean = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        clean.paste(layer, mask=layer)
    else:
        clean.paste(image.convert("RGB"))
    return clean


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
