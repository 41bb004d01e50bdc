"""The core of the one stylesheet, which citizens' pages carry inside them, in the city's colours."""

from flask import Flask
from markupsafe import Markup

from lapor_web import city
from lapor_web.palette import painted
from lapor_web.resources import resource

START, END = "/* ---- core ---- */", "/* ---- end core ---- */"


def init_app(app: Flask) -> None:
    css = resource("static").joinpath("lapor.css").read_text(encoding="utf-8")
    core = css.split(START)[1].split(END)[0].strip()
    app.jinja_env.globals["core_css"] = lambda: in_our_colours(core)


def in_our_colours(core: str) -> Markup:
    # Our own file, and colours that were checked: the one place where text is taken as markup.
    return Markup(painted(core, city.palette()))  # noqa: S704
