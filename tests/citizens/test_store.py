"""One suite over both stores of citizens: Redis's, and the one in memory that the laws run on."""

from __future__ import annotations

import pytest

from citizens.store import Change, Seen
from router.log.citizen_store import RedisCitizenStore
from tests.citizens.memory import MemoryStore

ZOE, YVES = "z-" + "0" * 20, "z-" + "1" * 20


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def store(request):
    if request.param == "memory":
        return MemoryStore()
    return RedisCitizenStore(request.getfixturevalue("redis"))


async def test_a_change_is_made_only_where_everything_is_as_expected(store):
    assert await store.swap(Change(expects={"c:a": None}, sets={"c:a": b"\x00one\xff"}))
    assert not await store.swap(Change(expects={"c:a": None}, sets={"c:a": b"two"}))
    assert not await store.swap(Change(expects={"c:a": b"\x00one\xff", "c:b": b"x"}, sets={"c:a": b"two"}))
    assert await store.get(["c:a", "c:b"]) == [b"\x00one\xff", None]
    assert await store.swap(Change(expects={"c:a": b"\x00one\xff", "c:b": None}, sets={"c:a": None}))
    assert await store.get(["c:a"]) == [None]


async def test_nothing_of_a_change_is_made_where_one_thing_is_not_as_expected(store):
    change = Change(
        expects={"c:a": b"other"},
        sets={"c:b": b"1"},
        pushes={"j:a": [b"1"]},
        holds={"i:1": f"{ZOE}!"},
        due={ZOE: 1},
    )
    assert not await store.swap(change)
    assert await store.get(["c:b", "i:1"]) == [None, None]
    assert (await store.lists(["j:a"]), await store.due(2, 9), await store.count()) == ([[]], [], 0)


async def test_of_several_changes_each_is_made_or_not_for_itself(store):
    await store.swap(Change(sets={"c:a": b"1"}))
    if isinstance(store, RedisCitizenStore):
        await store._redis.script_flush()  # a Redis that was started again knows no script
    changes = [
        Change(expects={"c:a": b"other"}, sets={"c:a": b"2"}),
        Change(expects={"c:b": None}, sets={"c:b": b"3"}, pushes={"j:b": [b"4"]}),
        Change(expects={"c:a": b"1"}, sets={"c:a": b"5"}),
    ]
    assert await store.swaps(changes) == [False, True, True]
    assert await store.swaps(changes) == [False, False, False]
    assert await store.swaps([]) == []
    assert (await store.get(["c:a", "c:b"]), await store.lists(["j:b"])) == ([b"5", b"3"], [[b"4"]])


async def test_a_journey_grows_at_its_end_and_is_written_anew_in_one_change(store):
    await store.swap(Change(pushes={"j:a": [b"1", b"2"]}))
    await store.swap(Change(pushes={"j:a": [b"3"], "j:b": [b"4"]}))
    assert await store.lists(["j:a", "j:none", "j:b"]) == [[b"1", b"2", b"3"], [], [b"4"]]
    await store.swap(Change(sets={"j:a": None}, pushes={"j:a": [b"3"]}))
    assert await store.lists(["j:a"]) == [[b"3"]]


async def test_the_index_leads_to_records_and_a_proof_outweighs_a_claim(store):
    await store.swap(Change(sets={f"c:{ZOE}": b"zoe"}, holds={"i:1": f"{ZOE}!", "i:2": f"{YVES}?"}))
    await store.swap(Change(holds={"i:1": f"{YVES}?"}))
    await store.swap(Change(holds={"i:1": f"{ZOE}?"}))
    one, two, none = await store.indexed(["i:1", "i:2", "i:3"])
    assert one.entry == f"{YVES}?{ZOE}!".encode()
    assert one.citizens == {ZOE: b"zoe"}
    assert (two.citizens, none.entry, none.citizens) == ({}, b"", {})
    await store.swap(Change(drops=[("i:1", ZOE), ("i:2", YVES), ("i:3", ZOE)]))
    assert (await store.get(["i:1", "i:2", "i:3"])) == [f"{YVES}?".encode(), None, None]


async def test_a_flood_of_claims_pushes_out_no_proof(store):
    await store.swap(Change(holds={"i:1": f"{ZOE}!"}))
    for number in range(40):
        await store.swap(Change(holds={"i:1": f"z-{number:020d}?"}))
    (found,) = await store.indexed(["i:1"])
    assert len(found.entry) == 23 * 17
    assert f"{ZOE}!".encode() in found.entry
    assert f"z-{39:020d}?".encode() in found.entry


async def test_who_is_due_comes_in_order_and_all_can_be_walked_through(store):
    await store.swap(Change(due={f"z-{number:020d}": number for number in range(300)}))
    assert await store.due(2, 9) == [f"z-{number:020d}" for number in range(3)]
    await store.swap(Change(due={f"z-{1:020d}": None, f"z-{2:020d}": 500}))
    assert await store.due(3, 9) == [f"z-{0:020d}", f"z-{3:020d}"]
    cursor, seen = await store.scan(0, 50)
    while cursor:
        cursor, more = await store.scan(cursor, 50)
        seen += more
    assert len(set(seen)) == await store.count() == 299


async def test_the_access_log_tells_newest_first_of_one_or_of_all(store):
    for at, citizen in ((1, ZOE), (2, YVES), (3, ZOE)):
        await store.saw(Seen(at, citizen, "ag01", "agent", "get_citizen", "serve"), 30)
    newest = await store.seen("", "", 2)
    assert [seen.at for _, seen in newest] == [3, 2]
    assert [seen.at for _, seen in await store.seen("", newest[-1][0], 9)] == [1]
    assert [seen.at for _, seen in await store.seen(ZOE, "", 9)] == [3, 1]


@pytest.mark.redis
async def test_without_redis_it_is_a_connection_error():
    from router.log.connection import connect

    client = connect("unix:///nowhere/redis.sock")
    store = RedisCitizenStore(client)
    for work in (store.get(["c:a"]), store.lists(["j:a"]), store.indexed(["i:1"]), store.swap(Change())):
        with pytest.raises(ConnectionError):
            await work
    await client.aclose()
