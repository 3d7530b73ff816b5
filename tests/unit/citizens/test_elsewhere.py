"""What other rooms keep goes along with an export and an erasure, and holds up what it must."""

from __future__ import annotations

import pytest

from citizens.cabinet import UnknownCitizen
from citizens.claim import Claim
from citizens.elsewhere import Theirs
from citizens.journey import Happened, Journey
from citizens.spelling import spell
from router.phone.recordings import Recordings
from tests.citizens.memory import MemoryStore
from tests.citizens.site import ASKED, DAY, Site
from tests.unit.citizens.drawer import Drawer

CONTACT = "c-0123456789abcdef"


class Room:
    """Keeps a word of each citizen; can be away."""

    def __init__(self) -> None:
        self.away, self.asked = False, []

    def owns(self, name):
        return name.startswith("room:")

    async def export(self, theirs):
        return {"room": [raw.decode("latin-1") for name, raw in theirs.kept.items() if self.owns(name)]}

    async def erased(self, theirs):
        if self.away:
            raise ConnectionError("away")
        self.asked.append(theirs.citizens)


@pytest.fixture
async def site(tmp_path):
    site = await Site(MemoryStore(), Drawer(), tmp_path).open()
    site.room = Room()
    site.people.elsewhere = [site.room]
    claims = [Claim(spell("email", "zoe@example.org"), "account")]
    site.zoe = (await site.register.meet(claims, "phone", CONTACT, {"number": "+33199001000"})).citizen
    await site.register.note(site.zoe, Happened("x", 1, "asked", contact=CONTACT))
    await site.register.keep(site.zoe, "room:1", b"\xff not JSON")
    await site.register.keep(site.zoe, "facts:caf", b"{}")
    return site


async def test_a_room_exports_its_own(site):
    export = await site.people.export(site.zoe, ASKED)
    assert (export.kept, export.elsewhere) == ({"facts:caf": b"{}"}, {"room": ["\xff not JSON"]})


async def test_nothing_is_erased_while_a_room_is_away(site):
    site.room.away = True
    with pytest.raises(ConnectionError):
        await site.people.erase(site.zoe, ASKED)
    assert (await site.people.export(site.zoe, ASKED)).contacts[CONTACT]["number"]
    site.room.away = False
    erased = await site.people.erase(site.zoe, ASKED)
    assert (erased.citizens, erased.contacts, site.room.asked) == ((site.zoe,), 1, [(site.zoe,)])
    with pytest.raises(UnknownCitizen):
        await site.people.export(site.zoe, ASKED)


async def test_whose_time_is_over_is_gone_from_every_room_too(site):
    site.ahead = 1100 * DAY
    swept = await site.sweep.run()
    assert (swept.erased, site.room.asked) == (1, [(site.zoe,)])


async def test_recordings_of_theirs_are_named_and_deleted_and_no_other_file(tmp_path):
    other, outside = "c-fedcba9876543210", tmp_path / "outside.wav"
    folder = tmp_path / "recordings"
    folder.mkdir()
    for path in (folder / f"{CONTACT}.wav", folder / f"{other}.wav", outside):
        path.write_bytes(b"RIFF")
    linked = "c-1111111111111111"
    (folder / f"{linked}.wav").symlink_to(outside)
    room = Recordings([folder, tmp_path / "none"])
    theirs = Theirs(("z-1",), (CONTACT, linked, "../outside"), Journey("z-1", (), ()), {})
    assert await room.export(theirs) == {"recordings": [f"{CONTACT}.wav"]}
    await room.erased(theirs)
    await room.erased(theirs)
    assert sorted(path.name for path in folder.iterdir()) == [f"{linked}.wav", f"{other}.wav"]
    assert outside.exists()
    assert repr(theirs) == "Theirs(1 citizens, 3 contacts)"
