"""A form that was drawn once is the one that would be drawn now, for any report and officer."""

import pytest

from lapor_web.extensions import db
from lapor_web.inbox.address import Place
from lapor_web.inbox.choices import Offered
from lapor_web.inbox.desk import desk_of
from lapor_web.inbox.offered_deed import OfferedDeed
from lapor_web.inbox.registry import VERBS
from lapor_web.inbox.untouched import NUMBER, TOKEN, VERSION, Untouched
from lapor_web.services.desk import View
from lapor_web.services.inbox_asked import Asked

KEPT = [verb for verb in VERBS if verb.form.same_for_all]
EVERYWHERE = Place(Asked(View.ALL), 1, {}, {})
SEARCHED = Place(
    Asked(View.ALL), 2, {"tampilan": "semua", "cari": f'air & "api" {TOKEN} {VERSION} {NUMBER}'}, {}
)


@pytest.mark.parametrize("verb", KEPT, ids=lambda verb: verb.name)
@pytest.mark.parametrize("place", [EVERYWHERE, SEARCHED], ids=["as it opens", "searched"])
@pytest.mark.parametrize("who", ["works", "coordinator"])
def test_it_is_what_would_be_drawn_for_this_report(app, city, verb, place, who):
    first, second = city.sent_to("WORKS"), city.sent_to("WORKS", place="Jalan Lain")
    user = city.users[who]
    for report in (first, second):
        with app.test_request_context("/kotak-masuk"):
            macros = app.jinja_env.get_template("inbox/_deeds.html").module
            offered = Offered(db.session(), desk_of(user), report)
            deed = OfferedDeed(verb, verb.form(None, offered=offered, name=verb.name))
            untouched = Untouched(verb)

            assert untouched.button(report, place) == macros.deed_button(deed, report, place)
            assert untouched.form(report, place) == macros.deed_form(deed, report, place)


def test_one_of_a_mounted_site_leads_into_it(app, city):
    report, verb = city.sent_to("WORKS"), KEPT[0]
    with app.test_request_context("/kotak-masuk"):
        Untouched(verb).form(report, EVERYWHERE)
    with app.test_request_context("/kotak-masuk", environ_overrides={"SCRIPT_NAME": "/kota"}):
        drawn = Untouched(verb).form(report, EVERYWHERE)
        assert f'action="/kota/kotak-masuk/{report.number}/{verb.slug}"' in drawn
