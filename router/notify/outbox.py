"""Sends what is due, and keeps at it: each message by one way after the other until one takes it.

Each step is durable before the next: a crash repeats a sending under the same key, and loses none. What
becomes of it goes to the citizen's journey. It never logs to whom or what.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from msgspec import structs

from citizens.identifier import Identifier
from citizens.journey import Happened
from citizens.notice import Give, Send, Wait, plan
from citizens.template import Unfit
from router.notify.delivery import Delivery
from router.notify.post import NotTaken, known_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from citizens.notice import Way
    from router.notify.notice import Notice
    from router.notify.post import Citizens
    from router.notify.rules import Rules
    from router.notify.shelf import Held, Shelf
    from router.notify.store import Safe
    from router.notify.ways import Ways

log = logging.getLogger(__name__)

AT_ONCE = 8
LOOK_S = 1.0  # the store is asked this often at least: others may have put something in
AWAY_S = 1.0


class Outbox:
    """`run` it. `count` hears the way and what became of each try."""

    def __init__(
        self, shelf: Shelf, safe: Safe, citizens: Citizens, rules: Rules, ways: Ways,
        now: Callable[[], int], count: Callable[[str, str], None] = lambda way, result: None,
    ) -> None:  # fmt: skip
        self._shelf, self._safe, self._citizens, self._rules = shelf, safe, citizens, rules
        self._ways, self._now, self._count = ways, now, count
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something was put in."""
        self._wake.set()

    async def run(self) -> None:
        """Until it is cancelled. Without Redis it waits."""
        while True:
            try:
                took = await self.round()
            except OSError as fault:
                log.warning("messages to citizens wait: %s", type(fault).__name__)
                await asyncio.sleep(AWAY_S)
                continue
            if not took:
                await self._rest()

    async def round(self) -> int:
        """One look at what is due; how much there was."""
        now = self._now()
        due = await self._shelf.claim(now, now + self._rules.claim, AT_ONCE)
        for fault in await asyncio.gather(*map(self._guarded, due), return_exceptions=True):
            if isinstance(fault, OSError):
                raise fault
        return len(due)

    async def returned(self, notice: str, way: Way, code: str) -> bool:
        """What was taken came back (a mail bounced): the next way is tried. False: it is none of ours."""
        held = await self._shelf.get(notice)
        if held is None or held.notice.way != way or held.notice.stage not in ("taken", "done"):
            return False
        back = await self._shelf.swap(held, self._come_back(held.notice, code), self._rules.keep_s)
        self.wake()
        return back is not None

    async def _rest(self) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(LOOK_S):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _guarded(self, held: Held) -> None:
        """A fault of one message stops no other; it comes again when its claim lapses."""
        try:
            await self._step(held)
        except OSError:
            raise
        except Exception:
            log.exception("a message to a citizen failed", extra={"notice": held.notice.notice})

    async def _step(self, held: Held) -> None:
        if held.notice.owed:
            await self._tell(held)
        elif held.notice.stage == "taken":
            await self._ask(held)
        elif held.notice.stage in ("waiting", "sending"):
            await self._send(held)
        else:
            await self._keep(held, held.notice)

    async def _tell(self, held: Held) -> None:
        notice = held.notice
        for line in notice.owed:
            happened = Happened(
                line.id, line.at, line.what, line.way, notice.notice, notice.contact, reason=line.reason
            )
            await self._citizens.note(notice.citizen, happened)
        await self._keep(held, structs.replace(notice, owed=()))

    async def _send(self, held: Held) -> None:
        notice, now = held.notice, self._now()
        told = self._rules.messages.get(notice.message)
        if told is None:
            await self._fail(held, "unknown_message")
            return
        record = await self._safe.unlock(notice.notice)
        to = Identifier(*record["to"]) if record is not None and "to" in record else None
        try:
            known = await known_of(self._citizens, notice.citizen, self._rules, to)
        except NotTaken as fault:
            await self._fail(held, fault.code)
            return
        there = frozenset(self._ways)
        match plan(told.asked(notice.until, there), known, notice.tried, now):
            case Give(code):
                await self._fail(held, code)
            case Wait(until):
                await self._keep(held, structs.replace(notice, stage="waiting", due=until, code="quiet"))
            case Send(way, to):
                if record is None:
                    await self._fail(held, "erased")
                else:
                    await self._by(held, way, to.value, known.preferences.language, record["values"])

    async def _by(self, held: Held, way: Way, to: str, language: str, values: dict[str, str]) -> None:
        notice = held.notice
        try:
            told = self._rules.messages[notice.message]
            message = told.message(way, notice.key(way), to, language, values)
        except Unfit:
            await self._keep(held, self._after(notice, way, Delivery("never", "unfit")))
            return
        begun = structs.replace(notice, stage="sending", way=way, tried=notice.trying(way, more=1))
        claimed = structs.replace(begun, due=self._now() + self._rules.claim)
        kept = await self._shelf.swap(held, claimed, self._rules.keep_s)
        if kept is None:
            return  # somebody else is at it
        delivery = await self._ways[way].send(message)
        self._count(way, delivery.result)
        await self._keep(kept, self._after(begun, way, delivery))

    def _after(self, notice: Notice, way: Way, delivery: Delivery) -> Notice:
        """What comes of a try."""
        now, times = self._now(), notice.times(way)
        if delivery.result == "taken":
            taken = structs.replace(
                notice, stage="taken" if delivery.reference else "done", way=way, code=delivery.code, asked=0,
                reference=delivery.reference, due=now + self._rules.ask_after[0],
            )  # fmt: skip
            return taken.owing("notified", now)
        over = delivery.result == "never" or times >= self._rules.attempts
        due = now if over else now + self._rules.pause(times)
        tried = notice.trying(way, over=over)
        after = structs.replace(notice, stage="waiting", way=way, code=delivery.code, tried=tried, due=due)
        return after.owing("undelivered", now, delivery.code) if over else after

    async def _ask(self, held: Held) -> None:
        """Whether it arrived. After some asking, whoever took it is believed."""
        notice, now = held.notice, self._now()
        way = self._ways.get(notice.way) if notice.way else None
        said = await way.arrived(notice.reference) if way is not None else None
        asked = notice.asked + 1
        if said is not None and said.result == "never":
            self._count(notice.way or "", "never")
            await self._keep(held, self._come_back(notice, said.code))
        elif said is not None or asked >= len(self._rules.ask_after):
            code = said.code if said is not None else notice.code
            await self._keep(held, structs.replace(notice, stage="done", code=code, asked=asked))
        else:
            due = now + self._rules.ask_after[asked]
            await self._keep(held, structs.replace(notice, asked=asked, due=due))

    def _come_back(self, notice: Notice, code: str) -> Notice:
        """Taken, and yet not arrived: this way is over."""
        now = self._now()
        assert notice.way is not None
        back = structs.replace(
            notice, stage="waiting", code=code, due=now, tried=notice.trying(notice.way, over=True)
        )
        return back.owing("undelivered", now, code)

    async def _fail(self, held: Held, code: str) -> None:
        notice = structs.replace(held.notice, stage="failed", code=code, due=self._now())
        if code == "failed" and held.notice.code:
            notice = structs.replace(notice, code=held.notice.code)  # why the last way failed says more
        elif code != "erased":
            notice = notice.owing("undelivered", self._now(), code)
        self._count(held.notice.way or "none", "failed")
        log.warning("a citizen is not reached", extra={"notice": notice.notice, "code": notice.code})
        await self._keep(held, notice)

    async def _keep(self, held: Held, notice: Notice) -> None:
        """What is owed to the journey is told at once; what is over is no longer due, nor its text kept."""
        if notice.owed:
            kept = await self._shelf.swap(held, notice, self._rules.keep_s)
            if kept is not None:
                await self._tell(kept)
            return
        await self._shelf.swap(held, notice, self._rules.keep_s)
        # a mail may still come back, and its words are needed for the next way; they lapse by themselves
        if notice.over and not (notice.stage == "done" and notice.way == "email"):
            await self._safe.destroy(notice.notice)
