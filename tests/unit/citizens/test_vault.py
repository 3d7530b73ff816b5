"""The vault: nothing readable at rest, nothing opened by the wrong key or under the wrong name."""

import os
import stat
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.master_key import LENGTH, KeyFileError, load_or_make
from citizens.vault import Vault, VaultError
from tests.unit.citizens.drawer import Drawer

RECORD = {"number": "+33123456789", "name": "Zoé Ünïcode", "keyed": "22"}


@pytest.fixture
def drawer():
    return Drawer()


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "vault.key"


@pytest.fixture
def vault(drawer, key_file):
    return Vault(drawer, key_file)


async def test_what_was_put_is_what_is_got_and_only_until_destroyed(vault, drawer):
    await vault.put("c-1", RECORD, 60)
    assert await vault.get("c-1") == RECORD
    assert drawer.ttl == {"c-1": 60}
    await vault.destroy("c-1")
    assert await vault.get("c-1") is None
    assert drawer.sealed == {}


async def test_nothing_at_rest_can_be_read_and_no_two_seals_are_alike(vault, drawer):
    await vault.put("c-1", RECORD, 60)
    first = drawer.sealed["c-1"]
    await vault.put("c-1", RECORD, 60)
    assert b"33123456789" not in first
    assert b"Zo" not in first
    assert first[9:] != drawer.sealed["c-1"][9:]


async def test_a_record_moved_under_another_contact_does_not_open(vault, drawer):
    await vault.put("c-1", RECORD, 60)
    drawer.sealed["c-2"] = drawer.sealed["c-1"]
    with pytest.raises(VaultError, match="belongs to somebody else"):
        await vault.get("c-2")


async def test_any_changed_byte_is_an_error_and_never_garbage(vault, drawer):
    await vault.put("c-1", RECORD, 60)
    sealed = drawer.sealed["c-1"]
    for at in range(len(sealed)):
        drawer.sealed["c-1"] = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(VaultError):
            await vault.get("c-1")
    drawer.sealed["c-1"] = sealed[:20]
    with pytest.raises(VaultError, match="damaged"):
        await vault.get("c-1")


async def test_another_master_key_is_said_to_be_one(vault, drawer, key_file):
    await vault.put("c-1", RECORD, 60)
    key_file.unlink()
    with pytest.raises(VaultError, match="another master key"):
        await Vault(drawer, key_file).get("c-1")


async def test_the_same_key_file_opens_after_a_restart(vault, drawer, key_file):
    await vault.put("c-1", RECORD, 60)
    assert await Vault(drawer, key_file).get("c-1") == RECORD


async def test_a_record_too_large_is_refused_without_telling_it(vault, drawer):
    with pytest.raises(VaultError, match=r"^the record of c-1 is longer than \d+ bytes$"):
        await vault.put("c-1", {"name": "x" * 70_000}, 60)
    assert drawer.sealed == {}


@given(st.dictionaries(st.text(), st.text(), max_size=3))
async def test_any_text_survives(tmp_path_factory, record):
    vault = Vault(Drawer(), tmp_path_factory.getbasetemp() / "any.key")
    await vault.put("c-1", record, 60)
    assert await vault.get("c-1") == record


def test_the_key_file_is_made_once_for_its_owner_alone(key_file):
    umask = os.umask(0)
    try:
        key = load_or_make(key_file)
    finally:
        os.umask(umask)
    assert len(key) == LENGTH
    assert load_or_make(key_file) == key
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert list(key_file.parent.iterdir()) == [key_file]


def test_two_first_starts_at_once_have_one_key(key_file):
    keys, start = [], threading.Barrier(8)

    def first_start():
        start.wait()
        keys.append(load_or_make(key_file))

    threads = [threading.Thread(target=first_start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_can_reach_is_refused_with_the_mend(key_file, mode):
    load_or_make(key_file)
    key_file.chmod(mode)
    with pytest.raises(KeyFileError, match=f"chmod 600 {key_file}"):
        load_or_make(key_file)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_key_of_another_length_is_refused(key_file, content):
    key_file.write_bytes(content)
    key_file.chmod(0o600)
    with pytest.raises(KeyFileError, match="32 bytes"):
        load_or_make(key_file)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(KeyFileError, match="not a regular file"):
        load_or_make(tmp_path)
    with pytest.raises(KeyFileError, match="cannot make"):
        load_or_make(tmp_path / "absent" / "vault.key")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(KeyFileError, match="cannot read"):
        load_or_make(tmp_path / "link")
