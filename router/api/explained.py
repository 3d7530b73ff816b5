"""Why a contact was offered to whom: as it stands, or as it was at an instant, for who asks.

An auditor (data-protection officer, ombudsman) reads the credit, all others one merged place in line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.contacts import unknown
from router.api.problems import Problem
from router.api.route import Ask, Reply, Route
from router.api.shapes import WhyWanted
from router.core.policy import SECOND
from router.core.why import Why, explain
from router.tell.decision import Decision, Told, about
from router.tell.sight import TABLE, seen_by, why_seen
from router.tell.story import Story

if TYPE_CHECKING:
    from router.api.past import Past
    from router.core.state import State
    from router.door import Door
    from router.tell.sight import Reader


class Explained(Why, frozen=True, omit_defaults=True):
    """The explanation, as the role that asks may see it. Instants in `decisions` are microseconds."""

    as_of: float = 0.0  # seconds since 1970
    sentences: tuple[str, ...] = ()
    decisions: tuple[Told, ...] = ()  # with `at`: every one until then


class Explanations:
    """The one operation."""

    def __init__(self, door: Door, past: Past | None) -> None:
        self._door, self._past = door, past

    def routes(self) -> list[Route]:
        return [
            Route(
                "explain_contact", "GET", "/contacts/{contact}/why", self.why,
                "Why this agent and none of the others, or why nobody yet; with `at`, as it was then",
                {200: Explained}, query=WhyWanted,
                problems=("unknown_contact", "archive_unreadable", "no_archive"),
            )
        ]  # fmt: skip

    async def why(self, ask: Ask[None, WhyWanted]) -> Reply:
        name, reader, wanted = ask.path["contact"], ask.caller.role, ask.query
        if isinstance(wanted.at, float):
            return Reply(await self._then(name, reader, wanted, round(wanted.at * SECOND)))
        now = self._door.now()

        def question(state: State) -> tuple[Why, Decision] | None:
            record = state.contacts.get(name)
            if record is None:
                return None
            why = explain(state, record)
            told = Decision(state.n, now, "standing", record.state, about(state, record, now), why=why)
            return why_seen(why, TABLE[reader]), told

        found = await self._door.read(question)
        if found is None:
            raise unknown(name)
        why, told = found
        sentences = tuple(Story(reader, wanted.lang).told(seen_by(told, reader)))
        return Reply(_explained(why, now, sentences))

    async def _then(self, name: str, reader: Reader, wanted: WhyWanted, at: int) -> Explained:
        """From the archive; it is at most a second behind."""
        if self._past is None:
            raise Problem("no_archive", "this process keeps no archive: ask without `at`")

        def question(state: State) -> int | None:
            record = state.contacts.get(name)
            return record.arrived_at if record else None

        since = await self._door.read(question)
        decisions = await self._past.decisions(name, reader, wanted.lang, at, since)
        if not decisions:
            raise unknown(name)
        why = next((each.why for each in reversed(decisions) if each.why is not None), None)
        last = decisions[-1]
        sentences = tuple(line for each in decisions for line in each.sentences)
        return _explained(why or Why(name, last.state), last.at, sentences, decisions)


def _explained(why: Why, at: int, sentences: tuple[str, ...], decisions: tuple[Told, ...] = ()) -> Explained:
    return Explained(
        why.contact, why.state, why.agent, why.terms, why.score, why.profiles, why.groups, why.left_out,
        at / SECOND, sentences, decisions,
    )  # fmt: skip
