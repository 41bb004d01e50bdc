"""What a browser gets that may not read a report's own page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lapor_web.public.track_form import TrackForm


def not_here(number: str) -> ResponseReturnValue:
    """404, and the way in: the same for a report of others and for none at all."""
    form = TrackForm(None, number=number)
    return render_template("public/track.html", form=form, asked=True), 404
