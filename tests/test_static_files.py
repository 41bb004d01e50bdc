import gzip

import brotli
import esprima
import pytest

from lapor_web import static_files
from lapor_web.resources import resource
from lapor_web.static_files import static_version


@pytest.fixture
def get(app):
    def get(address, encoding="br"):
        with app.test_client().get(address, headers={"Accept-Encoding": encoding}) as answer:
            answer.get_data()
            return answer

    return get


def test_a_named_version_is_kept_for_a_year(app, get):
    with app.app_context():
        version = static_version("lapor.css")
    answer = get(f"/static/lapor.css?v={version}")

    assert answer.cache_control.max_age == 31536000
    assert answer.cache_control.immutable
    assert not answer.cache_control.no_cache


@pytest.mark.parametrize("query", ["", "?v=", "?v=another"])
def test_any_other_is_asked_for_again(get, query):
    answer = get(f"/static/lapor.css{query}")

    assert answer.cache_control.no_cache
    assert not answer.cache_control.max_age


def forget() -> None:
    static_files._version.cache_clear()
    static_files._content.cache_clear()


def test_the_version_changes_with_the_content(tmp_path, monkeypatch):
    monkeypatch.setattr("lapor_web.static_files.resource", lambda _: tmp_path)
    versions = set()
    for text in ("a", "b"):
        (tmp_path / "x.css").write_text(text)
        forget()
        versions.add(static_version("x.css"))
    forget()

    assert len(versions) == 2


@pytest.mark.parametrize("address", ["/static/lapor.css", "/lupa-sandi"])
@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [("gzip, br, zstd", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)],
)
def test_pages_and_files_travel_compressed(get, address, accepted, encoding, unpack):
    answer = get(address, accepted)

    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.vary
    assert len(unpack(answer.data)) > len(answer.data)


def test_a_compressed_file_is_not_sent_twice(app, get):
    first = get("/static/lapor.css")
    again = app.test_client().get(
        "/static/lapor.css",
        headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]},
    )
    again.close()

    assert again.status_code == 304


def test_a_file_that_is_not_there_is_not_found(get):
    assert get("/static/nothing.css").status_code == 404
    assert get("/static/../wsgi.py").status_code == 404


def test_our_scripts_travel_without_comments_and_as_small_as_it_gets(get):
    answer = get("/static/phone.js")
    script = brotli.decompress(answer.data).decode()

    assert "//" not in script.replace("://", "")
    assert len(answer.data) <= 2560  # B10 of ux.md


def test_the_stylesheet_is_one_small_file(get):
    """B9 of ux.md: for citizens, desk, wall, phone and paper together."""
    sheet = brotli.decompress(get("/static/lapor.css").data)

    assert b"/*" not in sheet
    assert len(gzip.compress(sheet)) <= 8 * 1024


def test_what_others_wrote_travels_as_it_is(get):
    name = "vendor/htmx-2.0.11/htmx.min.js"
    answer = get(f"/static/{name}")

    assert brotli.decompress(answer.data) == resource("static").joinpath(name).read_bytes()


@pytest.mark.parametrize("name", ["phone.js", "locate.js"])
def test_telephones_of_2017_can_read_what_citizens_are_sent(name):
    """Chrome 61, by a parser that knows nothing newer than ECMAScript 2017."""
    esprima.parseModule(resource("static").joinpath(name).read_text())
