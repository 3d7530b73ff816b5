"""Two people made one and parted again, as changes for the store: what each may rest on, and its bounds."""

from __future__ import annotations

import itertools

import pytest

from citizens.cabinet import Cabinet, Opened, Person
from citizens.claim import Held, How
from citizens.identifier import Identifier, Kind
from citizens.joining import MEMBERS, Unjoinable, join, new_link, part
from citizens.key import Key, new_citizen
from citizens.keyring import Keyring
from citizens.linking import ONE_EACH
from citizens.links import Whole
from citizens.record import Record
from tests.citizens.memory import MemoryStore


@pytest.fixture
async def cabinet(tmp_path):
    cabinet = Cabinet(MemoryStore(), Keyring(tmp_path / "vault.key"))
    await cabinet.index.open()
    return cabinet


def somebody(cabinet: Cabinet, *held: tuple[Kind, str, How], count: int = 1) -> Person:
    """One person of so many citizens, of whom the first holds this."""
    name = f"p-{count}" if count > 1 else ""
    identifiers = tuple(Held(Identifier(kind, value), how, 1) for kind, value, how in held)
    members = []
    for at in range(count):
        key, record = Key(new_citizen()), Record(1, 1, identifiers if at == 0 else ())
        members.append(Opened(key.citizen, cabinet.sealed(key, record, name), key, name, record))
    ids = [each.citizen for each in members]
    links = tuple(new_link(one, other, "confirmed", "ag01", 1) for one, other in itertools.pairwise(ids))
    whole = Whole(tuple(sorted(ids)), links)
    return Person(tuple(members), whole, cabinet.sealed_whole(name, whole) if name else None)


def joins(cabinet: Cabinet, one: Person, other: Person):
    link = new_link(one.citizens[0], other.citizens[0], "confirmed", "ag01", 2)
    return join(cabinet, one, other, link, {}), link


def refusal(cabinet: Cabinet, one: Person, other: Person) -> str:
    with pytest.raises(Unjoinable) as fault:
        joins(cabinet, one, other)
    return fault.value.code


@pytest.mark.parametrize("kind", ONE_EACH)
def test_who_proved_different_identities_of_which_a_person_has_one_cannot_be_one(cabinet, kind):
    a, b = somebody(cabinet, (kind, "a", "account")), somebody(cabinet, (kind, "b", "account"))
    assert refusal(cabinet, a, b) == refusal(cabinet, b, a) == "contradicts"
    for other in (
        somebody(cabinet, (kind, "a", "account")),
        somebody(cabinet, (kind, "b", "stated")),  # a claim contradicts nothing
        somebody(cabinet, ("email", "b", "account")),
        somebody(cabinet),
    ):
        assert joins(cabinet, a, other)[0].sets
        assert joins(cabinet, other, a)[0].sets


def test_two_addresses_are_one_persons(cabinet):
    a, b = somebody(cabinet, ("email", "a", "account")), somebody(cabinet, ("email", "b", "account"))
    assert joins(cabinet, a, b)[0].sets


def test_who_is_one_already_is_not_joined_again(cabinet):
    two = somebody(cabinet, count=2)
    again = Person(two.members[::-1], two.whole, two.raw)
    assert refusal(cabinet, two, again) == "already_one"


def test_a_person_is_so_many_citizens_and_no_more(cabinet):
    half = MEMBERS // 2
    one = somebody(cabinet, count=half)
    assert joins(cabinet, one, somebody(cabinet, count=MEMBERS - half))[0].sets
    assert refusal(cabinet, one, somebody(cabinet, count=MEMBERS - half + 1)) == "too_many"


@pytest.mark.parametrize(("ones", "others"), [(1, 1), (2, 1), (1, 3), (3, 2)])
def test_a_join_rests_on_all_that_was_read_and_parting_gives_it_back(cabinet, ones, others):
    one, other = somebody(cabinet, count=ones), somebody(cabinet, count=others)
    change, link = joins(cabinet, one, other)
    members = (*one.members, *other.members)
    old = {f"w:{person.members[0].whole}": person.raw for person in (one, other) if person.raw}
    assert change.expects == {f"c:{each.citizen}": each.raw for each in members} | old
    (new,) = [name for name, value in change.sets.items() if name.startswith("w:") and value is not None]
    assert {name for name, value in change.sets.items() if value is None} == set(old)
    raws = {name: value for name, value in change.sets.items() if name.startswith("c:")}
    assert len(raws) == ones + others
    opened = [cabinet.opened(name[2:], raw) for name, raw in raws.items()]
    assert {each.whole for each in opened} == {new.removeprefix("w:")}
    both = Person(tuple(opened), cabinet.whole(new[2:], change.sets[new]), change.sets[new])
    assert set(both.whole.links) == {*one.whole.links, *other.whole.links, link}

    back = part(cabinet, both, link.link)
    assert back.expects == raws | {new: both.raw}
    assert back.sets[new] is None
    sides: dict[str, set[str]] = {}
    for name, raw in back.sets.items():
        if name.startswith("c:"):
            left = cabinet.opened(name[2:], raw)
            sides.setdefault(left.whole or left.citizen, set()).add(left.citizen)
    assert sorted(map(sorted, sides.values())) == sorted([sorted(one.citizens), sorted(other.citizens)])
    for name, members in sides.items():
        if len(members) > 1:
            assert set(cabinet.whole(name, back.sets[f"w:{name}"]).members) == members
    with pytest.raises(KeyError):
        part(cabinet, both, "l-none")


def test_a_record_given_is_kept_in_the_members_place(cabinet):
    one, other = somebody(cabinet), somebody(cabinet)
    link = new_link(one.citizens[0], other.citizens[0], "proved_email", "register", 2)
    change = join(cabinet, one, other, link, {one.citizens[0]: Record(7, 7)})
    seen = [
        cabinet.opened(each, change.sets[f"c:{each}"]).record.met_at
        for each in (*one.citizens, *other.citizens)
    ]
    assert seen == [7, 1]
