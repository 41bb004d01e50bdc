"""A form that arrives too late is handed back, ready to be sent again: nothing typed is lost."""

from dataclasses import dataclass

from flask import Response, make_response, render_template, request

NEVER_WRITTEN_BACK = frozenset({"csrf_token", "present", "again", "code"})
"""Secrets, beside whatever calls itself a password: a receipt code, and a password said again."""
NOT_SHOWN = "key"
"""Goes along, hidden: the receipt code is made from it."""
SHORTEST_SHOWN = 20
"""Letters. Longer texts are shown too, so that one sees they are still there; codes are not."""


@dataclass(frozen=True, slots=True)
class Reason:
    status: int
    heading: str
    text: str
    signs_in: bool = False


EXPIRED = Reason(
    403,
    "Formulir ini sudah terlalu lama terbuka",
    "Isi Anda masih ada. Tekan Kirim lagi. Bila halaman ini muncul terus, izinkan cookie di peramban Anda.",
)
SIGNED_OUT = Reason(
    401,
    "Anda sudah keluar",
    "Isi Anda masih ada. Masuk dulu di tab lain, lalu kembali ke sini dan tekan Kirim lagi.",
    signs_in=True,
)


def offer(reason: Reason) -> Response:
    """Only for a request that came from a page of ours: what was posted is written back, except
    passwords and files, which have to be given again."""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in NEVER_WRITTEN_BACK and "password" not in name
    ]
    page = render_template(
        "errors/resend.html",
        reason=reason,
        fields=fields,
        shown=[
            value for name, value in fields if len(value) > SHORTEST_SHOWN and name != NOT_SHOWN
        ],
        files=sorted({name for name, file in request.files.items(multi=True) if file.filename}),
    )
    return make_response(page, reason.status)
