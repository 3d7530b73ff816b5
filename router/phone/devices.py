"""Each agent's own phone: free, busy with a call that is none of ours, or not there. Pure.

A channel of an agent's endpoint that is no leg of a call in hand makes the agent busy: their own call, a
direct one, one of Asterisk's own queue. It must never count a leg that Guichet rings: the core knows of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from router.core.events import Device
from router.phone.ami import HungUp
from router.phone.ami_agents import DeviceState, NewChannel
from router.phone.said import Tell

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from router.phone.ami import AmiEvent

DeviceName = Literal["free", "busy", "unreachable"]

AWAY = frozenset(("UNAVAILABLE", "INVALID"))  # nothing registered, or it does not answer


class Devices:
    """What is known of the agents' phones. `endpoints`: agent -> their phone, or phones joined by dots."""

    def __init__(self, gateway: str, endpoints: Mapping[str, str]) -> None:
        self._gateway = gateway
        self._phones = {agent: tuple(joined.split(".")) for agent, joined in endpoints.items()}
        self._agents = {phone: agent for agent, phones in self._phones.items() for phone in phones}
        self._foreign: dict[str, str] = {}  # channel's unique id -> agent
        self._away: set[str] = set()  # phones
        self._told: dict[str, str] = {}
        self._since: list[AmiEvent] | None = None  # heard since the list of channels was asked for

    def heard(self, event: AmiEvent, ours: Container[str]) -> list[Tell]:
        """One event of Asterisk. `ours`: unique ids of the callers in hand, which name their calls."""
        if self._since is not None and isinstance(event, NewChannel | HungUp | DeviceState):
            self._since.append(event)
        agent = self._note(event, ours)
        return self._told_of([agent]) if agent else []

    def look(self) -> None:
        """The lists that `seen` will bring are asked for now."""
        self._since = []

    def _note(self, event: AmiEvent, ours: Container[str]) -> str | None:
        """Whose phone the event changes."""
        agent: str | None = None
        match event:
            case NewChannel() if event.linkedid not in ours:
                agent = self._agents.get(phone_of(event.channel))
                if agent is not None:
                    self._foreign[event.uniqueid] = agent
            case HungUp():
                agent = self._foreign.pop(event.uniqueid, None)
            case DeviceState():
                phone = event.device.removeprefix("PJSIP/")
                agent = self._agents.get(phone)
                if event.state in AWAY:
                    self._away.add(phone)
                else:
                    self._away.discard(phone)
        return agent

    def seen(
        self,
        rows: Iterable[Mapping[str, str]],
        states: Iterable[DeviceState],
        ours: Container[str],
        known: Mapping[str, str],
    ) -> list[Tell]:
        """All channels and all devices, after a login, where they differ from what the core knows."""
        self._foreign = {
            row["uniqueid"]: agent
            for row in rows
            if (agent := self._agents.get(phone_of(row.get("channel", "")))) is not None
            and row.get("linkedid", "") not in ours
            and "uniqueid" in row
        }
        self._away = set()
        for event in (*states, *(self._since or ())):
            self._note(event, ours)
        self._since = None
        self._told = dict(known)
        return self._told_of(sorted(self._phones))

    def again(self, agents: Iterable[str] | None = None) -> list[Tell]:
        """What the core may have missed of these agents, or of all: it did not know them, or forgot."""
        phones = self._phones if agents is None else self._phones.keys() & set(agents)
        for agent in phones:
            self._told.pop(agent, None)  # free is what the core believes of whoever it has not heard of
        return self._told_of(sorted(phones))

    def _told_of(self, agents: Iterable[str]) -> list[Tell]:
        busy = set(self._foreign.values())
        tells = []
        for agent in agents:
            state = self._state(agent, busy)
            if self._told.get(agent, "free") != state:
                self._told[agent] = state
                tells.append(Tell(f"device/{agent}", Device(agent, self._gateway, state)))
        return tells

    def _state(self, agent: str, busy: Container[str]) -> DeviceName:
        if agent in busy:
            return "busy"
        return "unreachable" if self._away.issuperset(self._phones[agent]) else "free"


def phone_of(channel: str) -> str:
    """The endpoint whose channel this is, or nothing."""
    technology, _, name = channel.partition("/")
    return name.rpartition("-")[0] if technology == "PJSIP" else ""
