"""A message of a person comes in: an answer about one of their reports, or the start of a new one.

Whose reports it may touch, the address on file says (`services.senders`): to anybody else a report
and none at all are the same, and so is every word that they get back.
"""

import dataclasses

from lapor_web.models import Handled, Medium, Question, Report, Status
from lapor_web.models.workflow import OPEN
from lapor_web.services import inbound_texts as texts
from lapor_web.services import senders
from lapor_web.services.dialogues import Draft, Talk
from lapor_web.services.inbound_reports import Message, Result, Tools, add_to, make_report
from lapor_web.services.inbound_words import (
    LONGEST_PLACE,
    LONGEST_STORY,
    SHORTEST_STORY,
    after_new_report,
    boxes_in,
    cancels,
    number_in,
    place_in,
    readings,
    verdict_of,
)
from lapor_web.text import clean, clean_line

SAYS_NOTHING = Result(Handled.ANSWERED)
"""Taken to what is being told; the question stands."""


def respond(tools: Tools, message: Message, talk: Talk) -> Result:
    """To a message by phone. Changes the talk; raises what deeds and gateways raise."""
    message = dataclasses.replace(
        message,
        text=clean(message.text)[:LONGEST_STORY],
        place=clean_line(message.place)[:LONGEST_PLACE],
    )
    if message.unreadable:
        return asked(texts.UNREADABLE)
    if senders.told_an_officer(tools.session, [message.quotes]):
        return asked(texts.WRITE_IT_THERE)
    told = after_new_report(message.text)
    if told is not None:
        return begin(tools, dataclasses.replace(message, text=clean(told)), talk, sure=True)
    if talk.asks is not None and not is_verdict_now(tools, message):
        return go_on(tools, message, talk)
    return about_a_report(tools, message, talk) or begin(tools, message, talk)


def asked(answer: str) -> Result:
    return Result(Handled.ANSWERED, answer)


# ---- about a report of theirs ----


def about_a_report(tools: Tools, message: Message, talk: Talk) -> Result | None:
    """None where nothing of theirs can be meant."""
    number, rest = number_in(tools.agency.prefixes, message.text)
    reports = their_reports(tools, message.sender)
    if number:
        named = next((one for one in reports if one.number == number), None)
        if named is None:
            return asked(texts.NOT_HERE)
        return add_to(tools, named, dataclasses.replace(message, text=rest or message.text))
    quoted = senders.quoted(tools.session, reports, message.quotes)
    if quoted is not None:
        return add_to(tools, quoted, message)
    verdict = verdict_of(message.text)
    meant = [one for one in reports if one.status in OPEN]
    if verdict is not None:
        # To finish the wrong one would be worse than to ask.
        meant = [one for one in reports if one.status is Status.AWAITING_REPORTER] or meant
        if not meant and reports:
            return asked(texts.closed(reports[-1], tools.base_url))
    if not meant:
        return None
    only = meant[0] if len(meant) == 1 else None
    if only is None and verdict is None:
        only = senders.last_written_to(tools.session, meant)
    if only is None:
        talk.ask(Question.WHICH, draft_of(message))
        return asked(texts.ask_which(meant))
    return add_to(tools, only, message)


def their_reports(tools: Tools, sender: str) -> list[Report]:
    return senders.reports_of(
        tools.session, tools.agency, Medium.PHONE, sender, keys=tools.keys, now=tools.now
    )


def is_verdict_now(tools: Tools, message: Message) -> bool:
    """A "1" while we ask for a place: an answer to another message of ours."""
    return verdict_of(message.text) is not None and any(
        one.status is Status.AWAITING_REPORTER for one in their_reports(tools, message.sender)
    )


# ---- a new one ----


def begin(tools: Tools, message: Message, talk: Talk, *, sure: bool = False) -> Result:
    """`sure`: they said that it is a report. A greeting gets told what this is, and no question."""
    draft = draft_of(message)
    if not sure and len(draft.text) < SHORTEST_STORY and not (draft.media or draft.place):
        return asked(texts.help_text(tools.agency))
    return advance(tools, draft, talk)


def draft_of(message: Message) -> Draft:
    boxes, text = boxes_in(message.text)
    return Draft(
        key=message.key,
        channel=message.channel,
        sender=message.sender,
        text=text,
        media=message.media,
        place=message.place or place_in(text),
        anonymous=boxes.anonymous,
        confidential=boxes.confidential,
    )


def advance(tools: Tools, draft: Draft, talk: Talk) -> Result:
    """Ask for what is missing, or make the report."""
    if len(draft.text) < SHORTEST_STORY:
        talk.ask(Question.STORY, draft)
        return asked(texts.ASK_STORY)
    if not draft.place:
        talk.ask(Question.PLACE, draft)
        return asked(texts.ASK_PLACE)
    talk.end()
    return make_report(tools, draft)


def go_on(tools: Tools, message: Message, talk: Talk) -> Result:
    """With what we asked for, or with more of what is being told."""
    if cancels(message.text):
        talk.end()
        return asked(texts.DROPPED)
    draft = talk.draft
    if draft is None:  # sealed under another secret: they have to tell it again
        talk.end()
        return begin(tools, message, talk)
    if talk.asks is Question.WHICH:
        return choose(tools, message, draft, talk)
    boxes, text = boxes_in(message.text)
    more = dataclasses.replace(
        draft,
        media=draft.media + message.media,
        place=draft.place or message.place,
        anonymous=draft.anonymous or boxes.anonymous,
        confidential=draft.confidential or boxes.confidential,
    )
    if talk.asks is Question.PLACE and text and not more.place:
        more = with_place(more, text)
    elif text:
        more = more.say(text)
    if message.media and not text and not message.place:
        talk.ask(talk.asks or Question.STORY, more)
        return SAYS_NOTHING
    return advance(tools, more, talk)


def with_place(draft: Draft, text: str) -> Draft:
    """What is too long for a place goes on telling, and nothing of it is lost."""
    place = place_in(text) or clean_line(text)
    if len(place) > LONGEST_PLACE:
        draft = draft.say(text)
    return dataclasses.replace(draft, place=place[:LONGEST_PLACE])


def choose(tools: Tools, message: Message, draft: Draft, talk: Talk) -> Result:
    """Of several reports. A number of somebody else's is as unknown as one of nobody's."""
    numbers = readings(tools.agency.prefixes, message.text)
    theirs = their_reports(tools, message.sender)
    chosen = next((one for number in numbers for one in theirs if one.number == number), None)
    if chosen is not None:
        talk.end()
        meant = dataclasses.replace(
            message, key=draft.key, text=draft.text, media=draft.media + message.media
        )
        return add_to(tools, chosen, meant)
    if numbers:
        return asked(texts.NOT_HERE)
    more = draft.say(message.text) if message.text else draft
    talk.ask(Question.WHICH, dataclasses.replace(more, media=more.media + message.media))
    return asked(texts.ask_which([one for one in theirs if one.status in OPEN]))
