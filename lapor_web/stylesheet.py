"""The core of the one stylesheet, which citizens' pages carry inside them."""

from flask import Flask
from markupsafe import Markup

from lapor_web.resources import resource

START, END = "/* ---- core ---- */", "/* ---- end core ---- */"


def init_app(app: Flask) -> None:
    css = resource("static").joinpath("lapor.css").read_text(encoding="utf-8")
    core = css.split(START)[1].split(END)[0].strip()
    # Our own file, not anybody's words: the one place where text is taken as markup.
    app.jinja_env.globals["core_css"] = Markup(core)  # noqa: S704
