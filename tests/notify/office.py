"""An outbox on a real Redis with a real register, its clock in the test's hand."""

from __future__ import annotations

from pathlib import Path

from redis.asyncio import Redis

from citizens.cabinet import Cabinet
from citizens.challenges import Challenges
from citizens.claim import Claim
from citizens.consent import Consent
from citizens.keyring import Keyring
from citizens.people import People
from citizens.register import Register
from citizens.rotation import Rotation
from citizens.spelling import spell
from citizens.vault import Vault
from router.log.citizen_store import RedisCitizenStore
from router.log.notify_store import RedisNoticeStore
from router.log.vault_store import RedisVaultStore
from router.notify.delivery import Delivery
from router.notify.notice import Notice
from router.notify.outbox import Outbox
from router.notify.post import Post
from router.notify.rules import Rules
from router.notify.safe import CitizenSafe
from router.notify.shelf import Shelf
from router.notify.ways import Message
from router.notify.wording import Told, Wording

SECOND = 1_000_000
NOON = 1_795_777_200 * SECOND  # 2026-11-27 12:00 in Paris, a Friday
MARK = "Zorglub"
RULES = Rules(
    messages={
        "appointment": Told(
            {
                "fr": Wording("Rendez-vous", "Le {date}.", "RDV le {date}", ("beep",)),
                "en": Wording("Appointment", "On {date}.", "Appointment {date}", ("beep",)),
            },
            variables=frozenset(("date",)),
            ways=("sms", "email"),
        ),
        "code": Told({"fr": Wording(sms="Code {date}")}, "asked", frozenset(("date",)), ("sms",)),
    }
)


class Recorder:
    """A way whose answers a test decides, and which remembers what it was given. Made to fail, no more."""

    def __init__(self, *answers: Delivery) -> None:
        self.given: list[Message] = []
        self.answers = list(answers)
        self.arrivals: list[Delivery | None] = []

    async def send(self, message: Message) -> Delivery:
        self.given.append(message)
        return self.answers.pop(0) if self.answers else Delivery("taken", "accepted")

    async def arrived(self, reference: str) -> Delivery | None:
        return self.arrivals.pop(0) if self.arrivals else None


class Office:
    """`post` takes in, `outbox` sends; `clock` is microseconds since 1970."""

    def __init__(self, redis: Redis, folder: Path, rules: Rules = RULES, **ways: object) -> None:
        self.clock = NOON
        self.cabinet = Cabinet(RedisCitizenStore(redis), Keyring(folder / "vault.key"))
        self.vault = vault = Vault(RedisVaultStore(redis), self.cabinet.keyring, self.cabinet.key_of)
        self.register = Register(self.cabinet, vault, lambda: self.clock)
        self.people = People(self.cabinet, vault, lambda: self.clock)
        self.challenges = Challenges(self.cabinet, self.register, lambda: self.clock)
        self.rotation = Rotation(self.cabinet, vault)
        self.safe = CitizenSafe(vault, self.cabinet.key_of)
        self.shelf = Shelf(RedisNoticeStore(redis, "main"))
        self.ways = ways or {"sms": Recorder(), "email": Recorder()}
        self.counted: list[tuple[str, str]] = []
        self.rules = rules
        parts = (self.shelf, self.safe, self.register, rules)
        self.post = Post(*parts, frozenset(self.ways), lambda: self.clock)
        count = lambda way, result: self.counted.append((way, result))  # noqa: E731
        self.outbox = Outbox(*parts, self.ways, lambda: self.clock, count)

    async def citizen(self, *ways: str, phone: str = "+33612345678", mail: str = "") -> str:
        """Somebody who can be reached and agrees to these ways."""
        await self.register.open()
        claims = [Claim(spell("phone", phone), "code")]
        claims += [Claim(spell("email", mail or f"{MARK}@example.org"), "link")]
        met = await self.register.meet(claims, "phone")
        for way in ways:
            consent = Consent(f"contact_by_{way}", self.clock, "said", "c-1", "ag01")
            await self.register.consent(met.citizen, consent)
        return met.citizen

    async def send(
        self, citizen: str, message: str = "appointment", notice: str = "", **values: str
    ) -> Notice:
        return await self.post.send(citizen, message, values or {"date": f"3 mai {MARK}"}, "sup", notice)

    async def after(self, seconds: float = 0.0) -> int:
        self.clock += round(seconds * SECOND)
        return await self.outbox.round()

    async def now(self, notice: Notice) -> Notice:
        found = await self.post.look(notice.notice)
        assert found is not None
        return found

    async def journey(self, citizen: str) -> list[tuple[str, str, str]]:
        entries = (await self.register.journey(citizen)).entries
        return [(each.what, each.channel, each.reason) for each in entries if each.what != "consented"]
