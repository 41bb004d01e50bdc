"""A phone that writes to the city, by a gateway that forwards what it wrote."""

import dataclasses
import datetime as dt
import io
from dataclasses import dataclass, field

from PIL import Image
from small_city import KEYS, SmallCity
from sqlalchemy import select

from lapor_web.models import Answer, Channel, HistoryEntry, Medium, Report
from lapor_web.services import inbound_events
from lapor_web.services.answers import send
from lapor_web.services.channels import Channels, Letter, Sent
from lapor_web.services.channels.phone import Incoming, MediaGone, provider_name
from lapor_web.services.identity import Identity
from lapor_web.services.inbound_reports import Tools
from lapor_web.services.storage import Storage

PHONE, OTHER_PHONE = "6281234567890", "6285550001111"
REPORTER = Identity(phone="0812-3456-7890")


@dataclass
class Postbox:
    """A channel that keeps what it is given; `refusal` is raised instead."""

    letters: list[Letter] = field(default_factory=list)
    refusal: Exception | None = None
    tried: int = 0

    def send(self, letter: Letter) -> Sent:
        self.tried += 1
        if self.refusal:
            raise self.refusal
        self.letters.append(letter)
        return Sent(provider_name(f"gateway's {len(self.letters)}"))


@dataclass
class Talking:
    city: SmallCity
    storage: Storage
    media: dict[str, bytes | Exception] = field(default_factory=dict)
    box: Postbox = field(default_factory=Postbox)
    events: int = 0

    def tools(self) -> Tools:
        return Tools(
            session=self.city.session,
            agency=self.city.agency,
            keys=KEYS,
            storage=self.storage,
            now=self.city.now,
            base_url="https://lapor.test",
            fetch=self.fetch,
        )

    def fetch(self, media: str) -> bytes:
        found = self.media.get(media, MediaGone())
        if isinstance(found, Exception):
            raise found
        return found

    def event(self, text: str = "", *, sender: str = PHONE, **more: object) -> Incoming:
        self.events += 1
        usual = {"event_id": f"wamid.{self.events}", "channel": Channel.WHATSAPP}
        usual |= {"sender": sender, "sent_at": self.city.now, "text": text}
        return Incoming(**usual | more)  # type: ignore[arg-type]

    def take(self, *events: object) -> int:
        return inbound_events.take(
            self.city.session,
            self.city.agency,
            events,  # type: ignore[arg-type]
            keys=KEYS,
            now=self.city.now,
        )

    def work(self) -> None:
        """What the worker would do, as far as it is due."""
        session = self.city.session
        waiting = inbound_events.InboundEvent
        for event_id in list(
            session.scalars(select(waiting.id).where(waiting.outcome == "waiting"))
        ):
            inbound_events.read(event_id, self.tools())
        self.city.check()

    def says(self, text: str = "", **more: object) -> str:
        """What is answered, "" for nothing."""
        before = len(self.box.letters)
        self.take(self.event(text, **more))
        self.work()
        self.send_answers()
        self.city.now += dt.timedelta(seconds=30)
        return "\n".join(one.text for one in self.box.letters[before:])

    def send_answers(self, channels: Channels | None = None) -> None:
        session = self.city.session
        for answer_id in list(session.scalars(select(Answer.id).order_by(Answer.id))):
            ways = {Medium.PHONE: self.box, Medium.EMAIL: self.box}
            send(session, answer_id, channels or ways, keys=KEYS, now=self.city.now)

    # ---- what there is ----

    def reports(self) -> list[Report]:
        return list(self.city.session.scalars(select(Report).order_by(Report.id)))

    def newest(self, report: Report) -> HistoryEntry:
        return self.city.session.get_one(HistoryEntry, (report.id, report.version))

    def on_file(self, **fields: object) -> Report:
        """A report whose reporter left this phone."""
        return self.city.sent_to(**{"opd": "DISTRICT", "identity": REPORTER} | fields)

    def later(self, **by: int) -> None:
        self.city.wait(**by)


def twice(event: Incoming) -> tuple[Incoming, Incoming]:
    return event, dataclasses.replace(event)


def picture(colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "JPEG")
    return out.getvalue()
