"""What a city calls itself: name, colours, prefix of its numbers, its words for archiving a report."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from lapor_web.models import Agency, Subject
from lapor_web.services.configuration import Configuring, NotThisWay

KEY = "city"
PREFIX = re.compile(r"[A-Z]{2,5}")
LONGEST_CODE = 32
FEWEST_WORDS, MOST_WORDS = 1, 20
"""Of its own, that a first answer may be asked for."""


def change_city(
    act: Configuring,
    *,
    service_name: str,
    city_name: str,
    name: str,
    number_prefix: str,
    colours: Mapping[str, str],
    usual: Mapping[str, str],
    answer_words: int,
) -> bool:
    """New numbers get the new prefix; those that bear an old one are found for ever. `usual` are the
    colours of a city that chose none. Raises NotThisWay."""
    agency = act.agency
    before = facts_of(agency, usual)
    _change_prefix(act, number_prefix.upper())
    agency.service_name, agency.city_name, agency.name = service_name, city_name, name
    agency.colours = dict(colours)
    agency.answer_words = _words_of_an_answer(answer_words)
    act.session.flush()
    return act.note(Subject.CITY, KEY, service_name, before, facts_of(agency, usual))


def _words_of_an_answer(typed: int) -> int:
    if not FEWEST_WORDS <= typed <= MOST_WORDS:
        raise NotThisWay("answer_words", f"Tulis angka dari {FEWEST_WORDS} sampai {MOST_WORDS}")
    return typed


def _change_prefix(act: Configuring, new: str) -> None:
    agency = act.agency
    if new == agency.number_prefix:
        return
    if not PREFIX.fullmatch(new):
        raise NotThisWay("number_prefix", "Pakai dua sampai lima huruf, misalnya SMR")
    others = select(Agency.id).where(Agency.number_prefix == new, Agency.id != agency.id)
    if act.session.scalar(others) is not None:
        raise NotThisWay("number_prefix", "Awalan ini dipakai instansi lain")
    former = [one for one in agency.former_prefixes if one != new]
    agency.former_prefixes = [agency.number_prefix, *former]
    agency.number_prefix = new


def facts_of(agency: Agency, usual: Mapping[str, str]) -> dict[str, Any]:
    return {
        "service_name": agency.service_name,
        "city_name": agency.city_name,
        "agency_name": agency.name,
        "number_prefix": agency.number_prefix,
        "answer_words": agency.answer_words,
        **usual,
        **agency.colours,
    }


def change_reasons(act: Configuring, known: Sequence[Mapping[str, Any]]) -> int:
    """All reasons as they are to be, in order: `code`, `words`, `active`. A code is never taken
    away, for reports have it. How many of them changed."""
    before = {one["code"]: one for one in act.agency.archive_reasons}
    act.agency.archive_reasons = [dict(one) for one in known]
    act.session.flush()
    changed = 0
    for one in known:
        old = before.get(one["code"], {})
        changed += act.note(
            Subject.ARCHIVE_REASON,
            one["code"],
            one["words"],
            {name: old[name] for name in ("words", "active") if name in old},
            {name: one[name] for name in ("words", "active")},
        )
    return changed


def code_for(words: str, taken: Sequence[str]) -> str:
    """Of a new reason: made of its words once, and kept."""
    code = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[: LONGEST_CODE - 4] or "alasan"
    tries = [code, *(f"{code}_{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in tries if one not in taken)
