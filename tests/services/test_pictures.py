"""Promises 8 and 9: what comes out is drawn from pixels alone, within little memory and time."""

import io
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import picture_files
import pytest
from picture_files import SECRET
from PIL import Image

from lapor_web.services import pictures, redraw
from lapor_web.services.pictures import Interrupted, NotAPicture, draw_anew

SOURCES = {
    "jpeg": picture_files.talkative_jpeg(),
    "png": picture_files.talkative_png(),
    "webp": picture_files.talkative_webp(),
    "heic": picture_files.HEIC,
}
MEGABYTE = 1024 * 1024


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", SOURCES)
def test_the_sources_do_carry_what_must_not_be_served(kind):
    assert SECRET.encode() in SOURCES[kind]


@pytest.mark.parametrize("copy", ["picture", "thumbnail"])
@pytest.mark.parametrize("kind", SOURCES)
def test_nothing_but_pixels_survives(kind, copy):
    content = getattr(draw_anew(SOURCES[kind]), copy)
    image = opened(content)

    assert image.format == "JPEG"
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not image.getexif()
    for trace in (SECRET.encode(), b"Exif", b"http://", b"8BIM", b"ICC_PROFILE"):
        assert trace not in content


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("kind", SOURCES)
def test_exiftool_finds_nothing_either(kind, tmp_path):
    def tell(content: bytes) -> list[str]:
        (tmp_path / "picture").write_bytes(content)
        answer = subprocess.run(
            ["exiftool", "-a", "-u", "-G", tmp_path / "picture"],
            capture_output=True,
            text=True,
            check=True,
        )
        return [line for line in answer.stdout.splitlines() if not_of_the_file(line)]

    def not_of_the_file(line: str) -> bool:
        return not line.startswith(("[File]", "[ExifTool]", "[JFIF]", "[Composite]"))

    drawn = draw_anew(SOURCES[kind])

    assert any("GPS" in line for line in tell(SOURCES[kind]))
    assert tell(drawn.picture) == tell(drawn.thumbnail) == []


def test_a_picture_of_a_phone_held_upright_stands_upright():
    drawn = draw_anew(picture_files.talkative_jpeg(picture_files.ON_ITS_SIDE))
    image = opened(drawn.picture)

    assert (drawn.width, drawn.height) == image.size == (48, 64)
    # What was top left in the file is top right for whoever looks.
    red, _, blue = image.getpixel((43, 4))
    assert blue > red


def test_a_large_one_is_made_smaller_a_small_one_is_not():
    large = draw_anew(picture_files.jpeg(picture_files.drawing((4000, 3000))))
    small = draw_anew(picture_files.png(picture_files.drawing((200, 100))))

    assert (large.width, large.height) == (1600, 1200)
    assert opened(large.thumbnail).size == (320, 240)
    assert (small.width, small.height) == opened(small.thumbnail).size == (200, 100)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_drawn(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new(mode, (40, 30), 0xFFFF if mode == "I;16" else None)

    assert opened(draw_anew(picture_files.saved(image, kind)).picture).mode == "RGB"


def test_white_in_sixteen_bits_stays_white_and_grey_grey():
    for value, expected in ((0xFFFF, 255), (0x8000, 128)):
        image = Image.new("I;16", (16, 16), value)
        drawn = opened(draw_anew(picture_files.png(image)).picture)
        assert abs(drawn.getpixel((8, 8))[0] - expected) <= 2


def test_what_lets_through_lies_on_white():
    drawn = draw_anew(picture_files.png(Image.new("RGBA", (16, 16), (0, 0, 0, 0))))

    assert opened(drawn.picture).getpixel((8, 8)) == (255, 255, 255)


def zip_behind(content: bytes) -> bytes:
    file = io.BytesIO()
    file.write(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("isi.txt", SECRET)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        picture_files.jpeg() + b"<script>alert(1)</script><?php system('id') ?>",
        picture_files.jpeg(comment=b"<script>alert(1)</script>"),
        zip_behind(picture_files.jpeg()),
    ],
    ids=["html behind", "html in a comment", "zip behind"],
)
def test_of_two_files_in_one_only_the_picture_is_left(content):
    drawn = draw_anew(content)

    for copy in (drawn.picture, drawn.thumbnail):
        assert b"<script" not in copy
        assert b"<?php" not in copy
        assert not zipfile.is_zipfile(io.BytesIO(copy))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"tulisan",
        picture_files.gif(),
        picture_files.jpeg()[:300],
        b"\xff\xd8\xff" + os.urandom(2000) + b"\xff\xd9",
        picture_files.png_that_claims(4000, 4000),
        picture_files.png_that_claims(20_000, 20_000),
        picture_files.HEIC[:-400] + bytes(400),
    ],
    ids=["nothing", "text", "gif", "cut off", "noise", "few rows", "bomb", "spoilt heic"],
)
def test_what_cannot_be_decoded_is_no_picture(content):
    with pytest.raises(NotAPicture):
        draw_anew(content)


@pytest.mark.parametrize(
    "image",
    [
        picture_files.jpeg(Image.new("RGB", (8160, 6120), "gray"), progressive=True, subsampling=0),
        picture_files.png(Image.new("RGBA", (6000, 4000), "gray")),
        picture_files.png(Image.new("RGBA", (8000, 6200), "gray")),
        picture_files.saved(Image.new("RGBA", (4000, 3100), "gray"), "WEBP", method=0),
    ],
    ids=["jpeg of 50 Mpx", "png of 24 Mpx", "png of 50 Mpx", "webp of 12 Mpx"],
)
def test_whatever_it_is_it_costs_little(image):
    """Drawn or not: a process of its own says what it took."""
    used = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    script = [sys.executable, "-I", redraw.__file__]
    answer = subprocess.run(
        [sys.executable, "-c", used, *script], input=image, capture_output=True, check=True
    )

    assert int(answer.stdout) * 1024 < 300 * MEGABYTE


def test_work_without_end_is_cut_off(tmp_path, monkeypatch):
    endless = tmp_path / "redraw.py"
    limits = Path(redraw.__file__).read_text().replace("SECONDS = 3", "SECONDS = 1")
    endless.write_text(
        limits.replace("redraw(sys.stdin.buffer.read())", "exec('while True: pass')")
    )
    monkeypatch.setattr(pictures.redraw, "__file__", str(endless))

    with pytest.raises(NotAPicture):
        draw_anew(picture_files.jpeg())


@pytest.mark.parametrize("number", [9, 15], ids=["kill -9", "told to stop"])
def test_what_was_stopped_from_outside_may_be_tried_again(number, tmp_path, monkeypatch):
    stopped = tmp_path / "redraw.py"
    stopped.write_text(f"import os\nos.kill(os.getpid(), {number})\n")
    monkeypatch.setattr(pictures.redraw, "__file__", str(stopped))

    with pytest.raises(Interrupted):
        draw_anew(picture_files.jpeg())


def test_the_limits_are_those_of_the_promise():
    assert redraw.SECONDS <= 3
    assert redraw.MEMORY < 300 * MEGABYTE
    assert resource.RLIMIT_DATA  # what the limit of memory hangs on
