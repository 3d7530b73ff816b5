"""A busy centre's day as a stream of lines: many agents, no two alike, topics in several languages.

`tests.engine.generate` draws small centres and hostile drivers; here lines are long, agents are scarce for
some and idle for others, deferrable work lies about, shifts change and refusals come in storms.
"""

from __future__ import annotations

from random import Random

from tests.engine.generate import CHANNELS, Step, Stream
from tests.engine.world import SECOND, World

TOPICS = ("housing", "family", "disability", "birth", "debt")
WEIGHTS = (3, 0, 30, 30, 4, 3, 2, 1, 2)
"""Of agent, contact (by the pressure), answer, progress, again, gone, tick, ask, double."""

LANGUAGES = ("lang:fr", "lang:ar", "lang:en")


class Crowd(Stream):
    """One seed's day. `pressure`: contacts that come for each one that is brought to its end."""

    def __init__(self, seed: int, hostility: float = 0.02) -> None:
        super().__init__(seed, hostility)
        self.rng = rng = Random(seed)
        self._agents = [f"a{n}" for n in range(1, rng.choice((8, 20, 40)) + 1)]
        self._channels = [*rng.sample(CHANNELS, rng.randint(1, 3)), "phone", "phone", "chat", "email"]
        self._kinds = [self._some_needs() for _ in range(rng.choice((2, 6, 25)))]
        self._needs = self._kinds
        self._pace = rng.choice((0.05, 0.3, 2.0))
        self._pressure = rng.choice((0.8, 1.0, 1.4))
        self._refuses = rng.choice((0.02, 0.2, 0.7))
        self._spread = rng.choice((False, True))
        self._comes = list(self._agents)
        self._moves[0] = self._shift

    def next(self, world: World) -> Step:
        if self._comes:
            return {"at": 0, "event": "agent", "agent": self._comes[0], **self._login(self._comes.pop(0))}
        crowded = len(world.live) > 4 * len(self._agents)
        self._weights[: len(WEIGHTS)] = WEIGHTS
        self._weights[1] = self._pressure * (3 if crowded else 20)
        return super().next(world)

    def _some_needs(self) -> dict | list:
        rng = self.rng
        one = {rng.choice(TOPICS): rng.choice((1, 1, 3, 5)), rng.choice(LANGUAGES): rng.choice((1, 4))}
        return [one, {"debt": 5}] if rng.random() < 0.1 else one

    def _login(self, _: str) -> dict:
        rng = self.rng
        skills = {topic: rng.randint(1, 10) for topic in rng.sample(TOPICS, rng.randint(1, 3))}
        skills |= {"lang:fr": 10 if self._spread else 5}
        skills |= {rng.choice(LANGUAGES): rng.randint(1, 10)} if rng.random() < 0.5 else {}
        capacity = {"chat": rng.choice((0, 1, 2, 5))} if rng.random() < 0.3 else {}
        return {"state": "ready", "skills": skills, "capacity": capacity}

    def _shift(self, world: World) -> dict:
        """Somebody goes, or comes back; at times with other skills."""
        rng = self.rng
        name = rng.choice(self._agents)
        known = world.agents.get(name)
        state = rng.choice(("away", "offline")) if known and known.state == "ready" else "ready"
        line = {"event": "agent", "agent": name, "state": state if rng.random() < 0.6 else "ready"}
        return line | (self._login(name) if rng.random() < 0.1 else {}) | {"state": line["state"]}

    def _contact(self, world: World) -> dict:
        line = super()._contact(world)
        rng = self.rng
        if line["channel"] in {"email", "outreach"} and rng.random() < 0.8:
            line["due_s"] = rng.choice((0.5, 20, 60, 600))
        if self._spread:
            line.pop("citizen", None)
        return line

    def _progress(self, world: World) -> dict | None:
        return super()._progress(world) or (None if len(world.live) > 60 else self._contact(world))

    def _again(self, world: World) -> dict | None:
        served = [
            name
            for name in sorted(world.live)
            if world.contacts[name].agent and not world.contacts[name].offer
        ]
        line = super()._again(world) if served else None
        return line and line | {"contact": self.rng.choice(served)}

    def _answer(self, world: World) -> dict | None:
        line = super()._answer(world) if world.open_offers() else self._progress(world)
        if line is not None and "answer" in line:
            refused = self.rng.random() < self._refuses
            line["answer"] = self.rng.choice(("declined", "missed")) if refused else "accepted"
        return line

    def _elapsed(self, world: World, now: float) -> float:
        """Often to the very instant of the next timer; a long silence now and then."""
        if world.wake is not None and self.rng.random() < 0.05:
            return max(0.0, world.wake / SECOND - now)
        return super()._elapsed(world, now)
