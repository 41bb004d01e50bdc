"""What the reporter would receive, in the very words that will leave: page, SMS and e-mail."""

from dataclasses import dataclass

from flask import current_app, request

from lapor_web.letters.page import Page
from lapor_web.letters.to_reporter import WHY, choose_words, shows_words, values_of
from lapor_web.models import Action, Medium, Report, Role
from lapor_web.services.deeds import TOLD_BY_MESSAGE
from lapor_web.services.news import News

SAMPLE_LINK = "/l/0000000000"
"""As long as one that leaves; the true one is made when the message is."""


@dataclass(frozen=True, slots=True)
class Preview:
    words: str
    """On the reporter's page, and where the report is published, on everybody's."""
    sms: str
    subject: str
    mail: str
    waits: bool
    """It leaves only when a supervisor has approved it."""


def preview_of(report: Report, action: Action, role: Role, words: str) -> Preview:
    news = News(
        kind=TOLD_BY_MESSAGE[action],
        number=report.number,
        hidden=not report.is_ordinary,
        office=report.holder.short_name if report.holder else "",
        due_on=report.due_on,
        words=words,
        silence_days=report.silence_limit,
    )
    chosen = choose_words(news)
    base = current_app.config.get("LAPOR_BASE_URL") or request.host_url
    page = Page(
        words=chosen,
        values=values_of(news),
        link=f"{base.rstrip('/')}{SAMPLE_LINK}",
        quote=words if shows_words(news, chosen) else "",
        why=WHY,
        template=news.kind.value,
    )
    mail = page.letter("", Medium.EMAIL, "")
    waits = action is Action.PROPOSE and report.holder is not None and report.holder.needs_approval
    return Preview(
        words=words,
        sms=page.letter("", Medium.PHONE, "").text,
        subject=mail.subject,
        mail=mail.text,
        waits=waits,
    )
