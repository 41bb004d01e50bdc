"""Which story is told when, by which way in, and how it goes on."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lapor_web.models import Channel, Classification, Kind
from lapor_web.services.demo import deeds, pictures
from lapor_web.services.demo.corpus import Nonsense, Story, TwoMatters, in_season
from lapor_web.services.demo.deeds import can_go_astray
from lapor_web.services.demo.examples import form_key
from lapor_web.services.demo.lives import Hours, Life, Recipes, Step
from lapor_web.services.demo.poses import Pose, poses
from lapor_web.services.demo.scene import City, Scene
from lapor_web.services.demo.timing import (
    CLOSES,
    OPENS,
    at_home,
    day_before,
    instant,
    instants,
    until,
)
from lapor_web.services.demo.variants import can_be_retold, told_again
from lapor_web.services.working_days import wita_date

REPORTS = 400
DAYS_BACK = 730
YOUNGEST_FREE_LIFE = 18
"""Days; what came in later than that is posed."""

CHANNELS = {
    Channel.WEB: 52,
    Channel.WHATSAPP: 14,
    Channel.SP4N: 11,
    Channel.COUNTER: 6,
    Channel.PHONE: 5,
    Channel.SOCIAL_MEDIA: 5,
    Channel.LETTER: 3,
    Channel.CALL_CENTER: 2,
    Channel.SMS: 1,
    Channel.OTHER_APP: 1,
}

WITH_PICTURE = {"DPUPR": 0.4, "DLH": 0.35, "DISHUB": 0.3, "PERUMDAM": 0.2, "SATPOLPP": 0.2}
"""How many send a photo along, by what their report is about."""

ANONYMOUS, CONFIDENTIAL = 0.28, 0.12
"""How many tick a box that their story does not ask for."""


@dataclass
class Part:
    """A report to be, with the instant of each step of its life."""

    scene: Scene
    life: Life
    entered_at: dt.datetime
    at: list[dt.datetime]


@dataclass
class Casting:
    city: City
    now: dt.datetime
    reports: int = REPORTS
    """How many there are to be; what must be there today is there in any case."""
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = self.city.rng
        self.horizon = self.now - dt.timedelta(minutes=2)
        self.today = wita_date(self.now)
        corpus = self.city.corpus
        self.repeated = {story.duplicate_of for story in corpus.stories} - {None}
        self.pool = [
            story for story in corpus.stories if story.is_ordinary and story.id not in self.repeated
        ]
        self.rng.shuffle(self.pool)
        self.texts: set[str] = set()
        self.not_used_yet = list(CHANNELS)

    def everything(self) -> list[Part]:
        """Special lives first, then what must be there today, and ordinary ones up to the number."""
        self.cast_conduct()
        self.cast_outside()
        self.cast_repeated()
        self.cast_nonsense()
        split_off = self.cast_two_matters()
        for pose in poses():
            self.cast_pose(pose)
        self.cast_free(max(0, self.reports - len(self.parts) - split_off))
        return self.parts

    # ---- the kinds ----

    def cast_conduct(self) -> None:
        """Most are closed; one stands at each step today."""
        stories = [story for story in self.city.corpus.stories if story.about_conduct]
        for number, story in enumerate(stories):
            recipes = self.recipes(story)
            whole = recipes.inspected_at_once() if story.about_service else recipes.inspected()
            if number % 3:
                self.add_free(story, whole)
            else:
                steps = 1 + number // 3 % 3
                self.add_posed(story, whole[:steps], idle=self.rng.choice((1, 3, 7)))

    def cast_outside(self) -> None:
        for number, story in enumerate(s for s in self.city.corpus.stories if s.outside):
            recipes = self.recipes(story)
            self.add_free(story, recipes.outside_objected() if number == 1 else recipes.outside())

    def cast_repeated(self) -> None:
        """A matter, and soon after it whoever reports the same."""
        by_id = {story.id: story for story in self.city.corpus.stories}
        first: dict[int, dt.datetime] = {}
        for number, story in enumerate(s for s in by_id.values() if s.duplicate_of):
            original = by_id[story.duplicate_of or 0]
            if original.id not in first:
                part = self.add_free(original, self.recipes(original).ordinary(), open_to_all=True)
                first[original.id] = part.entered_at
            life = self.recipes(story).merged()
            if number == 0:
                life = [*life, Step(1, deeds.unmerge), *self.recipes(story).ordinary()]
            day = wita_date(first[original.id]) + dt.timedelta(days=self.rng.randint(2, 5))
            self.add(story, life, day, open_to_all=True)

    def cast_nonsense(self) -> None:
        for number, nonsense in enumerate(self.city.corpus.nonsense):
            story = as_story(nonsense)
            archived = Step(self.rng.randint(0, 2), archive(nonsense))
            if number < 2:
                self.add_posed(story, [archived], idle=number)
            else:
                self.add_free(story, [archived])

    def cast_two_matters(self) -> int:
        """The second of each waits to be verified; how many there are."""
        two_matters = self.city.corpus.two_matters
        for number, two in enumerate(two_matters):
            apart = [Step(number, take_apart(two)), Step(0, deeds.verify)]
            self.add_posed(two.both, apart, idle=number)
        return len(two_matters)

    def cast_pose(self, pose: Pose) -> None:
        fitting = [story for story in self.pool if pose.fits(story)]
        if fitting:
            story = max(fitting[:6], key=lambda one: in_season(one, self.today))
            self.pool.remove(story)
        else:
            told = [story for story in self.city.corpus.stories if story.is_ordinary]
            story = self.retell(self.rng.choice([one for one in told if pose.fits(one)]))
        life = [step for step in pose.life if self.needed(step, story)]
        self.add_posed(story, life, pose.idle)

    def needed(self, step: Step, story: Story) -> bool:
        approves = step.do in (deeds.approve, deeds.reject)
        return not approves or self.city.opds[story.office].needs_approval

    def cast_free(self, count: int) -> None:
        again = [story for story in self.city.corpus.stories if can_be_retold(story)]
        for number in range(count):
            told_before = number >= len(self.pool)
            story = self.retell(self.rng.choice(again)) if told_before else self.pool[number]
            self.add_free(story, self.free_life(story, number))

    def retell(self, story: Story) -> Story:
        """In words that nobody has used yet."""
        streets = self.city.corpus.streets.get(story.kecamatan, [])
        while (told := told_again(story, streets, self.rng)).text in self.texts:
            pass  # there are thirty ways at least, and a few that were used
        self.texts.add(told.text)
        return told

    def free_life(self, story: Story, number: int) -> Life:
        """Each kind once, the rare ones too; then as often as it is usual."""
        recipes = self.recipes(story)
        lives: list[tuple[float, Callable[[], Life]]] = [
            (44, recipes.ordinary),
            (6, recipes.promised),
            (5, recipes.objected),
            (5, recipes.held_first),
            (4, recipes.never_completed),
            (3, recipes.held_later),
            (3, recipes.reopened),
            (3, recipes.withdrawn),
            (3, recipes.tidied),
            (2, recipes.reopened_by_coordinator),
            (2, recipes.wrongly_archived),
            (2, recipes.consented),
            (1, recipes.unarchived),
            (1, recipes.hidden_later),
            (1, recipes.looked_behind),
            (1, recipes.erased),
        ]
        if story.kind is not Kind.COMPLAINT:
            lives.append((40, recipes.at_one_go))
        if recipes.needs_approval:
            lives += [(4, recipes.rejected), (4, recipes.more_time)]
        if can_go_astray(story.office):
            lives += [(7, recipes.sent_back), (5, recipes.handed_on), (2, recipes.slipped)]
        if number < len(lives):
            return lives[number][1]()
        return self.rng.choices([life for _, life in lives], [weight for weight, _ in lives])[0]()

    def recipes(self, story: Story) -> Recipes:
        return Recipes(story, self.city.opds[story.office].needs_approval, self.rng)

    # ---- onto the calendar ----

    def add_free(self, story: Story, life: Life, *, open_to_all: bool = False) -> Part:
        return self.add(story, life, self.some_day(story), open_to_all=open_to_all)

    def some_day(self, story: Story) -> dt.date:
        """In season, and the later the likelier: a service gets known."""
        days = [
            self.today - dt.timedelta(days=self.rng.randint(YOUNGEST_FREE_LIFE, DAYS_BACK))
            for _ in range(8)
        ]
        weights = [
            in_season(story, day) * (1.7 - 1.3 * (self.today - day).days / DAYS_BACK)
            for day in days
        ]
        return self.rng.choices(days, weights)[0]

    def add_posed(self, story: Story, life: Life, idle: int) -> Part:
        waits = sum(step.wait for step in life)
        fresh = not life and not idle  # people report on Sundays as well
        day = self.today if fresh else day_before(self.today, waits + idle, self.city.days)
        part = self.add(story, life, day)
        pressed = until(self.horizon, [part.entered_at, *part.at], self.rng)
        part.entered_at, part.at = pressed[0], pressed[1:]
        part.scene.received_at = min(part.scene.received_at, part.entered_at)
        return part

    def add(self, story: Story, life: Life, day: dt.date, *, open_to_all: bool = False) -> Part:
        scene = self.scene(story, day, open_to_all=open_to_all)
        entered_at = scene.received_at
        if scene.channel is not Channel.WEB:
            entered_at += dt.timedelta(minutes=self.rng.randint(3, 75))
        at = instants(entered_at, life, self.city.days, self.rng)
        part = Part(scene, life, entered_at, at)
        self.parts.append(part)
        return part

    def scene(self, story: Story, day: dt.date, *, open_to_all: bool) -> Scene:
        rng = self.rng
        by_itself = story.about_conduct or not self.city.days.is_working_day(day)
        channel = Channel.WEB if by_itself else self.some_channel()
        by_officer = instant(day, rng.randint(OPENS, CLOSES), rng)
        return Scene(
            city=self.city,
            story=story,
            form_key=form_key(len(self.parts)),
            channel=channel,
            received_at=at_home(day, rng) if channel is Channel.WEB else by_officer,
            anonymous=rng.random() < ANONYMOUS,
            confidential=not open_to_all and rng.random() < CONFIDENTIAL,
        )

    def some_channel(self) -> Channel:
        """Each once, the rare ones too; then as often as it is usual."""
        if self.not_used_yet:
            return self.not_used_yet.pop()
        return self.rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]


def archive(nonsense: Nonsense) -> Callable[[Scene], None]:
    return lambda scene: deeds.archive_nonsense(scene, nonsense)


def take_apart(two: TwoMatters) -> Callable[[Scene], None]:
    return lambda scene: deeds.take_apart(scene, two)


def as_story(nonsense: Nonsense) -> Story:
    """Nobody ever gives it a title or a class."""
    return Story(
        id=0,
        text=nonsense.text,
        place=nonsense.place,
        title="",
        kind=Kind.COMPLAINT,
        classification=Classification.NON_SUPERVISORY,
        category="",
        office="DISKOMINFO",
        kecamatan=nonsense.kecamatan,
        accused="",
        anonymous=False,
        confidential=False,
        duplicate_of=None,
        outside="",
    )


def in_order(parts: list[Part], horizon: dt.datetime) -> Iterator[tuple[dt.datetime, Scene, Step]]:
    """All steps of all lives as they follow one another, up to `horizon`."""
    steps = [
        (at, number, place, part.scene, step)
        for number, part in enumerate(parts)
        for place, (at, step) in enumerate(
            zip([part.entered_at, *part.at], [ENTER, *part.life], strict=True)
        )
        if at <= horizon
    ]
    steps.sort(key=lambda one: one[:3])
    return ((at, scene, step) for at, _, _, scene, step in steps)


def enter(scene: Scene) -> None:
    scene.send()
    if scene.chance(WITH_PICTURE.get(scene.story.office, 0.05)) and scene.story.title:
        pictures.show(scene, by_reporter=True)


ENTER = Step(0, enter, Hours.HOME)
