"""What an officer waits for: asked for once, done by the worker, opened by its owner alone."""

import datetime as dt
from types import SimpleNamespace

import pytest
from browser import Browser, page_of
from small_city import NOW, SmallCity
from sqlalchemy import text

from lapor_web import city as this_city
from lapor_web import clock, long_work
from lapor_web.models import LongJob, LongJobState
from lapor_web.services import long_jobs
from lapor_web.services.jobs import Job
from lapor_web.services.long_jobs import Product, Refused, TooManyAtOnce
from lapor_web.services.storage import NotStored

KIND = Job.PREPARE_ATTACHMENT
"""Any will do: what it does is given to the test's own worker."""
TABLE = Product("laporan.csv", "text/csv", b"Nomor;Judul\n")


@pytest.fixture
def city(db, monkeypatch) -> SmallCity:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return SmallCity(db.session())


@pytest.fixture
def start(city):
    def start(person: str = "works", **arguments) -> LongJob:
        return long_jobs.start(
            city.session, city.users[person], KIND, "Daftar laporan", now=NOW, **arguments
        )

    return start


def do(row: LongJob, work, *, is_last_try: bool = False) -> None:
    long_work.do(work, row.id, is_last_try=is_last_try)


def fails(_row, _progress):
    raise RuntimeError("Budi, 0812")


def test_two_taps_are_one_and_a_third_thing_waits_its_turn(city, start):
    first, again, other = start(year=2026), start(year=2026), start(year=2025)
    locks = city.session.scalars(
        text("SELECT lock FROM procrastinate_jobs WHERE queue_name = 'long'")
    ).all()

    assert (first.id, again.id != other.id) == (again.id, True)
    assert len(locks) == 2
    assert len(set(locks)) == 1


def test_nobody_fills_the_queue_alone(start):
    for year in range(long_jobs.MOST_AT_ONCE):
        start(year=year)

    with pytest.raises(TooManyAtOnce):
        start(year=1999)
    assert start("roads", year=1999).state is LongJobState.WAITING


def test_its_file_is_sealed_and_opens_for_its_owner_alone(app, city, start):
    row = start()
    do(row, lambda _row, _progress: TABLE)
    with app.app_context():
        stored = this_city.storage().get(row.blob)
    owner, colleague = (Browser(app).sign_in(city.users[name]) for name in ("works", "works2"))
    answer = owner.get(f"/pekerjaan/{row.id}/berkas")

    assert TABLE.content not in stored
    assert (answer.data, answer.mimetype) == (TABLE.content, "text/csv")
    assert "laporan.csv" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    for address in (f"/pekerjaan/{row.id}", f"/pekerjaan/{row.id}/berkas"):
        assert colleague.get(address).status_code == 404


def test_after_a_day_it_is_gone(app, city, start, monkeypatch):
    row = start()
    do(row, lambda _row, _progress: TABLE)
    blob, number = row.blob, row.id
    owner = Browser(app).sign_in(city.users["works"])
    later = NOW + long_jobs.KEPT + dt.timedelta(minutes=1)
    with app.app_context():
        storage = this_city.storage()
    removed = long_jobs.forget_old(city.session, storage=storage, now=later)

    assert removed == 1
    assert owner.get(f"/pekerjaan/{number}").status_code == 404
    with pytest.raises(NotStored):
        storage.get(blob)


def test_who_waits_sees_how_far_it_is(app, city, start):
    row = start()
    browser = Browser(app).sign_in(city.users["works"])
    waiting = browser.get(f"/pekerjaan/{row.id}")
    row.state, row.done, row.total = LongJobState.RUNNING, 1200, 4000
    running = browser.get(f"/pekerjaan/{row.id}", htmx=True)
    do(row, lambda _row, _progress: TABLE)
    ready = browser.get(f"/pekerjaan/{row.id}", htmx=True)

    assert "Menunggu giliran" in waiting.text
    assert page_of(waiting).select_one("noscript meta[http-equiv=refresh]")
    assert "1.200 dari 4.000 selesai" in running.text
    progress = page_of(running).select_one("#progress")
    assert progress["hx-trigger"] == "every 1s"
    assert "<html" not in running.text
    assert page_of(ready).select_one("a.action")["href"] == f"/pekerjaan/{row.id}/berkas"
    assert "hx-get" not in ready.text


def test_what_its_owner_can_mend_is_said_and_not_tried_again(app, city, start):
    def refuses(_row, _progress):
        raise Refused("Pilih masa yang lebih pendek.")

    row = start()
    do(row, refuses)
    page = Browser(app).sign_in(city.users["works"]).get(f"/pekerjaan/{row.id}")

    assert row.state is LongJobState.FAILED
    assert "Pilih masa yang lebih pendek." in page.text


def test_an_error_is_tried_again_and_then_told_without_its_words(app, city, start):
    row = start()
    with pytest.raises(RuntimeError):
        do(row, fails)
    between = row.state
    with pytest.raises(RuntimeError):
        do(row, fails, is_last_try=True)
    page = Browser(app).sign_in(city.users["works"]).get(f"/pekerjaan/{row.id}")

    assert (between, row.state) == (LongJobState.RUNNING, LongJobState.FAILED)
    assert "Berkas tidak jadi dibuat" in page.text
    assert "0812" not in page.text


def test_done_twice_it_is_made_once(city, start):
    row, made = start(), []

    def make(_row, _progress):
        made.append(1)
        return TABLE

    do(row, make)
    do(row, make)

    assert made == [1]


def test_what_the_queue_gave_up_fails_for_its_owner_too(city, start):
    row, waiting = start(year=1), start(year=2)
    city.session.execute(
        text("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = :id"),
        {"id": row.queue_job_id},
    )
    long_jobs.fail_abandoned(city.session, now=NOW)

    assert (row.state, waiting.state) == (LongJobState.FAILED, LongJobState.WAITING)


def test_steps_are_written_seldom_but_the_last_always(app, monkeypatch):
    written = []
    engine = SimpleNamespace(begin=lambda: Written(written))
    with app.app_context():
        steps = long_work.Steps(1)
    monkeypatch.setattr(steps, "engine", engine)
    for done in range(1, 101):
        steps(done, 100)

    assert len(written) == 2


class Written:
    def __init__(self, written):
        self.execute = written.append

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None
