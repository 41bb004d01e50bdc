"""Who is signed in: Flask-Login over the rows of `services.sessions`, and who may enter where."""

import datetime as dt
import re
from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from flask import Flask, abort, request, session
from flask_login import LoginManager, current_user
from werkzeug import Response
from werkzeug.local import LocalProxy

from lapor_web import clock, resend
from lapor_web.extensions import db
from lapor_web.fragments import leave_for
from lapor_web.models import COORDINATION_ROLES, Role, User
from lapor_web.services import sessions

SIGN_IN = "/masuk"
TOKEN = "_user_id"  # noqa: S105 - where Flask-Login looks; ours holds a session's token, no id

login = LoginManager()
# It would tie a session to an address, and phones change theirs on the way.
login.session_protection = None


def init_app(app: Flask) -> None:
    # Proxies, not a context processor: pages that name nobody, errors among them, ask no database.
    login.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user
    app.jinja_env.globals["can_coordinate"] = LocalProxy(can_coordinate)


@login.user_loader
def load_user(token: str) -> User | None:
    return sessions.find_user(db.session(), token, clock.now())


def can_coordinate() -> bool:
    return current_user.is_authenticated and current_user.role in COORDINATION_ROLES


def signed_in_user() -> User:
    """The officer of this request; a stranger is sent to sign in, and loses nothing by it."""
    if current_user.is_authenticated:
        # A real object: the proxy would stay in a relationship it is assigned to.
        return cast(User, current_user._get_current_object())
    if request.method in {"GET", "HEAD"}:
        path = request.full_path if request.query_string else request.path
        abort(leave_for(f"{SIGN_IN}?{urlencode({'lanjut': path})}"))
    abort(resend.offer(resend.SIGNED_OUT))


def own_account() -> User:
    """The row of whoever is signed in, whosever desk is open: what one changes is one's own."""
    return db.session.get_one(User, signed_in_user().id)


def admit(*roles: Role) -> Callable[[], None]:
    """For `bp.before_request`: closes a whole blueprint to all but these roles, or, where none
    is named, to all but officers."""

    def closed() -> None:
        user = signed_in_user()
        if roles and user.role not in roles:
            abort(403)

    return closed


def token_of_this_browser() -> str:
    """Of the session that `signed_in_user` came by; empty for a stranger."""
    return cast(str, session.get(TOKEN, ""))


def start_session(token: str) -> None:
    """Nothing of before lives on: neither the token nor what somebody planted (S-34)."""
    session.clear()
    session[TOKEN] = token
    note_end(clock.now() + sessions.LIFETIME)


def note_end(until: dt.datetime) -> None:
    """For the page to say, two minutes before; what really ends it is the row."""
    session["until"] = int(until.timestamp())


def end_session() -> None:
    session.clear()


def local_path(path: str) -> str | None:
    """`path` when it stays on this site, else None (S-60)."""
    return path if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", path) else None


def after_sign_in(user: User, wanted: str | None) -> Response:
    """To where one was going, else to one's own first page; evaluators have no inbox."""
    own = "/koordinasi" if user.role is Role.EVALUATOR else "/kotak-masuk"
    return leave_for(local_path(wanted or "") or own)
