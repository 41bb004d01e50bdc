"""One report while its life is acted out: who does what with it, and when."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from sqlalchemy.orm import Session

from lapor_web.models import Agency, Area, Category, Channel, Opd, Report, Role, User
from lapor_web.services.deeds import REPORTER, SYSTEM, Deed, Doer, perform
from lapor_web.services.demo.corpus import Corpus, Story
from lapor_web.services.demo.officers import Officers
from lapor_web.services.identity import NOBODY, Identity
from lapor_web.services.keys import Keys
from lapor_web.services.storage import Storage
from lapor_web.services.submission import Entry, Submission, submit
from lapor_web.services.working_days import WorkingDays, wita_date


@dataclass
class City:
    """What all scenes share."""

    session: Session
    agency: Agency
    keys: Keys
    storage: Storage
    rng: Random
    corpus: Corpus
    officers: Officers
    opds: dict[str, Opd]
    areas: dict[str, Area]
    categories: dict[str, Category]
    days: WorkingDays
    told: dict[int, "Scene"] = field(default_factory=dict)
    """The first scene of each story, for reports that repeat it."""

    def area_of(self, story: Story) -> Area | None:
        """An office's own area, else a kelurahan of the kecamatan, else the kecamatan."""
        office = self.opds[story.office]
        if office.area_id:
            return next(area for area in self.areas.values() if area.id == office.area_id)
        kecamatan = self.areas.get(story.kecamatan)
        if kecamatan is None or self.rng.random() < 0.25:
            return kecamatan
        return self.rng.choice(
            [area for area in self.areas.values() if area.parent_id == kecamatan.id]
        )


@dataclass
class Scene:
    """`now` is set to the instant of each step before the step is done."""

    city: City
    story: Story
    form_key: str
    channel: Channel
    received_at: dt.datetime
    anonymous: bool = False
    confidential: bool = False
    now: dt.datetime = field(init=False)
    report: Report = field(init=False)

    @property
    def today(self) -> dt.date:
        return wita_date(self.now)

    @property
    def holder(self) -> Opd:
        holder = self.report.holder
        assert holder is not None  # noqa: S101  the lives act only where somebody holds it
        return holder

    def say(self, kind: str) -> str:
        return self.city.corpus.say(kind, self.story)

    def chance(self, probability: float) -> bool:
        return self.city.rng.random() < probability

    # ---- who acts ----

    def reporter(self, deed: Deed) -> None:
        self._do(REPORTER, deed)

    def clock(self, deed: Deed) -> None:
        self._do(SYSTEM, deed)

    def coordinator(self, deed: Deed) -> None:
        self._do(Doer.officer(self.city.officers.one(Role.COORDINATOR)), deed)

    def office(self, deed: Deed) -> None:
        self._do(Doer.officer(self.handler), deed)

    def unit(self, deed: Deed) -> None:
        """The one that does the work for the office that holds it."""
        unit = self.report.assigned_opd
        self._do(Doer.officer(self.city.officers.one(Role.LIAISON, unit)), deed)

    def supervisor(self, deed: Deed) -> None:
        self._do(Doer.officer(self.city.officers.one(Role.SUPERVISOR, self.holder)), deed)

    @property
    def handler(self) -> User:
        return self.city.officers.handler(self.holder)

    def _do(self, doer: Doer, deed: Deed) -> None:
        perform(
            self.city.session,
            self.report.id,
            deed,
            doer=doer,
            version=self.report.version,
            now=self.now,
        )

    # ---- how it begins ----

    def send(self) -> None:
        """By the reporter, or typed in by an officer for somebody who came another way."""
        story, city = self.story, self.city
        kecamatan = city.areas.get(story.kecamatan)
        happened = wita_date(self.received_at) - dt.timedelta(days=city.rng.randint(0, 6))
        form = Submission(
            key=self.form_key,
            story=story.text,
            place=story.place or (kecamatan.name if kecamatan else "Kota Samarinda"),
            area_id=kecamatan.id if kecamatan else None,
            happened_on=happened if story.kind == "complaint" and self.chance(0.6) else None,
            anonymous=self.anonymous or story.anonymous,
            confidential=self.confidential or story.confidential,
            about_conduct=story.about_conduct,
            about_service=story.about_service,
            identity=self.somebody(),
            entry=self.entry(),
        )
        receipt = submit(city.session, city.agency, form, keys=city.keys, now=self.now)
        self.report = city.session.get_one(Report, receipt.report_id)
        city.told.setdefault(story.id, self)

    def somebody(self) -> Identity:
        """Some leave nothing. The addresses are of a domain that never exists (RFC 2606)."""
        if self.chance(0.25):
            return NOBODY
        name, rng = self.city.corpus.somebody(), self.city.rng
        phone = f"0800{rng.randrange(10**6):06d}" if self.chance(0.7) else ""
        mail = f"{name.split()[0].strip('.').lower()}@contoh.invalid" if self.chance(0.4) else ""
        return Identity(name, phone, mail)

    def entry(self) -> Entry | None:
        if self.channel is Channel.WEB:
            return None
        tracking = str(self.city.rng.randrange(9_000_000, 12_000_000))
        return Entry(
            officer=self.city.officers.one(Role.INTAKE),
            channel=self.channel,
            received_at=self.received_at,
            source_account="@warga.samarinda" if self.channel is Channel.SOCIAL_MEDIA else None,
            tracking_id=tracking if self.channel is Channel.SP4N else None,
        )
