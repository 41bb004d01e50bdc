"""Little everywhere, photos where a view says so."""

import pytest

from lapor_web.body_size import WITH_FILES, WITHOUT_FILES

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("address", "kind", "most"),
    [
        ("/lapor", MULTIPART, WITH_FILES),
        ("/lapor", FORM, WITHOUT_FILES),
        ("/lapor/kirim", MULTIPART, WITHOUT_FILES),
        ("/lacak", FORM, WITHOUT_FILES),
    ],
)
def test_a_body_over_the_limit_is_refused_unread(app, db, address, kind, most):
    client = app.test_client()
    for size, refused in ((most, False), (most + 1, True)):
        claimed = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": kind}
        answer = client.post(address, environ_overrides=claimed)

        assert (answer.status_code == 413) is refused
