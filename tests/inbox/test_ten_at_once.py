"""Promise 3: of ten officers who answer one version of a report one is heard, and nine keep their words."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from browser import OWN, page_of
from small_city import SmallCity
from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.csrf import signer
from lapor_web.models import Action, HistoryEntry, OutboxMessage, Report, Role, utc_now
from lapor_web.services import sessions
from lapor_web.sign_in import TOKEN

OFFICERS = 10


@pytest.fixture
def desks(engine):
    """The number of a report, the version that all have read, and a token of each officer."""
    with Session(engine) as session:
        city = SmallCity(session)
        report = city.sent_to("WORKS")
        users = [city.add_user(f"hand{n}", Role.LIAISON, "WORKS") for n in range(OFFICERS)]
        tokens = [sessions.open_session(session, user, utc_now()) for user in users]
        session.commit()
        return report.number, report.version, tokens


def words_of(number: int) -> str:
    return f"Regu {number} datang hari Senin."


def test_of_ten_answers_at_once_one_is_sent_and_no_word_is_lost(app, engine, desks):
    number, version, tokens = desks
    start = Barrier(OFFICERS)
    address = f"/kotak-masuk/{number}/tindak-lanjut"

    def send(client, version: str, words: str):
        with app.app_context():
            token = signer().sign("nonce").decode().removeprefix("nonce.")
        fields = {"csrf_token": token, "version": version, "text": words}
        return client.post(address, data=fields, headers=OWN)

    def answer(officer: int):
        client = app.test_client()
        with client.session_transaction() as session:
            session.update({"csrf": "nonce", TOKEN: tokens[officer]})
        start.wait()
        return client, send(client, str(version), words_of(officer))

    with ThreadPoolExecutor(OFFICERS) as pool:
        came = list(pool.map(answer, range(OFFICERS)))

    assert sorted(said.status_code for _, said in came) == [303] + [409] * (OFFICERS - 1)
    with Session(engine) as session:
        report = session.scalars(select(Report)).one()
        told = select(OutboxMessage.kind).where(OutboxMessage.sequence == report.version)
        assert (report.version, session.scalars(told).all()) == (version + 1, ["answered"])
        heard = report.history[-1].text
    for officer, (client, said) in enumerate(came):
        if said.status_code == 303:
            assert heard == words_of(officer)
            continue
        page = page_of(said)
        form = page.select_one("form[data-deed=tindak-lanjut]")
        assert heard in page.select_one(".conflict").text
        assert form.textarea.text.strip() == words_of(officer)
        late = client, form.select_one("[name=version]")["value"], words_of(officer)
    assert send(*late).status_code == 303
    with Session(engine) as session:
        answers = select(HistoryEntry.text).where(HistoryEntry.action == Action.FOLLOW_UP)
        assert sorted(session.scalars(answers)) == sorted([heard, late[-1]])
