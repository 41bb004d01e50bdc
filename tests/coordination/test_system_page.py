"""The page for who runs the machine: what waits, what failed and why, and once more."""

import datetime as dt
from types import SimpleNamespace

import pytest
from browser import page_of
from sqlalchemy import text

from lapor_web import job_records, work, worker
from lapor_web.coordination.system_words import WORK
from lapor_web.models import Erased, Erasure, JobFailure, ScheduleRun
from lapor_web.services import jobs, machinery
from lapor_web.services.jobs import Job


def fail(city, **arguments) -> int:
    session = city.session
    jobs.defer(session, Job.PREPARE_ATTACHMENT, **arguments)
    job_id = session.scalar(
        text(
            "UPDATE procrastinate_jobs SET status = 'failed', attempts = 9"
            " WHERE id = (SELECT max(id) FROM procrastinate_jobs) RETURNING id"
        )
    )
    session.add(
        JobFailure(
            job_id=job_id,
            error="StorageAway, services/storage.py:88",
            failed_at=city.now - dt.timedelta(minutes=3),
        )
    )
    session.flush()
    return job_id


def states(city) -> list[str]:
    return list(
        city.session.scalars(text("SELECT status::text FROM procrastinate_jobs ORDER BY id"))
    )


def test_what_failed_is_named_with_its_reason_and_tried_again(city, coordinator):
    for attachment_id in (1, 2):
        fail(city, attachment_id=attachment_id)
    page = page_of(coordinator.get("/koordinasi/sistem"))
    row = page.select_one("tbody tr")
    again = coordinator.post("/koordinasi/sistem/coba-lagi", {"task": "prepare_attachment"})
    after = coordinator.get("/koordinasi/sistem")

    assert [cell.get_text(strip=True) for cell in row.select("th, td")] == [
        "Menyiapkan foto",
        "2",
        "Coba lagi",
        "3 menit yang lalu",
        "StorageAway, services/storage.py:88",
    ]
    assert again.status_code == 303
    assert "2 tugas dicoba lagi." in after.text
    assert states(city) == ["todo", "todo"]


def test_htmx_gets_the_fragment_and_a_second_tap_is_told(city, coordinator):
    fail(city, attachment_id=1)
    first, second = (
        coordinator.post("/koordinasi/sistem/coba-lagi", {"task": "prepare_attachment"}, htmx=True)
        for _ in range(2)
    )

    assert first.text.lstrip().startswith('<div id="system">')
    assert "1 tugas dicoba lagi." in first.text
    assert "Tidak ada lagi yang gagal" in second.text


def test_no_argument_of_a_job_is_shown(city, coordinator):
    fail(city, attachment_id=987654321)

    assert "987654321" not in coordinator.get("/koordinasi/sistem").text


def test_schedules_show_when_they_last_succeeded_and_why_not(city, coordinator):
    city.session.add_all(
        [
            ScheduleRun(
                name="act_by_the_clock",
                started_at=city.now,
                succeeded_at=city.now - dt.timedelta(minutes=1),
                milliseconds=1234,
            ),
            ScheduleRun(
                name="remove_strays",
                started_at=city.now,
                succeeded_at=city.now - dt.timedelta(days=2),
                failed_at=city.now - dt.timedelta(hours=1),
                error="StorageAway, services/storage.py:120",
            ),
        ]
    )
    page = page_of(coordinator.get("/koordinasi/sistem"))
    rows = page.select("[aria-label=Jadwal] tbody tr")

    assert rows[0].th.text == "Tenggat dan eskalasi"
    assert "1.234" in rows[0].text
    assert rows[1].select_one(".late").get_text(strip=True) == "1 jam yang lalu"


def test_what_was_erased_is_told_by_day_and_names_no_report(city, coordinator):
    reports = [city.send(about_service=True), city.send()]
    for report, what, files, ago in (
        (reports[0], Erased.IDENTITY, 0, 0),
        (reports[1], Erased.IDENTITY, 0, 0),
        (reports[1], Erased.ATTACHMENTS, 3, 0),
        (reports[1], Erased.ATTACHMENTS, 1, 70),
    ):
        at = city.now - dt.timedelta(days=ago)
        city.session.add(
            Erasure(
                agency_id=city.agency.id,
                report_id=report.id,
                what=what,
                files=files,
                closed_at=at - dt.timedelta(days=731),
                at=at,
            )
        )
    city.session.flush()
    page = page_of(coordinator.get("/koordinasi/sistem"))
    rows = page.select("[aria-label='Penghapusan data pribadi'] tbody tr")

    assert [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in rows] == [
        ["Senin, 9 November", "2", "3", "1"]
    ]
    assert "730 hari sesudah laporan ditutup" in page.text
    assert not [one.number for one in reports if one.number in page.text]


def test_a_missing_worker_is_an_alarm(city, coordinator):
    absent = coordinator.get("/koordinasi/sistem")
    city.session.execute(text("SELECT procrastinate_register_worker_v1()"))
    present = coordinator.get("/koordinasi/sistem")

    assert "Tidak ada pekerja yang berjalan" in absent.text
    assert "pekerja" not in present.text


def test_a_schedules_own_job_is_not_tried_again(city):
    job_id = fail(city, timestamp=1)

    assert machinery.failures(city.session) == []
    assert machinery.try_again(city.session, "prepare_attachment") == 0
    assert (
        city.session.scalar(
            text("SELECT status::text FROM procrastinate_jobs WHERE id = :id"), {"id": job_id}
        )
        == "failed"
    )


# ---- what the worker writes down ----


@pytest.fixture
def written(app, monkeypatch):
    """By statement, in order: it goes over connections of its own."""
    found = []
    monkeypatch.setattr(
        job_records, "write", lambda _flask, _statement, values, _key: found.append(values)
    )
    return found


def test_a_run_is_noted_before_and_after(app, written):
    job_records.noted(app, "fold_figures", lambda: None)()

    assert [set(one) for one in written] == [{"started_at"}, {"succeeded_at", "milliseconds"}]


def test_a_failure_is_told_by_its_kind_and_place_only(app, written):
    def fails(**_arguments):
        job_records.place_of(None)

    context = SimpleNamespace(job=SimpleNamespace(id=7))
    with pytest.raises(AttributeError):
        job_records.told_why(app, fails)(context, attachment_id=1)

    assert written[0]["job_id"] == 7
    assert written[0]["error"].startswith("AttributeError, job_records.py:")


def test_all_that_the_worker_does_has_a_word():
    by_the_clock = {one.work.__name__ for one in work.BY_THE_CLOCK}
    kept = {keep.__name__ for _, keep in worker.HOUSEKEEPING}
    assert set(WORK) == {job.value for job in Job} | by_the_clock | kept
