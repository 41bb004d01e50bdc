"""The registry of deeds against the transition table: none forgotten, none left over."""

import pytest
from browser import page_of

from lapor_web.inbox.registry import (
    DONE_IN_A_MEETING,
    DONE_IN_SETTINGS,
    DONE_WITH_MESSAGES,
    SLUGS,
    VERBS,
    find_verb,
)
from lapor_web.inbox.words import CHORDS
from lapor_web.models import TRANSITIONS, Role, Status, actions_for
from lapor_web.models.user import ACCOUNT_ROLES


def test_every_deed_of_an_officer_has_an_address():
    of_officers = {row.action for row in TRANSITIONS if row.doers & set(ACCOUNT_ROLES)}

    assert {verb.action for verb in VERBS} == of_officers - {
        *DONE_IN_A_MEETING,
        *DONE_IN_SETTINGS,
        *DONE_WITH_MESSAGES,
    }


def test_the_addresses_are_those_of_the_design():
    assert {
        *("verifikasi", "tunda", "bukan-wewenang", "arsipkan", "gabungkan", "tindak-lanjut"),
        *("kembalikan", "alihkan", "ajukan-selesai", "setujui", "tolak", "buka-kembali"),
        *("catatan", "tugaskan", "minta-waktu", "janji", "ubah", "lengkapi", "batal-arsip"),
        *("batal-gabung", "pisahkan", "buka-identitas", "urungkan"),
    } == SLUGS


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_an_address_means_one_deed_for_a_role_and_a_key_one_button(role):
    for status in Status:
        keys = [verb.key for verb in VERBS if verb.action in actions_for(status, role)]
        assert len(keys) == len(set(keys)), status
    for slug in SLUGS:
        meant = [verb for verb in VERBS if verb.slug == slug and find_verb(slug, role) is verb]
        assert len(meant) <= 1


def test_one_address_asks_for_time_and_grants_it():
    asked, granted = (find_verb("minta-waktu", role) for role in (Role.LIAISON, Role.SUPERVISOR))

    assert (asked.words, granted.words) == ("Minta waktu", "Tambahan waktu")
    assert find_verb("minta-waktu", Role.LEADER) is None


def test_every_key_is_listed_also_where_no_script_opens_the_window(browser, city):
    page = page_of(browser.get("/bantuan"))
    listed = {key.text.lower() for key in page.select("#pintasan ~ * kbd")}

    assert {verb.key for verb in VERBS} <= listed
    assert {"j", "k", "x", "/", ";", "?", *CHORDS.values()} <= listed
