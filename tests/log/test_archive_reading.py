"""An archive proves every byte it gives, or says where the proof ends."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from router.log.archive import archive_start, read_archive
from router.log.archive_errors import ArchiveError, Changed, Cut, Missing, NotAnArchive, Torn
from tests.log.archive_samples import growing, opened, payload, payloads, sealed

Make = Callable[[Path, int], Path]


def ns(path: Path) -> list[int]:
    return [entry.n for entry, _ in read_archive(path)]


@pytest.mark.parametrize("make", [growing, sealed])
def test_what_was_written_is_read_byte_for_byte(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path, 20)
    for place in (tmp_path, path):
        read = list(read_archive(place))
        assert [raw for _, raw in read] == payloads(1, 20)
        assert [entry.n for entry, _ in read] == list(range(1, 21))


@pytest.mark.parametrize("make", [growing, sealed])
def test_each_changed_byte_of_a_small_archive_is_found(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path, 3)
    whole = path.read_bytes()
    for place in range(len(whole)):
        for change in (0x01, 0x80, 0xFF):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :])
            with pytest.raises((Changed, Cut, NotAnArchive)) as found:
                ns(tmp_path)
            assert found.value.offset <= place, "named after the change"
            assert "mend" in str(found.value)


@pytest.mark.parametrize("make", [growing, sealed])
def test_random_changed_bytes_of_a_larger_archive_are_found(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path, 2000)
    whole = path.read_bytes()
    chance = random.Random(7)
    for _ in range(60):
        place = chance.randrange(len(whole))
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ chance.randrange(1, 256)]) + whole[place + 1 :]
        )
        with pytest.raises((Changed, Cut, NotAnArchive)):
            ns(path)


def test_a_growing_segment_torn_anywhere_gives_what_is_whole_and_says_torn(tmp_path: Path) -> None:
    path = growing(tmp_path, 3)
    whole = path.read_bytes()
    ends = [len(whole) - len(payload(3)) - 24, len(whole)]
    for size in range(ends[0] + 1, ends[1]):
        path.write_bytes(whole[:size])
        given = []
        with pytest.raises(Torn) as found:
            given.extend(entry.n for entry, _ in read_archive(tmp_path))
        assert found.value.offset == ends[0]


def test_a_tail_of_zeros_is_torn_not_changed(tmp_path: Path) -> None:
    """After a power cut the file may have its size and not its bytes."""
    path = growing(tmp_path, 3)
    whole = path.read_bytes()
    start = len(whole) - len(payload(3)) - 24
    for known in (0, 8, 12):
        path.write_bytes(whole[: start + known] + bytes(4096))
        with pytest.raises(Torn):
            ns(path)


def test_a_sealed_segment_cut_anywhere_is_cut_not_torn(tmp_path: Path) -> None:
    path = sealed(tmp_path, 3)
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(Cut):
            ns(path)


def test_bytes_after_the_seal_are_found(tmp_path: Path) -> None:
    path = sealed(tmp_path, 3)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(Changed, match="after the seal"):
        ns(path)


def test_segments_are_chained(tmp_path: Path) -> None:
    writer = opened(tmp_path)
    for first in (1, 11, 21):
        writer.write(payloads(first, first + 9))
        writer.roll()
    writer.close()
    assert ns(tmp_path) == list(range(1, 31))
    (tmp_path / "main-0000000000000011.garc").rename(tmp_path / "aside")
    with pytest.raises(Missing, match="entries 11 to 20"):
        ns(tmp_path)


def test_a_segment_of_another_archive_does_not_fit(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, core in ((here, "1"), (there, "other")):
        folder.mkdir()
        writer = opened(folder)
        writer.write(payloads(1, 10, core))
        writer.roll()
        writer.write(payloads(11, 20, core))
        writer.close()
    name = "main-0000000000000011.garc.open"
    shutil.copy(there / name, here / name)
    with pytest.raises(Missing, match="two archives"):
        ns(here)


def test_two_pools_in_one_folder_are_kept_apart(tmp_path: Path) -> None:
    growing(tmp_path, 3, pool="main")
    growing(tmp_path, 5, pool="main-north")
    with pytest.raises(ValueError, match="main, main-north"):
        ns(tmp_path)
    assert [entry.n for entry, _ in read_archive(tmp_path, "main")] == [1, 2, 3]


def test_an_archive_that_begins_without_a_state_says_so(tmp_path: Path) -> None:
    writer = opened(tmp_path)
    writer.start_after(10)
    writer.write(payloads(11, 12))
    writer.close()
    with pytest.raises(Missing, match="before entry 11"):
        archive_start(tmp_path)


def test_what_is_no_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "main-0000000000000001.garc"
    path.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(NotAnArchive):
        ns(path)
    with pytest.raises(FileNotFoundError):
        ns(tmp_path / "elsewhere")


def test_every_error_is_an_archive_error() -> None:
    assert all(issubclass(kind, ArchiveError) for kind in (Changed, Cut, Missing, NotAnArchive, Torn))
