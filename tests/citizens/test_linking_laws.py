"""No order of claims, proofs, merges, splits and erasures joins two people wrongly or loses a contact.

The world has true people, each with identifiers only they can prove and a household telephone several can.
Anybody may claim anything. What the register believes is compared with the truth after every step.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizens.cabinet import Cabinet, UnknownCitizen
from citizens.claim import HOWS, Claim
from citizens.joining import Unjoinable
from citizens.journey import Happened
from citizens.keyring import Keyring
from citizens.people import People
from citizens.purposes import Asked
from citizens.register import Register
from citizens.spelling import key_of, spell
from citizens.vault import Vault
from tests.citizens.memory import MemoryStore
from tests.unit.citizens.drawer import Drawer

PEOPLE = range(3)
HOUSEHOLD = [spell("phone", "+33199001000"), spell("phone", "+33199002000")]  # the first of two people
OWN = [
    [
        spell("email", f"person{who}@example.org"),
        spell("franceconnect", f"{who}" * 32),
        spell("beneficiary", f"10000{who}{key_of(f'10000{who}')}"),
        spell("handle", f"messages:person{who}"),
    ]
    for who in PEOPLE
]
EVERYTHING = [each for own in OWN for each in own] + HOUSEHOLD
HINTS = [how for how, (proves, _) in HOWS.items() if not proves]
PROOFS = [how for how, (proves, _) in HOWS.items() if proves]
ASKED = Asked("auditor", "auditor", "erase_citizen", "request")


def theirs(person):
    return [*OWN[person], HOUSEHOLD[person // 2], HOUSEHOLD[person // 2]]


class Town:
    """One register, and the truth beside it. What a step picks is drawn from its own seed."""

    def __init__(self, folder: str) -> None:
        self.loop = asyncio.new_event_loop()
        keyring = Keyring(Path(folder) / "vault.key")
        self.cabinet = Cabinet(MemoryStore(), keyring)
        vault = Vault(Drawer(), keyring, self.cabinet.key_of)
        self.now = 1_000_000_000_000_000
        self.register = Register(self.cabinet, vault, self.clock)
        self.people = People(self.cabinet, vault, self.clock)
        self.do(self.register.open())
        self.truth: dict[str, int] = {}  # citizen -> who it really is
        self.contacts: dict[str, str] = {}  # contact -> citizen it was written to
        self.links: list[tuple[str, str]] = []  # and one of its ends
        self.met_so_far = 0

    def clock(self) -> int:
        self.now += 1
        return self.now

    def do(self, work):
        return self.loop.run_until_complete(work)

    def met(self, person: int, claims: list[Claim]) -> None:
        contact, self.met_so_far = f"c-{self.met_so_far}", self.met_so_far + 1
        met = self.do(self.register.meet(claims, "phone", contact, {"number": "+33199001000"}))
        assert self.truth.setdefault(met.citizen, person) == person, "a contact was given to somebody else"
        asked = Happened(contact, self.now, "asked", "phone", contact=contact)
        assert self.do(self.register.note(met.citizen, asked))
        self.contacts[contact] = met.citizen

    def known(self, of: int | None = None) -> list[str]:
        return [each for each, person in self.truth.items() if of in (None, person)]

    def wholes(self) -> dict[str, tuple[str, ...]]:
        return {each: tuple(sorted(self.do(self.cabinet.person(each)).citizens)) for each in self.truth}

    def everything(self):
        """All that can be read of everybody, in the clear."""
        each = {}
        for citizen in self.truth:
            person = self.do(self.cabinet.person(citizen))
            journey = self.do(self.register.journey(citizen))
            index = {name: row for name, row in self.cabinet.store.values.items() if name.startswith("i:")}
            whole = (sorted(person.citizens), sorted(person.whole.links))
            each[citizen] = (whole, person.members[0].record, journey, index)
        return each

    def holds(self) -> None:
        """What must be so after every step."""
        for members in self.wholes().values():
            assert len({self.truth[each] for each in members}) == 1, "two people are one"
        for contact, citizen in self.contacts.items():
            journey = self.do(self.register.journey(citizen))
            assert [each.contact for each in journey.entries].count(contact) == 1, "a contact is lost"
        store = self.cabinet.store
        names = [*store.values, *store.rows]
        assert {name[2:24] for name in names if name[:2] in ("c:", "j:", "k:")} <= set(self.truth)
        for name in names:
            if name.startswith("i:"):
                entry = store.values[name].decode()
                assert {entry[at : at + 22] for at in range(0, len(entry), 23)} <= set(self.truth)
        assert set(store.times) == set(self.truth)


def claims_of(town: Town, chance: random.Random) -> list[Claim]:
    """Anything, claimed by anybody."""
    return [Claim(chance.choice(EVERYTHING), chance.choice(HINTS)) for _ in range(chance.randint(0, 3))]


def comes_and_claims(town: Town, chance: random.Random) -> None:
    town.met(chance.choice(PEOPLE), claims_of(town, chance))


def comes_and_proves(town: Town, chance: random.Random) -> None:
    person = chance.choice(PEOPLE)
    proofs = [
        Claim(chance.choice(theirs(person)), chance.choice(PROOFS)) for _ in range(chance.randint(1, 3))
    ]
    town.met(person, claims_of(town, chance) + proofs)


def proves_later(town: Town, chance: random.Random) -> None:
    if town.truth:
        citizen = chance.choice(town.known())
        proof = Claim(chance.choice(theirs(town.truth[citizen])), chance.choice(PROOFS))
        town.do(town.register.prove(citizen, proof))


def claims_later(town: Town, chance: random.Random) -> None:
    if town.truth:
        town.do(town.register.claim(chance.choice(town.known()), claims_of(town, chance)))


def an_agent_rightly_merges(town: Town, chance: random.Random) -> None:
    if not town.truth:
        return
    one = chance.choice(town.known())
    other = chance.choice(town.known(town.truth[one]))
    if other in town.wholes()[one]:
        with pytest.raises(Unjoinable, match="already_one"):
            town.do(town.people.merge(one, other, "confirmed", ASKED))
    else:
        town.links.append((town.do(town.people.merge(one, other, "confirmed", ASKED)).link, one))


def any_merge_is_undone(town: Town, chance: random.Random) -> None:
    if town.links:
        link, citizen = town.links.pop(chance.randrange(len(town.links)))
        with contextlib.suppress(KeyError, UnknownCitizen):  # erased, or parted from that end
            town.do(town.people.split(citizen, link, ASKED))


def a_wrong_merge_is_undone_exactly(town: Town, chance: random.Random) -> None:
    if not town.truth:
        return
    one, other = chance.choice(town.known()), chance.choice(town.known())
    before = town.everything()
    with contextlib.suppress(Unjoinable):
        link = town.do(town.people.merge(one, other, "duplicate", ASKED)).link
        assert town.everything() != before
        town.do(town.people.split(chance.choice((one, other)), link, ASKED))
        assert town.everything() == before


def one_is_erased(town: Town, chance: random.Random) -> None:
    if not town.truth:
        return
    citizen = chance.choice(town.known())
    erased = town.do(town.people.erase(citizen, ASKED)).citizens
    assert {town.truth[each] for each in erased} == {town.truth[citizen]}, "somebody else was erased"
    for each in erased:
        del town.truth[each]
    town.contacts = {contact: each for contact, each in town.contacts.items() if each not in erased}


STEPS = [
    comes_and_claims, comes_and_proves, comes_and_proves, proves_later, claims_later, an_agent_rightly_merges,
    any_merge_is_undone, a_wrong_merge_is_undone_exactly, one_is_erased,
]  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10**6)), min_size=20, max_size=40)


def walked(walk) -> None:
    """A town in which all this happens, looked at after every fourth step."""
    with tempfile.TemporaryDirectory(prefix="guichet-") as folder:
        town = Town(folder)
        try:
            for number, (step, seed) in enumerate(walk, 1):
                step(town, random.Random(seed))
                if number % 4 == 0 or number == len(walk):
                    town.holds()
        finally:
            town.loop.close()


@settings(max_examples=60)
@given(steps)
def test_nobody_is_joined_wrongly_and_no_contact_is_lost(walk):
    walked(walk)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@settings(max_examples=3000, derandomize=False, deadline=None)
@given(steps)
def test_nor_in_thousands_of_histories(walk):
    walked(walk)
