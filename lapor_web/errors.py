"""Error pages: what happened and what to do, in Indonesian, without the database."""

import logging

from flask import Flask, Response, make_response, render_template
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from lapor_web.city import NotSeeded
from lapor_web.extensions import db

logger = logging.getLogger(__name__)

SECONDS_UNTIL_RETRY = "2"

WORDS = {
    400: (
        "Permintaan tidak dapat dibaca",
        "Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi.",
    ),
    401: (
        "Masuk dulu",
        "Halaman ini untuk petugas. Masuk dengan nama pengguna dan kata sandi Anda.",
    ),
    403: ("Tidak untuk peran Anda", "Minta bantuan koordinator bila Anda memerlukan tindakan ini."),
    404: ("Halaman tidak ditemukan", "Periksa alamatnya, atau mulai dari halaman depan."),
    405: ("Cara ini tidak dapat dipakai di sini", "Kembali dan tekan tombol yang ada di halaman."),
    409: ("Laporan sudah berubah", "Muat ulang laporan untuk melihat perubahan terbaru."),
    413: ("Kiriman terlalu besar", "Kurangi jumlah atau ukuran foto, lalu kirim lagi."),
    415: ("Jenis kiriman tidak dikenal", "Kirim lewat formulir di halaman ini."),
    422: ("Ada yang perlu dilengkapi", "Kembali dan periksa isian Anda."),
    429: ("Terlalu sering", "Tunggu beberapa menit, lalu coba lagi."),
    500: ("Sistem sedang mengalami gangguan", "Coba lagi beberapa menit lagi."),
    503: ("Sistem sedang mengalami gangguan", "Coba lagi beberapa menit lagi."),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(OperationalError, show_database_away)
    app.register_error_handler(PoolTimeout, show_too_busy)
    app.register_error_handler(NotSeeded, show_not_seeded)
    app.register_error_handler(DataError, show_unreadable)
    app.teardown_appcontext(let_go)


def show_http_error(error: HTTPException) -> Response:
    """Keeps the headers that belong to the status, such as Allow of 405."""
    response = error_page(error.code or 500)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def show_database_away(error: OperationalError) -> Response:
    # The statement and its values stay out of the log: they may be a reporter's words.
    logger.error("database is away: %s", type(error.orig).__name__)
    return come_again()


def show_too_busy(_error: PoolTimeout) -> Response:
    """All connections of this process were in use for too long: it has more to do than it can."""
    logger.error("no connection to the database is free")
    return come_again()


def come_again() -> Response:
    response = error_page(503)
    response.headers["Retry-After"] = SECONDS_UNTIL_RETRY
    return response


def show_unreadable(error: DataError) -> Response:
    """A NUL, a number of thirty digits: what PostgreSQL cannot take, nobody meant to send. Logged,
    for a view that lets it get that far checks too little; the value stays out of the log."""
    logger.warning("unreadable value: %s", type(error.orig).__name__)
    return error_page(400)


def show_not_seeded(problem: NotSeeded) -> Response:
    logger.error("%s", problem)
    return error_page(503)


def let_go(_error: BaseException | None) -> None:
    """Before Flask-SQLAlchemy does: where the connection broke after the last question, giving it back
    fails, and the answer that is already made would become a 500."""
    try:
        db.session.remove()
    except DBAPIError as error:
        logger.warning("database went away after the answer: %s", type(error.orig).__name__)
        db.session.registry.clear()


def error_page(status: int) -> Response:
    heading, text = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    page = render_template("errors/error.html", status=status, heading=heading, text=text)
    return make_response(page, status)
