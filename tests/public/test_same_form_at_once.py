"""Promise 2: twelve equal posts at once make one report, and all twelve see its number."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from browser import OWN
from small_city import SmallCity
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lapor_web.csrf import signer
from lapor_web.models import HistoryEntry, OutboxMessage, Report

PHONES = 12


@pytest.fixture
def city(engine):
    with Session(engine) as session:
        city = SmallCity(session)
        session.commit()
        yield city


def test_twelve_equal_posts_make_one_report(app, engine, city):
    start = Barrier(PHONES)
    fields = {
        "key": "the-same-form-everywhere",
        "story": "Lubang besar di depan Gang 7.",
        "place": "Jalan Antasari",
        "name": "Budi",
    }

    def post(phone: int) -> str:
        client = app.test_client()
        with client.session_transaction() as session:
            session["csrf"] = "nonce"
        with app.app_context():
            token = signer().sign("nonce").decode().removeprefix("nonce.")
        start.wait()
        answer = client.post("/lapor/kirim", data={**fields, "csrf_token": token}, headers=OWN)
        assert answer.status_code == 303, answer.text
        return client.get(answer.location).text

    with ThreadPoolExecutor(PHONES) as pool:
        pages = list(pool.map(post, range(PHONES)))

    with Session(engine) as session:
        number = session.scalars(select(Report.number)).one()
        for table in (HistoryEntry, OutboxMessage):
            assert session.scalar(select(func.count()).select_from(table)) == 1
    assert all(number in page for page in pages)
    assert sum("Laporan ini sudah kami terima pukul" in page for page in pages) == PHONES - 1
