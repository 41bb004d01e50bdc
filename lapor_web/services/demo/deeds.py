"""The single steps of a life, each a deed that somebody does with the report of a scene."""

import datetime as dt

from lapor_web.models import ArchiveReason, Opd, Outcome
from lapor_web.services import (
    approval,
    checklist,
    closing,
    conversation,
    follow_up,
    reveal,
    split,
    undo,
    verification,
)
from lapor_web.services.demo import pictures
from lapor_web.services.demo.corpus import Nonsense, TwoMatters
from lapor_web.services.demo.scene import Scene
from lapor_web.services.follow_up import SHOWN_BY_EVIDENCE
from lapor_web.services.verification import Flags

WRONG_OFFICES = {
    "DPUPR": "DISPERKIM",
    "DISPERKIM": "DPUPR",
    "DLH": "SATPOLPP",
    "DISHUB": "DPUPR",
    "SATPOLPP": "DISHUB",
    "PERUMDAM": "DPUPR",
    "DINSOSPM": "DINKES",
    "DISDAG": "SATPOLPP",
    "DINKES": "DINSOSPM",
}
"""Where a coordinator sends it by mistake."""

UNITS_AT_WORK = {"KEC-SUNGAI-KUNJANG": "KEL-LOK-BAHU", "DINKES": "PKM-JUANDA"}
"""Which unit under an office goes there for it."""


def can_go_astray(office: str) -> bool:
    return office in WRONG_OFFICES


# The coordinator -------------------------------------------------------------------------------


def verify(scene: Scene) -> None:
    dispose(scene, scene.city.opds[scene.story.office])


def verify_wrongly(scene: Scene) -> None:
    dispose(scene, scene.city.opds[WRONG_OFFICES[scene.story.office]])


def dispose(scene: Scene, office: Opd) -> None:
    story, city = scene.story, scene.city
    area = city.area_of(story)
    flags = Flags(
        anonymous=scene.report.anonymous,
        confidential=scene.report.confidential,
        about_conduct=story.about_conduct,
        accused=city.opds.get(story.accused),
    )
    scene.coordinator(
        verification.Verify(
            opd=office,
            title=story.title,
            classification=story.classification,
            kind=story.kind,
            public_text="" if flags.confidential else story.text,
            category=city.categories.get(story.category),
            area_id=area.id if area else None,
            flags=flags,
            tembusan=copies(scene, office),
            note=scene.say("verify") if scene.chance(0.15) else "",
        )
    )


def copies(scene: Scene, office: Opd) -> tuple[Opd, ...]:
    """The kecamatan reads along now and then, in what is nobody's secret."""
    if scene.story.about_conduct or not scene.chance(0.18):
        return ()
    kecamatan = scene.city.areas.get(scene.story.kecamatan)
    return tuple(
        opd
        for opd in scene.city.opds.values()
        if kecamatan and opd.area_id == kecamatan.id and opd.id != office.id
    )


def hold(scene: Scene) -> None:
    scene.coordinator(verification.PutOnHold(scene.say("hold")))


def reassign(scene: Scene) -> None:
    """To the office that it should have gone to at first."""
    office = scene.city.opds[scene.story.office]
    scene.coordinator(verification.Reassign(office, scene.say("reassign")))


def send_outside(scene: Scene) -> None:
    there = scene.city.corpus.outside[scene.story.outside]
    scene.coordinator(closing.SendOutside(there["belongs_to"], there["text"]))


def archive_nonsense(scene: Scene, nonsense: Nonsense) -> None:
    reason = ArchiveReason(nonsense.archive_reason)
    scene.coordinator(closing.Archive(reason, nonsense.told))


def archive_unclear(scene: Scene) -> None:
    scene.coordinator(
        closing.Archive(
            ArchiveReason.UNCLEAR, "Lokasinya belum jelas, jadi belum dapat kami teruskan."
        )
    )


def unarchive(scene: Scene) -> None:
    scene.coordinator(closing.Unarchive(scene.say("unarchive")))


def merge(scene: Scene) -> None:
    assert scene.story.duplicate_of is not None  # noqa: S101  only repeated stories are merged
    parent = scene.city.told[scene.story.duplicate_of].report
    scene.coordinator(closing.Merge(parent, scene.say("merge")))


def unmerge(scene: Scene) -> None:
    scene.coordinator(closing.Unmerge(scene.say("unmerge")))


def take_apart(scene: Scene, two: TwoMatters) -> None:
    scene.coordinator(
        split.Split(two.text, two.place, scene.city.keys, title=two.title, note=scene.say("verify"))
    )


def tidy(scene: Scene) -> None:
    title = scene.story.title.rstrip(".!?")
    scene.coordinator(verification.Edit(title=title, note=scene.say("edit")))


def make_confidential(scene: Scene) -> None:
    report = scene.report
    flags = Flags(report.anonymous, True, report.about_conduct, report.accused)
    scene.coordinator(verification.Edit(flags=flags, note=scene.say("edit_hidden")))


def look_behind(scene: Scene) -> None:
    scene.coordinator(reveal.RevealIdentity(scene.say("reveal")))


def reopen_by_coordinator(scene: Scene) -> None:
    scene.coordinator(closing.ReopenByCoordinator(scene.say("admin_reopen")))


# The office ------------------------------------------------------------------------------------


def answer(scene: Scene) -> None:
    scene.office(follow_up.FollowUp(scene.say("first")))


def go_on(scene: Scene) -> None:
    scene.office(follow_up.FollowUp(scene.say("further")))


def take(scene: Scene) -> None:
    """To oneself, or to a colleague."""
    assignee = scene.city.rng.choice(scene.city.officers.colleagues(scene.holder))
    scene.office(follow_up.Assign(assignee))


def give_to_colleague(scene: Scene) -> None:
    scene.office(follow_up.Assign(scene.city.officers.colleagues(scene.holder)[-1]))


def give_to_unit(scene: Scene) -> None:
    unit = scene.city.opds[UNITS_AT_WORK[scene.holder.code]]
    scene.office(follow_up.Assign(unit))


def answer_by_unit(scene: Scene) -> None:
    scene.unit(follow_up.FollowUp(scene.say("first")))


def note(scene: Scene) -> None:
    scene.office(follow_up.Note(scene.say("note")))


def mention(scene: Scene) -> None:
    colleague = scene.city.officers.colleagues(scene.holder)[-1]
    scene.office(follow_up.Note(f"@{colleague.username} {scene.say('note')}"))


def note_steps(scene: Scene) -> None:
    """What is to be done about it, half of it done already."""
    session, report, handler = scene.city.session, scene.report, scene.handler
    words = scene.city.corpus.steps[scene.holder.code]
    steps = [checklist.add_step(session, report, one, handler, scene.now) for one in words]
    for step in steps[: len(steps) // 2]:
        checklist.tick(step, handler, scene.now, done=True)


def send_back(scene: Scene) -> None:
    scene.office(follow_up.Return(scene.say("return")))


def promise(scene: Scene) -> None:
    scene.office(follow_up.Promise(soon(scene, 5, 12)))


def ask_for_time(scene: Scene) -> None:
    scene.office(follow_up.AskForTime(scene.say("ask_time"), soon(scene, 8, 20)))


def soon(scene: Scene, least: int, most: int) -> dt.date:
    return scene.city.days.add(scene.today, scene.city.rng.randint(least, most))


def propose(scene: Scene) -> None:
    text = scene.city.corpus.find("final", scene.story)
    outcome = text.outcome or Outcome.EXPLAINED
    if outcome in SHOWN_BY_EVIDENCE:
        pictures.show(scene, by_reporter=False)
    scene.office(
        follow_up.Propose(
            text.text,
            outcome,
            outcome_on=soon(scene, 20, 60) if outcome is Outcome.SCHEDULED else None,
        )
    )


# Its supervisor --------------------------------------------------------------------------------


def approve(scene: Scene) -> None:
    scene.supervisor(approval.Approve())


def reject(scene: Scene) -> None:
    scene.supervisor(approval.Reject(scene.say("reject")))


def grant_time(scene: Scene) -> None:
    scene.supervisor(approval.GrantTime(granted=True))


def refuse_time(scene: Scene) -> None:
    scene.supervisor(approval.GrantTime(granted=False))


# The reporter ----------------------------------------------------------------------------------


def reply(scene: Scene) -> None:
    scene.reporter(conversation.Reply(scene.say("reply")))


def complete(scene: Scene) -> None:
    scene.reporter(verification.Complete(scene.say("complete")))


def confirm(scene: Scene) -> None:
    scene.reporter(conversation.Confirm())


def object_to_answer(scene: Scene) -> None:
    scene.reporter(conversation.Object(scene.say("objection")))


def object_to_archive(scene: Scene) -> None:
    scene.reporter(conversation.Object(scene.say("objection_archive")))


def object_to_outside(scene: Scene) -> None:
    scene.reporter(conversation.Object(scene.say("objection_outside")))


def rate_well(scene: Scene) -> None:
    rating = scene.city.rng.choices((3, 4, 5), (1, 3, 4))[0]
    text = scene.say("rating_high") if scene.chance(0.6) else ""
    scene.reporter(conversation.Rate(rating, text))


def rate_badly(scene: Scene) -> None:
    text = scene.say("rating_low") if scene.chance(0.7) else ""
    scene.reporter(conversation.Rate(scene.city.rng.choice((1, 2, 2)), text))


def reopen(scene: Scene) -> None:
    scene.reporter(conversation.Reopen(scene.say("reopen"), rating=scene.city.rng.choice((1, 2))))


def withdraw(scene: Scene) -> None:
    scene.reporter(conversation.Withdraw(scene.say("withdraw")))


def erase(scene: Scene) -> None:
    scene.reporter(conversation.Erase())


def consent(scene: Scene) -> None:
    scene.reporter(conversation.ConsentToOmbudsman())


# The clock -------------------------------------------------------------------------------------


def finish_by_silence(scene: Scene) -> None:
    scene.clock(conversation.FinishBySilence())


def expire(scene: Scene) -> None:
    scene.clock(conversation.Expire())


# A slip ----------------------------------------------------------------------------------------


def undo_by_coordinator(scene: Scene) -> None:
    scene.coordinator(undo.Undo())
