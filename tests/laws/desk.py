"""A short way to say lines to the core and to read what it did: for tests that tell one story each."""

from __future__ import annotations

import json

from router.core.policy import Policy
from router.engine import Engine


class Desk:
    """One pool. Time stands still unless `at` is given. `rung` holds who is being rung: contact -> agent."""

    def __init__(self, *agents: str, policy: Policy | None = None) -> None:
        self.engine = Engine(policy)
        self.at: float = 0
        self.rung: dict[str, str] = {}
        self._offers: dict[str, str] = {}
        for name in agents:
            self.agent(name)

    def say(self, event: str, at: float | None = None, **fields: object) -> dict:
        """The answer to one line; errors are not looked for."""
        self.at = self.at if at is None else at
        line = {"at": self.at, "event": event, **fields}
        said = json.loads(self.engine.answer(json.dumps(line).encode()))
        for effect in said.get("effects", ()):
            if effect["effect"] == "offer":
                self.rung[effect["contact"]] = effect["agent"]
                self._offers[effect["contact"]] = effect["offer"]
            elif effect["effect"] == "withdraw":
                self.rung.pop(effect["contact"], None)
        return said

    def agent(self, name: str, state: str = "ready", at: float | None = None, **fields: object) -> dict:
        return self.say("agent", at, agent=name, state=state, **fields)

    def comes(self, name: str, channel: str = "phone", at: float | None = None, **fields: object) -> dict:
        return self.say("contact", at, contact=name, channel=channel, **({"needs": {}} | fields))

    def answers(self, contact: str, word: str = "accepted", at: float | None = None) -> dict:
        """Whoever is rung for it, or was last, says so."""
        agent = self.rung.pop(contact, None) or self._agent
        self._agent = agent
        return self.say("answer", at, offer=self._offers[contact], contact=contact, agent=agent, answer=word)

    def served(self, contact: str, at: float | None = None) -> str:
        """Answered, ended and wrapped up at once; by whom."""
        agent = self.rung[contact]
        self.answers(contact, at=at)
        self.say("ended", contact=contact)
        self.say("done", contact=contact, agent=agent)
        return agent

    def state(self, contact: str) -> str:
        return self.ask("contact", contact=contact)["state"]

    def ask(self, about: str, **fields: object) -> dict:
        said = self.say("ask", about=about, **fields)
        return said["effects"][0]

    def tick(self, at: float) -> dict:
        return self.say("tick", at)
