"""Who was there on a recorded day, and under which policy. It follows what was said; it knows no contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from router.core.events import Agent, Config, Device, Event, Gateway

if TYPE_CHECKING:
    from router.core.state import AgentRecord, State


class Presence:
    """Agents, their telephones, gateways and the policy, as of what was heard."""

    def __init__(self, before: State) -> None:
        self.policy = before.policy
        self.agents = {name: agent_event(record) for name, record in before.agents.items()}
        self._devices = {
            (name, gateway): state
            for name, record in before.agents.items()
            for gateway, state in record.devices.items()
        }
        self._gateways = dict(before.gateways)

    def said(self) -> list[Event]:
        """The events after which all is as it is now."""
        return [
            *(Gateway(name, "down") for name, state in self._gateways.items() if state == "down"),
            *(event for event in self.agents.values() if event.state != "offline"),
            *(Device(agent, gateway, state) for (agent, gateway), state in self._devices.items()),  # type: ignore[arg-type]
        ]

    def hear(self, event: Agent | Device | Gateway | Config) -> None:
        """One event."""
        match event:
            case Agent():
                self._agent(event)
            case Device():
                self._devices.pop((event.agent, event.gateway), None)
                if event.state != "free":
                    self._devices[event.agent, event.gateway] = event.state
            case Gateway():
                self._gateways[event.gateway] = event.state
            case Config():
                self._config(event)

    def _agent(self, event: Agent) -> None:
        known = self.agents.get(event.agent)
        skills, capacity = event.skills, event.capacity
        if known is not None:
            skills = known.skills if skills is None else skills
            capacity = known.capacity if capacity is None else capacity
        self.agents[event.agent] = Agent(event.agent, event.state, event.reason, skills, capacity)

    def _config(self, event: Config) -> None:
        for name in self.policy.agents.keys() - event.policy.agents.keys():
            if (known := self.agents.get(name)) is not None:
                self.agents[name] = replace(known, state="offline")
        for name, rules in event.policy.agents.items():
            known = self.agents.get(name)
            if known is not None and rules != self.policy.agents.get(name):
                skills, capacity = dict(rules.skills), dict(rules.capacity)
                self.agents[name] = Agent(name, known.state, known.reason, skills, capacity)
        self.policy = event.policy


def agent_event(record: AgentRecord) -> Agent:
    """What an agent would say to be as the record has them."""
    return Agent(record.agent, record.state, record.reason, dict(record.skills), dict(record.capacity))
