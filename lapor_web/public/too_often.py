"""What a browser gets that has tried a form too often for now."""

import datetime as dt
import math

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.dates import clock_time
from lapor_web.public.track_form import NumberForm

A_MINUTE = dt.timedelta(minutes=1)
"""More than asked for: the time is told without its seconds."""


def too_often(
    template: str, form: NumberForm, done: str, wait: dt.timedelta
) -> ResponseReturnValue:
    """429, and the form as it was sent. `done` is the word for what was done."""
    again = clock_time(clock.now() + wait + A_MINUTE)
    form.form_errors = [f"Terlalu sering {done}. Coba lagi sesudah pukul {again}"]
    page = make_response(render_template(template, form=form), 429)
    page.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return page
