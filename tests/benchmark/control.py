"""The bare application beside ours: Flask, SQLAlchemy, the same row, the same page, nothing else.

The row is a report's, with as many columns and the same indexes; the pages have the same markup
(the coordination view a plain table). No sessions, no scope, no CSRF, no headers, no counters to
keep, no history and no message: what is left when all that makes it a complaint system is taken
away. Its tables are made by `database`.
"""

import os
import uuid
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, render_template, request

from lapor_web.resources import resource
from lapor_web.stylesheet import END, START

PAGES = Path(__file__).parent / "pages"
STYLE = resource("static").joinpath("lapor.css").read_text().split(START)[1].split(END)[0].strip()
"""What our citizens' pages carry inside them."""

engine = sa.create_engine(os.environ["CONTROL_DATABASE_URL"])
app = Flask(__name__, template_folder=str(PAGES))

INSERT = sa.text("""
    INSERT INTO control_report (agency_id, number, key_hash, content_hash, receipt_hash, channel,
        story, place, received_at, received_on, entered_at, due_on, verification_limit, calendar_id,
        status, version, imported, quarantined, anonymous, confidential, about_conduct, about_service,
        returned, has_evidence, objected, reopened_count, return_count)
    VALUES (1, :number, :hash, :hash, :hash, 'web', :story, :place, now(), current_date, now(),
        current_date + 5, 3, 1, 'unverified', 1, false, false, false, false, false, false, false,
        false, false, 0, 0)
""")
ONE = sa.text("SELECT * FROM report WHERE number = :number")
HISTORY = sa.text("SELECT * FROM history WHERE report_id = :id ORDER BY sequence")
FIFTY = sa.text(
    "SELECT number, version, title, place, status, channel, due_on FROM control_open"
    " ORDER BY due_on, id LIMIT 50"
)
VIEWS = sa.text("SELECT name, count FROM control_view")
OFFICES = sa.text("SELECT name, numbers FROM control_office ORDER BY name")


@app.post("/submit")
def submit():
    row = {"number": uuid.uuid4().hex, "story": request.form["story"], "hash": os.urandom(32)}
    with engine.begin() as connection:
        connection.execute(INSERT, row | {"place": request.form["place"]})
    return "", 303


@app.get("/report/<number>")
def report(number):
    with engine.connect() as connection:
        row = connection.execute(ONE, {"number": number}).one()
        history = connection.execute(HISTORY, {"id": row.id}).all()
    return render_template("report.html", row=row, history=history, style=STYLE)


@app.get("/inbox")
def inbox():
    with engine.connect() as connection:
        rows, totals = connection.execute(FIFTY).all(), connection.execute(VIEWS).all()
    return render_template("inbox.html", rows=rows, totals=totals)


@app.get("/coordination")
def coordination():
    with engine.connect() as connection:
        rows = connection.execute(OFFICES).all()
    return render_template("coordination.html", rows=rows)
