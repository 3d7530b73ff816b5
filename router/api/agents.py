"""Agents over HTTP: who is there, and what an agent or a supervisor says about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from router.api.problems import Problem, of_refusal
from router.api.route import Ask, Reply, Route
from router.api.shapes import AgentWanted, Away
from router.api.views import AgentList, AgentView, agent_view
from router.core.events import Agent

if TYPE_CHECKING:
    from router.core.state import State
    from router.door import Door


class Agents:
    """The operations on agents."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("list_agents", "GET", "/agents", self.list, "Every agent", {200: AgentList}),
            Route(
                "get_agent", "GET", "/agents/{agent}", self.get, "One agent",
                {200: AgentView}, problems=("unknown_agent", "not_yours"),
            ),
            Route(
                "set_agent_state", "PUT", "/agents/{agent}/state", self.set_state,
                "Log in, be ready or away, log out",
                {200: AgentView}, body=AgentWanted, problems=("unknown_agent", "not_yours", "not_now"),
            ),
        ]  # fmt: skip

    async def list(self, ask: Ask[None, None]) -> Reply:
        now = self._door.now()

        def question(state: State) -> AgentList:
            return AgentList([agent_view(state, state.agents[name], now) for name in sorted(state.agents)])

        return Reply(await self._door.read(question))

    async def get(self, ask: Ask[None, None]) -> Reply:
        agent = ask.path["agent"]
        ask.caller.must_be(agent)
        return await self._view(agent)

    async def set_state(self, ask: Ask[AgentWanted, None]) -> Reply:
        agent = ask.path["agent"]
        ask.caller.must_be(agent)
        event = await self._door.read(lambda state: _event(state, agent, ask.body))
        if event is None:
            raise Problem("unknown_agent", f"no agent {agent} is configured; give `skills` to log in")
        result = await self._door.submit(event)
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        return await self._view(agent)

    async def _view(self, agent: str) -> Reply:
        now = self._door.now()

        def question(state: State) -> AgentView | None:
            record = state.agents.get(agent)
            return agent_view(state, record, now) if record else None

        view = await self._door.read(question)
        if view is None:
            raise Problem("unknown_agent", f"agent {agent} has never logged in")
        return Reply(view)


def _event(state: State, agent: str, wanted: AgentWanted) -> Agent | None:
    """The event for what was wanted; None for an agent nobody knows and who brings no skills.

    Who logs in brings what the policy says of them, unless it is said here; who is there keeps theirs.
    """
    skills: Any = getattr(wanted, "skills", UNSET)
    capacity: Any = getattr(wanted, "capacity", UNSET)
    known, rules = state.agents.get(agent), state.policy.agents.get(agent)
    if known is None and rules is None and skills is UNSET:
        return None
    if rules is not None and (known is None or known.state == "offline"):
        skills = rules.skills if skills is UNSET else skills
        capacity = rules.capacity if capacity is UNSET else capacity
    return Agent(
        agent,
        wanted.__struct_config__.tag,  # type: ignore[arg-type]  # ready, away or offline
        wanted.reason if isinstance(wanted, Away) else "",
        None if skills is UNSET else skills,
        None if capacity is UNSET else capacity,
    )
