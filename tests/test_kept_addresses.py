import pytest
from flask import render_template_string, url_for

ADDRESSES = (
    "url_for('inbox.list_reports', tampilan='semua', halaman=none)",
    "url_for('inbox.list_reports', tampilan=['semua', 'selesai'])",
    "url_for('public.follow', number='a/b c')",
    "url_for('inbox.list_reports', _anchor='content')",
    "url_for('.home')",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_the_address_that_flask_makes_also_the_second_time(app, address):
    flasks = "{{ flasks" + address.removeprefix("url_for") + " }}"
    with app.test_request_context("/"):
        wanted = render_template_string(flasks, flasks=url_for)
        made = [render_template_string("{{ " + address + " }}") for _ in range(2)]

    assert made == [wanted, wanted]


def test_it_knows_where_the_site_is_mounted(app):
    page = "{{ url_for('public.home') }}"
    with app.test_request_context("/"):
        assert render_template_string(page) == "/"
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/lapor-kota"}):
        assert render_template_string(page) == "/lapor-kota/"
