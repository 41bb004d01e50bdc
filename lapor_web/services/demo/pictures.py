"""Draws what somebody might have photographed, and says in the picture that it is drawn."""

import enum
import io
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from lapor_web.services import attachments
from lapor_web.services.attachments import Owner, Upload
from lapor_web.services.demo.scene import Scene

SIZE = WIDTH, HEIGHT = 800, 600
HORIZON = 300
VARIANTS = 4

SKY, GRASS, ASPHALT, DARK, WATER = "#b9d3e3", "#7f9a63", "#6d6a68", "#33302e", "#6f93a8"
WALL, PAPER, INK, LIGHT, RUBBISH = "#d8c9ae", "#f6f2e8", "#4b4b55", "#ffe9a3", "#8a6f52"


class Subject(enum.Enum):
    ROAD = "jalan"
    RUBBISH = "tempat sampah"
    LAMP = "lampu jalan"
    PIPE = "pipa air"
    PAPER = "berkas"


SUBJECTS = {
    "DPUPR": Subject.ROAD,
    "DISPERKIM": Subject.ROAD,
    "BPBD": Subject.ROAD,
    "DLH": Subject.RUBBISH,
    "SATPOLPP": Subject.RUBBISH,
    "DISHUB": Subject.LAMP,
    "PERUMDAM": Subject.PIPE,
}


def show(scene: Scene, *, by_reporter: bool) -> None:
    """Adds a picture to the report: of the trouble by whoever reports it, of the end by an office."""
    city = scene.city
    subject = SUBJECTS.get(scene.story.office, Subject.PAPER)
    when = "sebelum" if by_reporter else "sesudah"
    attachments.accept(
        city.session,
        city.agency,
        Upload(
            f"{when}.jpg",
            photograph(subject, by_reporter, city.rng.randrange(VARIANTS)),
            alt_text=f"Gambar contoh: {subject.value}, {when} ditangani",
        ),
        Owner(
            report_id=scene.report.id,
            history_sequence=None if by_reporter else scene.report.version + 1,
            by_reporter=by_reporter,
        ),
        keys=city.keys,
        storage=city.storage,
        now=scene.now,
    )


@cache
def photograph(subject: Subject, in_trouble: bool, variant: int) -> bytes:
    picture = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, HORIZON, WIDTH, HEIGHT), fill=GRASS)
    DRAWN[subject](pen, in_trouble, 90 * variant)
    pen.rectangle((0, HEIGHT - 34, WIDTH, HEIGHT), fill=DARK)
    pen.text((14, HEIGHT - 28), "Gambar contoh", fill=PAPER, font=ImageFont.load_default(20))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


Pen = ImageDraw.ImageDraw


def draw_road(pen: Pen, in_trouble: bool, shift: int) -> None:
    pen.polygon([(330, HORIZON), (470, HORIZON), (760, HEIGHT), (40, HEIGHT)], fill=ASPHALT)
    for top in range(HORIZON + 10, HEIGHT, 60):
        pen.rectangle((396, top, 404, top + 26), fill=PAPER)
    hole = (230 + shift, 420, 400 + shift, 480)
    if in_trouble:
        pen.ellipse(hole, fill=DARK)
        pen.ellipse((hole[0] + 24, hole[1] + 16, hole[2] - 24, hole[3] - 6), fill=WATER)
    else:
        pen.rounded_rectangle(hole, 14, fill="#565452")


def draw_rubbish(pen: Pen, in_trouble: bool, shift: int) -> None:
    pen.rectangle((0, 430, WIDTH, HEIGHT), fill=ASPHALT)
    pen.rectangle((240, 320, 480, 450), fill="#3f6b52")
    pen.rectangle((230, 306, 490, 324), fill="#2f5140")
    if in_trouble:
        for step in range(9):
            left, top = 150 + (step * 67 + shift) % 460, 420 + step * 37 % 90
            pen.ellipse((left, top, left + 84, top + 58), fill=RUBBISH if step % 2 else DARK)


def draw_lamp(pen: Pen, in_trouble: bool, shift: int) -> None:
    pen.rectangle((0, 0, WIDTH, HORIZON), fill="#2b3550")
    pen.rectangle((0, 430, WIDTH, HEIGHT), fill=ASPHALT)
    post = 240 + shift
    pen.rectangle((post, 110, post + 12, 470), fill=DARK)
    pen.rectangle((post, 104, post + 110, 116), fill=DARK)
    if not in_trouble:
        pen.polygon(
            [(post + 70, 122), (post + 150, 122), (post + 260, 520), (post, 520)], fill=LIGHT
        )
    pen.ellipse((post + 84, 100, post + 136, 132), fill=ASPHALT if in_trouble else PAPER)


def draw_pipe(pen: Pen, in_trouble: bool, shift: int) -> None:
    pen.rectangle((0, 120, WIDTH, HORIZON + 60), fill=WALL)
    pen.rectangle((0, 380, WIDTH, 420), fill="#4f6d8c")
    joint = 200 + shift
    pen.rectangle((joint, 368, joint + 60, 432), fill="#37506a")
    if in_trouble:
        for step in range(7):
            pen.line((joint + 30, 368, joint - 60 + step * 30, 250 + step % 3 * 26), WATER, 8)
        pen.ellipse((joint - 130, 450, joint + 210, 540), fill=WATER)


def draw_paper(pen: Pen, in_trouble: bool, shift: int) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=WALL)
    left = 150 + shift // 2
    pen.rectangle((left, 70, left + 360, 540), fill=PAPER, outline=INK, width=3)
    for top in range(120, 440, 32):
        pen.rectangle((left + 40, top, left + 320 - top % 90, top + 10), fill="#b9b6ad")
    if not in_trouble:
        pen.ellipse((left + 210, 430, left + 310, 520), outline="#3f6b8c", width=8)


DRAWN: dict[Subject, Callable[[Pen, bool, int], None]] = {
    Subject.ROAD: draw_road,
    Subject.RUBBISH: draw_rubbish,
    Subject.LAMP: draw_lamp,
    Subject.PIPE: draw_pipe,
    Subject.PAPER: draw_paper,
}
