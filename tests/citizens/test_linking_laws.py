"""No order of claims, proofs, merges, splits and erasures joins two people wrongly or loses a contact.

The world has true people, each with identifiers only they can prove and a household telephone several can.
Anybody may claim anything. What the register believes is compared with the truth after every step.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

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

PEOPLE = range(4)
HOUSEHOLD = [spell("phone", "+33199001000"), spell("phone", "+33199002000")]  # of two people each
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
who = st.sampled_from(PEOPLE)
anything = st.lists(st.builds(Claim, st.sampled_from(EVERYTHING), st.sampled_from(HINTS)), max_size=3)


def theirs(person):
    return [*OWN[person], HOUSEHOLD[person // 2]]


class Town(RuleBasedStateMachine):
    """One register, and the truth beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory(prefix="guichet-")
        keyring = Keyring(Path(self.folder.name) / "vault.key")
        self.cabinet = Cabinet(MemoryStore(), keyring)
        vault = Vault(Drawer(), keyring, self.cabinet.key_of)
        self.now = 1_000_000_000_000_000
        self.register = Register(self.cabinet, vault, self.clock)
        self.people = People(self.cabinet, vault, self.clock)
        self.do(self.register.open())
        self.truth: dict[str, int] = {}  # citizen -> who it really is
        self.contacts: dict[str, str] = {}  # contact -> citizen it was written to
        self.links: list[tuple[str, str]] = []  # and one of its ends

    def teardown(self) -> None:
        self.loop.close()
        self.folder.cleanup()

    def clock(self) -> int:
        self.now += 1
        return self.now

    def do(self, work):
        return self.loop.run_until_complete(work)

    def met(self, person: int, claims: list[Claim]) -> None:
        contact = f"c-{len(self.contacts)}"
        met = self.do(self.register.meet(claims, "phone", contact, {"number": "+33199001000"}))
        assert self.truth.setdefault(met.citizen, person) == person, "a contact was given to somebody else"
        self.do(
            self.register.note(met.citizen, Happened(contact, self.now, "asked", "phone", contact=contact))
        )
        self.contacts[contact] = met.citizen

    def anybody(self, data, of: int | None = None) -> str | None:
        known = [each for each, person in self.truth.items() if of in (None, person)]
        return data.draw(st.sampled_from(known)) if known else None

    def wholes(self) -> dict[str, tuple[str, ...]]:
        return {each: tuple(sorted(self.do(self.cabinet.person(each)).citizens)) for each in self.truth}

    @rule(person=who, claims=anything)
    def comes_and_claims(self, person, claims):
        self.met(person, claims)

    @rule(person=who, claims=anything, data=st.data())
    def comes_and_proves(self, person, claims, data):
        proof = st.builds(Claim, st.sampled_from(theirs(person)), st.sampled_from(PROOFS))
        self.met(person, claims + data.draw(st.lists(proof, min_size=1, max_size=3)))

    @rule(person=who, data=st.data())
    def proves_later(self, person, data):
        citizen = self.anybody(data, person)
        if citizen is not None:
            claim = Claim(data.draw(st.sampled_from(theirs(person))), data.draw(st.sampled_from(PROOFS)))
            self.do(self.register.prove(citizen, claim))

    @rule(person=who, claims=anything, data=st.data())
    def claims_later(self, person, claims, data):
        citizen = self.anybody(data, person)
        if citizen is not None:
            self.do(self.register.claim(citizen, claims))

    @rule(person=who, data=st.data())
    def an_agent_rightly_merges(self, person, data):
        one, other = self.anybody(data, person), self.anybody(data, person)
        if one is None or other is None:
            return
        if other in self.wholes()[one]:
            with pytest.raises(Unjoinable, match="already_one"):
                self.do(self.people.merge(one, other, "confirmed", ASKED))
        else:
            self.links.append((self.do(self.people.merge(one, other, "confirmed", ASKED)).link, one))

    @rule(data=st.data())
    def any_merge_is_undone(self, data):
        if self.links:
            link, citizen = self.links.pop(data.draw(st.integers(0, len(self.links) - 1)))
            with contextlib.suppress(KeyError, UnknownCitizen):  # erased, or parted from that end
                self.do(self.people.split(citizen, link, ASKED))

    @rule(data=st.data())
    def a_wrong_merge_is_undone_exactly(self, data):
        one, other = self.anybody(data), self.anybody(data)
        if one is None or other is None:
            return
        before = self.everything()
        try:
            link = self.do(self.people.merge(one, other, "duplicate", ASKED)).link
        except Unjoinable:
            return
        assert self.everything() != before
        self.do(self.people.split(data.draw(st.sampled_from([one, other])), link, ASKED))
        assert self.everything() == before

    def everything(self):
        """All that can be read of everybody, in the clear."""
        each = {}
        for citizen in self.truth:
            person = self.do(self.cabinet.person(citizen))
            journey = self.do(self.register.journey(citizen))
            index = {name: row for name, row in self.cabinet.store.values.items() if name.startswith("i:")}
            each[citizen] = (
                sorted(person.citizens),
                sorted(person.whole.links),
                person.members[0].record,
                journey,
                index,
            )
        return each

    @rule(data=st.data())
    def one_is_erased(self, data):
        citizen = self.anybody(data)
        if citizen is None:
            return
        erased = self.do(self.people.erase(citizen, ASKED)).citizens
        assert {self.truth[each] for each in erased} == {self.truth[citizen]}, "somebody else was erased"
        for each in erased:
            del self.truth[each]
        self.contacts = {contact: each for contact, each in self.contacts.items() if each not in erased}

    @invariant()
    def nobody_is_joined_to_somebody_else(self):
        for members in self.wholes().values():
            assert len({self.truth[each] for each in members}) == 1

    @invariant()
    def no_contact_is_lost(self):
        for contact, citizen in self.contacts.items():
            journey = self.do(self.register.journey(citizen))
            assert [each.contact for each in journey.entries].count(contact) == 1

    @invariant()
    def whoever_was_erased_leaves_nothing(self):
        store = self.cabinet.store
        names = [*store.values, *store.rows]
        citizens = {name[2:24] for name in names if name[:2] in ("c:", "j:", "k:")}
        assert citizens <= set(self.truth)
        held = {name for name in names if name.startswith("i:")}
        for name in held:
            entry = store.values[name].decode()
            assert {entry[at : at + 22] for at in range(0, len(entry), 23)} <= set(self.truth)
        assert set(store.times) == set(self.truth)


Town.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestTown = Town.TestCase
