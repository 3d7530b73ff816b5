"""From the configuration's words to flows on the phone: entries, sounds, and a look at what is published.

A version that becomes live has its sounds made within seconds, in the background, for every later call.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from config.fault import Faults
from ivr_flows.recordings import load
from ivr_flows.speech import ESPEAK, ESPEAK_NAMES, Sounds, Voice
from router.flows.published import Published, Unpublished
from router.log.errors import LogError
from router.phone.flow_calls import FlowCalls, Flows
from router.phone.flow_door import Door
from router.phone.flow_sound import Mouth
from router.phone.said import Submitting
from router.serve.flows import flow_runner

if TYPE_CHECKING:
    from citizens.register import Register
    from config.tree import Tree
    from router.door import Door as LogDoor
    from router.flows.ports import Keeper
    from router.log.flow_store import FlowStore
    from router.notify.ways import Ways

log = logging.getLogger(__name__)

LOOK_S = 3.0


class PhoneFlows:
    """One for all phone gateways: they share the sounds. Raises BadIndex or ValueError for wrong folders."""

    def __init__(
        self, tree: Tree, door: LogDoor, vault: Keeper, store: FlowStore, register: Register, ways: Ways
    ) -> None:
        self._tree, self._door, self._vault, self._store = tree, door, vault, store
        self._register, self._ways = register, ways
        self.published = Published(store, Path(tree.flows.folder))
        self.doors = tuple(
            Door(name, entry.flow, entry.number or "", entry.draft)
            for name, entry in tree.flows.entries.items()
            if entry.channel == "phone"
        )
        speech = tree.flows.speech
        folder = Path(speech.folder or Path(tree.log.directory) / "sounds").absolute()
        voice = Voice(tuple(speech.command) or ESPEAK, {**ESPEAK_NAMES, **speech.names})
        recorded = load(Path(speech.recordings)) if speech.recordings else {}
        passing = Sounds(folder / "passing", voice, key=secrets.token_bytes(32))
        self.mouth = Mouth(Sounds(folder, voice, recorded), passing)

    def gateway(self, name: str) -> Flows:
        """What the phone gateway of this name is given."""

        def made(note, receipt, menu, count) -> FlowCalls:  # type: ignore[no-untyped-def]  # noqa: ANN001
            runner = flow_runner(
                self._tree, self._door, self._vault, self._store, register=self._register, ways=self._ways,
                noted=lambda contact: note(Submitting(contact)), via=name,
            )  # fmt: skip
            return FlowCalls(self.doors, runner, self.mouth, note, count, receipt, menu)

        return made

    async def watch(self, look_s: float = LOOK_S) -> None:
        """Have the sounds of whatever is live, or becomes it. Never ends by itself."""
        seen: dict[str, int] = {}
        while True:
            self.mouth.sweep()
            for door in self.doors:
                try:
                    flows, number = (
                        (await self.published.draft(door.flow), 0)
                        if door.draft
                        else await self.published.live(door.flow, door.name)
                    )
                except (Unpublished, Faults, LogError, OSError):
                    continue
                if seen.get(door.name) != number:
                    seen[door.name] = number
                    await self.mouth.prepare(flows)
            await asyncio.sleep(look_s)
