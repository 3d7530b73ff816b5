"""One citizen in conversation with one agent, and what may be asked of it over HTTP."""

import asyncio
from contextlib import asynccontextmanager, suppress

from tests.phone.guichet import configure, serve
from tests.phone.sipp import Call, agents, citizens
from tests.phone.test_calls import chosen
from tests.phone.until import until
from tests.phone.witness import CITIZEN, Witness

LONG = (60_000, 60_000)  # they talk until the test ends it


class Conversation:
    """One citizen who talks to ag01, with ag02 free to be asked."""

    def __init__(self, guichet, lab) -> None:
        self.guichet = guichet
        self.witness = Witness(lab)

    async def begin(self) -> None:
        await self.guichet.ready("ag01")
        [contact] = await until(lambda: self.guichet.contacts("connected"))
        self.contact = contact["contact"]
        await self.witness.together(CITIZEN, "ag01")
        await self.guichet.ready("ag02")

    async def ask(self, path: str, by: str = "demo-agent-ag01", **body) -> dict:
        """One request; the answer, which must not be a problem."""
        return await self.guichet._ask("POST", f"/contacts/{self.contact}/{path}", by, json=body)

    async def control(self, what: str, by: str = "demo-agent-ag01", **more) -> dict:
        return await self.ask("control", by, what=what, **more)

    async def refused(self, path: str, **more) -> tuple[int, str]:
        """The status and the reason of a problem."""
        path = f"/api/v1/contacts/{self.contact}/{path}"
        headers = {"Authorization": "Bearer demo-agent-ag01"}
        async with self.guichet.session.post(path, headers=headers, json=more) as answer:
            assert not answer.ok, f"{path} was done"
            problem = await answer.json()
            return answer.status, problem.get("reason", problem.get("code", ""))

    async def state(self) -> dict:
        return (await self.guichet._ask("GET", f"/contacts/{self.contact}", "demo-supervisor"))["contact"]

    async def agent(self) -> str | None:
        return (await self.state())["agent"]


@asynccontextmanager
async def conversation(lab, folder, behaviour: str = "answer", configure=configure, **more):
    async with (
        serve(lab, folder, configure) as guichet,
        agents(lab, folder, behaviour, talk=LONG, **more),
    ):
        keyed = chosen(guichet, "fr", "housing")
        call = asyncio.create_task(citizens(lab, folder, [Call("32300001")], keyed=keyed))
        try:
            talk = Conversation(guichet, lab)
            await talk.begin()
            yield talk
        finally:
            call.cancel()
            with suppress(asyncio.CancelledError):
                await call
