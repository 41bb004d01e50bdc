import pytest
from flask import request

from lapor_web import create_app
from lapor_web.config import UnsafeSettings, read_config, refuse_without_storage
from lapor_web.extensions import db

SAFE = {"SECRET_KEY": "s" * 40, "DATABASE_URL": "postgresql:///lapor"}
QUIET = {"TESTING": True, "PROPAGATE_EXCEPTIONS": False}
"""Hears no news: there is no such database."""


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_session_cookie_stays_here_and_out_of_scripts(scheme):
    app = create_app(read_config(SAFE | {"LAPOR_BASE_URL": f"{scheme}://localhost"}) | QUIET)
    cookie = app.test_client().get("/masuk").headers["Set-Cookie"]

    assert cookie.startswith("lapor=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    assert ("Secure" in cookie) == (scheme == "https")


@pytest.mark.parametrize("hours", ["0.4", "73", "nan", "tiga"])
def test_an_invitation_lives_half_an_hour_to_three_days(hours):
    with pytest.raises(UnsafeSettings, match="LAPOR_INVITATION_HOURS"):
        read_config(SAFE | {"LAPOR_INVITATION_HOURS": hours})


def test_who_must_show_a_code_is_said_by_role():
    named = {"LAPOR_SECOND_FACTOR": "coordinator, inspector"}

    assert read_config(SAFE)["LAPOR_SECOND_FACTOR"] == frozenset()
    assert read_config(SAFE | named)["LAPOR_SECOND_FACTOR"] == {"coordinator", "inspector"}
    with pytest.raises(UnsafeSettings, match="LAPOR_SECOND_FACTOR"):
        read_config(SAFE | {"LAPOR_SECOND_FACTOR": "koordinator"})


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("lapor.test", 200),
        ("lapor.test:8443", 200),
        ("localhost", 200),
        ("evil.test", 400),
        ("lapor.test.evil.test", 400),
        ("lapor.test@evil.test", 400),
    ],
)
def test_only_our_own_name_is_answered(app, host, status):
    settings = read_config(SAFE | {"LAPOR_BASE_URL": "https://lapor.test"})
    named = create_app(app.config | {"TRUSTED_HOSTS": settings["TRUSTED_HOSTS"]})
    answer = named.test_client().get("/lupa-sandi", headers={"Host": host})
    with named.app_context():
        db.engine.dispose()

    assert answer.status_code == status
    assert "evil.test" not in answer.text
    assert "<html" in answer.text


def test_where_nobody_said_our_name_any_will_do():
    assert read_config(SAFE)["TRUSTED_HOSTS"] is None


def test_what_serves_says_at_once_that_photos_have_no_place():
    with pytest.raises(UnsafeSettings, match="LAPOR_STORAGE"):
        refuse_without_storage(read_config(SAFE))
    assert refuse_without_storage(read_config(SAFE | {"LAPOR_DATA_DIR": "/srv/lapor"}))


@pytest.mark.parametrize("proxies", ["dua", "-1", "10", "1.5"])
def test_how_many_proxies_is_a_small_number(proxies):
    with pytest.raises(UnsafeSettings, match="LAPOR_PROXIES"):
        read_config(SAFE | {"LAPOR_PROXIES": proxies})


@pytest.mark.parametrize(("proxies", "scheme"), [("", "http"), ("1", "https")])
def test_a_forwarded_scheme_is_believed_only_behind_a_proxy_of_ours(proxies, scheme):
    app = create_app(read_config(SAFE | {"LAPOR_PROXIES": proxies}) | QUIET)
    seen = []
    app.before_request(lambda: seen.append(request.scheme))
    app.test_client().get("/masuk", headers={"X-Forwarded-Proto": "https"})

    assert seen == [scheme]


@pytest.mark.parametrize("days", ["2,1", "2,0,5", "2,6,5", "a,b,c", "2;1;5", "-1,1,5"])
def test_the_ladder_has_three_days_that_rise(days):
    assert read_config(SAFE)["LAPOR_LADDER"] == (2, 1, 5)
    with pytest.raises(UnsafeSettings, match="LAPOR_LADDER"):
        read_config(SAFE | {"LAPOR_LADDER": days})


@pytest.mark.parametrize("days", ["730", "0,730", "730,29", "730,730,1"])
def test_nothing_is_erased_within_a_month(days):
    assert read_config(SAFE)["LAPOR_RETENTION_DAYS"] == (730, 730)
    with pytest.raises(UnsafeSettings, match="LAPOR_RETENTION_DAYS"):
        read_config(SAFE | {"LAPOR_RETENTION_DAYS": days})
