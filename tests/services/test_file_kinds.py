import io
import subprocess
import sys
import zipfile

import picture_files
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapor_web.services.file_kinds import (
    BrokenFile,
    FileKind,
    Header,
    UnknownKind,
    read_header,
)

PICTURES = {
    "jpeg": (picture_files.talkative_jpeg(), Header(FileKind.JPEG, 64, 48)),
    "progressive jpeg": (picture_files.jpeg(progressive=True), Header(FileKind.JPEG, 64, 48)),
    "png": (picture_files.talkative_png(), Header(FileKind.PNG, 64, 48)),
    "webp with exif": (picture_files.talkative_webp(), Header(FileKind.WEBP, 64, 48)),
    "plain webp": (
        picture_files.saved(picture_files.drawing(), "WEBP"),
        Header(FileKind.WEBP, 64, 48),
    ),
    "lossless webp": (
        picture_files.saved(picture_files.drawing(), "WEBP", lossless=True),
        Header(FileKind.WEBP, 64, 48),
    ),
    "heic": (picture_files.HEIC, Header(FileKind.HEIC, 96, 64)),
}


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "x")
    return file.getvalue()


@pytest.mark.parametrize("name", PICTURES)
def test_kind_and_size_are_read_from_the_header(name):
    content, header = PICTURES[name]

    assert read_header(content) == header


def test_papers_and_videos_are_known_too():
    assert read_header(picture_files.pdf()) == Header(FileKind.PDF)
    assert read_header(picture_files.mp4()) == Header(FileKind.MP4)
    assert read_header(picture_files.mp4().replace(b"isom\0", b"3gp4\0", 1)).kind is FileKind.GPP


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ini hanya tulisan, walau namanya foto.jpg",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        picture_files.gif(),
        b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
        zipped(),
        picture_files.HEIC.replace(b"ftypheic\0\0\0\0mif1heic", b"ftypmif1\0\0\0\0mif1avif", 1),
    ],
    ids=["nothing", "text", "svg", "html", "gif", "gif and script", "zip", "avif"],
)
def test_anything_else_is_unknown(content):
    with pytest.raises(UnknownKind):
        read_header(content)


@pytest.mark.parametrize("name", PICTURES)
def test_a_file_that_stops_before_its_end_is_broken(name):
    content, _ = PICTURES[name]

    with pytest.raises(BrokenFile):
        read_header(content[: len(content) * 9 // 10])


def test_the_end_of_the_small_copy_in_a_jpeg_is_not_taken_for_its_own():
    small = picture_files.jpeg()
    carries = b"\xff\xe1" + (len(small) + 2).to_bytes(2, "big") + small
    whole = picture_files.jpeg()
    content = whole[:2] + carries + whole[2:]

    assert read_header(content) == Header(FileKind.JPEG, 64, 48)
    with pytest.raises(BrokenFile):
        read_header(content[:-20])


def test_what_a_phone_puts_behind_a_picture_does_no_harm():
    assert read_header(picture_files.jpeg() + b"trailer of a phone").kind is FileKind.JPEG


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (13_300, 13_300), (65_535, 366)])
def test_too_many_pixels_are_told_from_the_header(width, height):
    content = picture_files.png_that_claims(width, height)

    assert len(content) < 200
    assert read_header(content).has_too_many_pixels is (width * height > 24_000_000)


def test_what_phones_make_is_not_too_much():
    for kind, width, height in (
        (FileKind.JPEG, 8160, 6120),
        (FileKind.HEIC, 5712, 4284),
        (FileKind.PNG, 1440, 3200),
    ):
        assert not Header(kind, width, height).has_too_many_pixels


@given(st.sampled_from(list(PICTURES)), st.data())
def test_no_damage_makes_it_fail_in_another_way(name, data):
    content = bytearray(PICTURES[name][0])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))

    for damaged in (bytes(content), bytes(content[:cut])):
        try:
            read_header(damaged)
        except (UnknownKind, BrokenFile):
            continue


def test_the_web_process_has_no_decoder():
    """Promise 8: what is not there cannot be reached."""
    code = (
        "import sys, lapor_web\n"
        "sys.exit(any(name.split('.')[0] in {'PIL', 'pi_heif'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
