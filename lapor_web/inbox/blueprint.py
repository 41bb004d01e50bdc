"""The blueprint of the inbox, closed to all but the officers who have one."""

import logging
from typing import Any

from flask import Blueprint, Response, g, request

from lapor_web import city, labels
from lapor_web.inbox import words
from lapor_web.inbox.bulk_deeds import bulk_deeds_of
from lapor_web.inbox.presence_words import sentence_of
from lapor_web.inbox.rows import draw_row, draw_rows
from lapor_web.models import Role
from lapor_web.services.canned import KEEPS
from lapor_web.services.desk import VIEWS
from lapor_web.services.permitted import KNOWS_REPORTERS
from lapor_web.sign_in import admit, signed_in_user

ENTERS = frozenset({Role.INTAKE, Role.COORDINATOR})
"""Who types in what comes by telephone, letter or at the counter."""

MENDS = frozenset({Role.COORDINATOR, Role.INSPECTOR})
"""Who looks after messages that never arrived."""

COPIES = frozenset({Role.COORDINATOR})
"""Who notes what the national system has got."""

SEEKS = KNOWS_REPORTERS
"""Who may look for a reporter's other reports."""

logger = logging.getLogger(__name__)
bp = Blueprint("inbox", __name__, url_prefix="/kotak-masuk")
bp.before_request(admit(*VIEWS))


@bp.after_request
def note_out_of_reach(answer: Response) -> Response:
    """Who asks for what is not on their desk: one who tries many is found by the log, which names
    no report (S-43)."""
    sought = "number" in (request.view_args or {}) and "sought_none" not in g
    if answer.status_code == 404 and sought:
        logger.warning("officer %d asked for a report that is not theirs", signed_in_user().id)
    return answer


def note_that_none_was_sought() -> None:
    """By whoever answers 404 though nobody looks around for reports: an alarm that cries wolf is not
    heard."""
    g.sought_none = True


@bp.context_processor
def words_of_screens() -> dict[str, Any]:
    """Nothing here asks the database, for error pages are drawn with it too."""
    return {
        "view_words": words.VIEW,
        "order_words": words.ORDER,
        "chords": words.CHORDS,
        "status_words": labels.STATUS,
        "draw_row": draw_row,
        "draw_rows": draw_rows,
        "sentence_of": sentence_of,
        "channel_words": labels.CHANNEL,
        "classification_words": labels.CLASSIFICATION,
        "outcome_words": labels.OUTCOME,
        "archive_words": city.offered_reasons,
        "bulk_deeds_of": bulk_deeds_of,
        "copies": COPIES,
        "enters": ENTERS,
        "mends": MENDS,
        "seeks": SEEKS,
        "keeps_canned": KEEPS,
        "role_words": labels.ROLE,
    }
