"""Those parts of the one stylesheet that citizens' pages carry inside them, in the city's colours."""

from flask import Flask
from markupsafe import Markup

from lapor_web import city
from lapor_web.palette import painted
from lapor_web.resources import resource

START, END = "/* ---- core ---- */", "/* ---- end core ---- */"
END_OF_FIGURES = "/* ---- map ---- */"


def init_app(app: Flask) -> None:
    css = resource("static").joinpath("lapor.css").read_text(encoding="utf-8")
    core, more = css.split(START)[1].split(END)
    figures = more.split(END_OF_FIGURES)[0]
    app.jinja_env.globals["core_css"] = lambda: in_our_colours(core.strip())
    app.jinja_env.globals["figures_css"] = lambda: in_our_colours(
        figures.partition("*/")[2].strip()
    )


def in_our_colours(css: str) -> Markup:
    # Our own file, and colours that were checked: the one place where text is taken as markup.
    return Markup(painted(css, city.palette()))  # noqa: S704
