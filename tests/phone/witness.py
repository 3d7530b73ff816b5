"""Who talks to whom right now, by Asterisk's own list of channels. It must never read a line of Guichet's."""

import asyncio
from typing import NamedTuple

from tests.phone.lab import Lab
from tests.phone.until import until

CITIZEN = "citizen"


class Place(NamedTuple):
    """Where a channel is in the dialplan, and the bridge it is in."""

    channel: str
    context: str
    app: str
    bridge: str


class Witness:
    """Names are endpoints of agents, and `citizen` for the one call there is."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab

    async def places(self) -> dict[str, Place]:
        said = await asyncio.to_thread(self.lab.cli, "core", "show", "channels", "concise")
        rows = [line.split("!") for line in said.splitlines() if line.count("!") > 10]
        return {_name(row[0]): Place(row[0], row[1], row[5], row[-2]) for row in rows}

    async def together(self, *names: str) -> None:
        """Wait until these, and nobody else, are in one conversation."""

        async def they() -> bool:
            places = await self.places()
            at = {places[name].bridge for name in names if name in places and not _on_hold(places[name])}
            inside = {name for name, place in places.items() if place.bridge and place.bridge in at}
            return len(at) == 1 and inside == set(names)

        await self._within(they, f"{' and '.join(names)} never talked")

    async def held(self) -> None:
        """Wait until the citizen hears the music of a hold."""

        async def so() -> bool:
            place = (await self.places()).get(CITIZEN)
            return place is not None and _on_hold(place)

        await self._within(so, "the citizen was never held")

    async def at(self, name: str, *contexts: str) -> None:
        async def so() -> bool:
            place = (await self.places()).get(name)
            return place is not None and place.context in contexts

        await self._within(so, f"{name} was never in {contexts}")

    async def gone(self, *names: str) -> None:
        """Wait until none of these has a call any more."""

        async def so() -> bool:
            return not set(names) & set(await self.places())

        await self._within(so, f"{' and '.join(names)} did not end")

    async def hang_up(self, name: str) -> None:
        channel = (await self.places())[name].channel
        await self.lab_say("channel", "request", "hangup", channel)

    async def lab_say(self, *words: str) -> None:
        """A command at Asterisk's console."""
        await asyncio.to_thread(self.lab.cli, *words)

    async def _within(self, ask, otherwise: str) -> None:
        try:
            await until(ask, 15)
        except TimeoutError:
            raise AssertionError(f"{otherwise}: {await self.places()}") from None


def _name(channel: str) -> str:
    endpoint = channel.partition("/")[2].rpartition("-")[0]
    return CITIZEN if endpoint == "trunk" else endpoint


def _on_hold(place: Place) -> bool:
    return place.context == "guichet-held" and place.app == "BridgeWait"
