"""Empties a mailbox in order, a few letters at a time, with bounded memory: large ones come alone.

A letter leaves its folder only after it is durable; one that can never be taken is marked and left there.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from citizens.vault import VaultError
from router.door import Unavailable
from router.mail.sealing import Lost
from router.mail.taking import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from router.mail.link import Found, Link
    from router.mail.settings import MailSettings
    from router.mail.taking import Filed, Taking

log = logging.getLogger(__name__)

LOOKED_AT = 256  # letters whose sizes are asked for at once
TOGETHER = 2_000_000  # bytes fetched at once, unless one letter alone is more


class Draining:
    """`run` takes what is there; `total` counts what it filed."""

    def __init__(
        self, link: Link, taking: Taking, settings: MailSettings, count: Callable[[str], None]
    ) -> None:
        self._link, self._taking, self._settings, self._count = link, taking, settings, count
        self._places = asyncio.Semaphore(settings.at_once)

    async def run(self) -> None:
        """Until nothing more is to be taken. Raises link.Lost, OSError, Unavailable: what the servers do."""
        while uids := await self._link.waiting():
            for at in range(0, len(uids), LOOKED_AT):
                for some in _together(
                    await self._link.look(uids[at : at + LOOKED_AT]), self._settings.at_once
                ):
                    await self._several(some)

    async def _several(self, letters: list[Found]) -> None:
        bodies = await self._link.bodies([each.uid for each in letters], self._settings.limits.size + 1)
        here = [each for each in letters if each.uid in bodies]
        tasks = [asyncio.create_task(self._one(bodies.pop(each.uid), each)) for each in here]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        for place in ("taken", "automatic"):
            uids = [each.uid for each, result in zip(here, results, strict=True) if result == place]
            if uids:
                await self._link.file(uids, getattr(self._settings.imap, place))
        for each, result in zip(here, results, strict=True):
            if isinstance(result, (Refused, Lost)):
                await self._aside(each, result)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, (Refused, Lost)):
                raise result

    async def _one(self, raw: bytes, found: Found) -> Filed:
        async with self._places:
            try:
                return await self._taking.take(raw, found.came)
            except VaultError as fault:  # of the installation, not of this letter
                raise ConnectionError("the vault does not open") from fault
            except (OSError, Unavailable, Refused, Lost):
                raise
            except Exception as fault:  # a defect of ours must not hold up everybody behind this letter
                log.error("a letter could not be taken: %s", where(fault))
                raise Refused("defect") from fault

    async def _aside(self, found: Found, why: Refused | Lost) -> None:
        self._count("put_aside")
        log.error("a letter was put aside in its folder: %s", why if isinstance(why, Refused) else "lost")
        await self._link.put_aside(found.uid)


def where(fault: BaseException) -> str:
    """Kind and place of a fault; never its words, which may quote a letter."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    return f"{type(fault).__name__}{place}"


def _together(letters: list[Found], most: int) -> Iterator[list[Found]]:
    """In order, as many as may come at once."""
    some: list[Found] = []
    for each in letters:
        if some and (len(some) >= most or sum(one.size for one in some) + each.size > TOGETHER):
            yield some
            some = []
        some.append(each)
    if some:
        yield some
