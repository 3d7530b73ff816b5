"""A day that a simulated centre lives under the core, written down as the engine would have been told it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from router.core.events import Agent, Answer, Contact, Done, Ended, Event, Gone
from router.core.policy import SECOND, Policy
from router.core.version import CORE_VERSION
from router.log.archive_writer import ArchiveWriter
from router.log.entry import Entry
from router.simulate.centre import Centre
from router.simulate.draw import draw
from router.simulate.pool import Guichet
from router.simulate.scenario import Answering, Kind, Scenario, Spread, Team

CALLS = Kind(
    "calls", "phone", {"a": 3}, (70.0,), Spread(200), Spread(20), Spread(120),
    vulnerable=0.2, topic="housing", language="fr",
)  # fmt: skip
RARE = Kind(
    "rare", "phone", {"b": 2}, (20.0,), Spread(240), Spread(20), Spread(150), topic="rights", language="ar"
)
CHATS = Kind(
    "chats", "chat", {"a": 1}, (30.0,), Spread(300), patience=Spread(150), topic="housing", language="fr"
)
MAIL = Kind("mail", "email", {"a": 1}, (12.0,), Spread(200), due_s=3600, topic="housing", language="fr")
TEAMS = (
    Team(4, {"a": 8}, ((0.0, 1.5), (1.75, 3.0))),
    Team(1, {"a": 4, "b": 6}, ((0.0, 3.0),)),
    Team(1, {"b": 9}, ((0.5, 3.0),)),
)
SCENARIO = Scenario("a day", 3, (CALLS, RARE, CHATS, MAIL), TEAMS, Answering(2, 0.05, 0.05), seed=5)


class Recorder(Guichet):
    """The core, and everything that was said to it with what it answered."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.said: list[Entry] = []

    def say(self, event, at):
        effects = super().say(event, at)
        self.said.append(Entry(self.state.n, at, event, tuple(effects), core=CORE_VERSION))
        return effects


def lived(scenario: Scenario = SCENARIO, policy: Policy | None = None) -> list[Entry]:
    """Everything, in order."""
    recorder = Recorder(policy or Policy())
    Centre(scenario, draw(scenario, 0), recorder).live()
    return recorder.said


def lines(entries: list[Entry]) -> bytes:
    """As a driver would have written it to `guichet engine`."""
    return b"".join(
        msgspec.json.encode({"at": each.at / SECOND} | line(each.event)) + b"\n" for each in entries
    )


def line(event: Event) -> dict[str, object]:
    """An event in the protocol's words."""
    match event:
        case Contact():
            told: dict[str, object] = {
                "event": "contact", "contact": event.contact, "channel": event.channel,
                "needs": event.needs[0], "vulnerable": event.vulnerable, "topic": event.topic,
                "language": event.language,
            }  # fmt: skip
            return told | ({"due_s": event.due / SECOND} if event.due else {})
        case Agent() | Answer() | Ended() | Done():
            return msgspec.to_builtins(event)
        case Gone():
            return {"event": "gone", "contact": event.contact}
        case _:
            return {"event": "tick"}


def archive(folder: Path, entries: list[Entry]) -> Path:
    """The same as the archive of a pool."""
    writer = ArchiveWriter(folder, "main")
    writer.open(None)
    writer.write([msgspec.msgpack.encode(each) for each in entries])
    writer.close()
    return folder
