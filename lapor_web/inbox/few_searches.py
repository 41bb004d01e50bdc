"""How many searches one browser has under way: whoever types on does not wait for what they ask no longer,
and the others do not wait for them (S-76)."""

import threading
from collections import Counter

from flask import abort, g, request

from lapor_web.inbox.blueprint import bp
from lapor_web.sign_in import token_of_this_browser

MOST_AT_ONCE = 6
"""Of one browser, in one process: some tabs, and the next reports that its keys load ahead."""
SEARCHES = frozenset({"inbox.list_reports", "inbox.read_report"})
"""Not deeds, which bear the words of their list too, and no open list, which looks at its own pace."""

_lock = threading.Lock()
_under_way: Counter[str] = Counter()
"""By the browser's token, which stays in memory."""


@bp.before_app_request
def begin_search() -> None:
    """Before anybody asks who that is: what is refused takes no connection from the others."""
    if request.endpoint not in SEARCHES or not request.args.get("cari"):
        return
    if not (token := token_of_this_browser()):
        return
    with _lock:
        if _under_way[token] < MOST_AT_ONCE:
            _under_way[token] += 1
            g.searches_for = token
            return
    abort(429, retry_after=1)


@bp.teardown_app_request
def end_search(_error: BaseException | None) -> None:
    if token := g.pop("searches_for", ""):
        with _lock:
            _under_way[token] -= 1
            if not _under_way[token]:
                del _under_way[token]
