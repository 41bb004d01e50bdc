"""A redirect has an address and no page."""


def test_a_redirect_has_no_page(app, db, browser):
    answer = browser.get("/kotak-masuk")

    assert answer.status_code == 303
    assert answer.location
    assert answer.data == b""
    assert answer.headers["Content-Length"] == "0"
