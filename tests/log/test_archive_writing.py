"""What the writer calls durable is there after any death of its process, and after errors of the disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.log.archive import archive_start, read_archive
from router.log.archive_errors import Busy, Changed, Cut
from router.log.archive_retention import retire
from router.log.archive_snapshots import Snapshots
from tests.log.archive_samples import growing, opened, payload, payloads, sealed


def raws(folder: Path) -> list[bytes]:
    return [raw for _, raw in read_archive(folder)]


def test_a_torn_record_is_cut_and_written_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = growing(tmp_path, 10)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 5)
    writer = opened(tmp_path)
    assert writer.n == 9
    assert "cut away" in caplog.text
    assert writer.write(payloads(10, 12)) == 12
    writer.close()
    assert raws(tmp_path) == payloads(1, 12)


def test_a_long_torn_end_is_cut_before_something_shorter_is_written(tmp_path: Path) -> None:
    path = growing(tmp_path, 10)
    path.write_bytes(path.read_bytes() + bytes(4096))
    writer = opened(tmp_path)
    writer.write([payload(11)])
    writer.close()
    assert raws(tmp_path) == payloads(1, 11)


def test_a_changed_record_is_never_cut_away_unless_the_log_still_has_it(tmp_path: Path) -> None:
    path = growing(tmp_path, 10)
    whole = bytearray(path.read_bytes())
    whole[-20] ^= 1
    path.write_bytes(whole)
    for rewrite_from in (None, 11):
        with pytest.raises(Changed):
            opened(tmp_path, rewrite_from=rewrite_from)
    assert path.read_bytes() == whole
    writer = opened(tmp_path, rewrite_from=10)
    assert writer.n == 9
    writer.write([payload(10)])
    writer.close()
    assert raws(tmp_path) == payloads(1, 10)


def test_a_cut_sealed_segment_stops_the_writer(tmp_path: Path) -> None:
    path = sealed(tmp_path, 10)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Cut):
        opened(tmp_path, rewrite_from=1)


def test_a_seal_without_its_name_is_finished(tmp_path: Path) -> None:
    path = sealed(tmp_path, 10)
    path.rename(path.with_name(path.name + ".open"))
    writer = opened(tmp_path)
    assert path.exists()
    writer.write(payloads(11, 12))
    writer.close()
    assert raws(tmp_path) == payloads(1, 12)


def test_another_core_begins_another_segment_with_the_state_before_it(tmp_path: Path) -> None:
    writer = opened(tmp_path)
    writer.snapshots.save(3, b"state after 3")
    writer.write([*payloads(1, 3, "1"), *payloads(4, 6, "2")])
    writer.close()
    assert [p.name for p in sorted(tmp_path.glob("*.garc*"))] == [
        "main-0000000000000001.garc", "main-0000000000000004.garc.open",
    ]  # fmt: skip
    assert archive_start(tmp_path / "main-0000000000000004.garc.open") == (4, b"state after 3")
    assert raws(tmp_path) == [*payloads(1, 3, "1"), *payloads(4, 6, "2")]


def test_a_hole_is_refused(tmp_path: Path) -> None:
    writer = opened(tmp_path)
    writer.write(payloads(1, 3))
    for wrong in (3, 5):
        with pytest.raises(ValueError, match="needs 4"):
            writer.write([payload(wrong)])
    writer.close()


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    writer = opened(tmp_path)
    with pytest.raises(Busy):
        opened(tmp_path)
    writer.close()
    opened(tmp_path).close()


@pytest.fixture
def small_files() -> Iterator[int]:
    """The system refuses to write beyond this size, in the middle of a record: as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))
    yield 3000
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


def test_after_a_full_disk_the_same_batch_goes_in_whole(tmp_path: Path, small_files: int) -> None:
    writer = opened(tmp_path)
    writer.write(payloads(1, 10))
    with pytest.raises(OSError, match="too large"):
        writer.write(payloads(11, 60))
    assert writer.n == 10
    assert next(tmp_path.glob("*.open")).stat().st_size == small_files, "the disk filled inside the batch"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.getrlimit(resource.RLIMIT_FSIZE)[1],) * 2)
    assert writer.write(payloads(11, 15)) == 15
    writer.close()
    assert raws(tmp_path) == payloads(1, 15)


WRITE_AND_TELL = """
import sys
from pathlib import Path
from tests.log.archive_samples import opened, payloads
writer = opened(Path(sys.argv[1]))
while True:
    print(writer.write(payloads(writer.n + 1, writer.n + 7)), flush=True)
"""


def test_kill_9_loses_nothing_that_was_told(tmp_path: Path) -> None:
    told = 0
    root = Path(__file__).parents[2]
    for kills in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITE_AND_TELL, str(tmp_path)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(root)},
        )  # fmt: skip
        assert child.stdout is not None
        for _ in range(20 + 13 * kills):
            told = int(child.stdout.readline())
        child.kill()
        child.wait()
        child.stdout.close()
    writer = opened(tmp_path)
    assert writer.n >= told
    writer.close()
    assert raws(tmp_path) == payloads(1, writer.n)


def test_retention_keeps_what_can_be_replayed(tmp_path: Path) -> None:
    writer = opened(tmp_path)
    for last in (10, 20, 30):
        if last != 20:  # the second segment begins without a state: the first must stay for it
            writer.snapshots.save(last - 10, b"state")
        writer.write(payloads(last - 9, last))
        writer.roll()
    writer.snapshots.save(30, b"state")
    writer.write(payloads(31, 32))
    writer.close()
    first = tmp_path / "main-0000000000000001.garc"
    assert retire(tmp_path, "main", before=10_000_000) == [], "its last entry is not older"
    assert retire(tmp_path, "main", before=10_000_001) == [], "the next one has no state to begin with"
    assert first.exists()


def test_retention_deletes_oldest_first_and_what_is_left_is_proven(tmp_path: Path) -> None:
    writer = opened(tmp_path)
    for last in (10, 20, 30):
        writer.write(payloads(last - 9, last))
        writer.snapshots.save(last, f"state {last}".encode())
        writer.roll()
    writer.write(payloads(31, 32))
    writer.close()
    gone = retire(tmp_path, "main", before=20_000_000)
    assert [p.name for p in gone] == ["main-0000000000000001.garc"], "entry 20 is not older than that"
    assert archive_start(tmp_path) == (11, b"state 10")
    gone = retire(tmp_path, "main", before=20_000_001)
    assert [p.name for p in gone] == ["main-0000000000000011.garc"]
    assert archive_start(tmp_path) == (21, b"state 20")
    assert raws(tmp_path) == payloads(21, 32)
    retire(tmp_path, "main", before=10**18)
    assert raws(tmp_path) == payloads(31, 32), "the growing segment always stays"


def test_a_damaged_snapshot_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path, "main")
    assert kept.newest() is None
    for n in (100, 200, 300):
        kept.save(n, b"state %d" % n)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "main-0000000000000200.snapshot", "main-0000000000000300.snapshot",
    ]  # fmt: skip
    assert kept.newest() == (300, b"state 300")
    path = tmp_path / "main-0000000000000300.snapshot"
    path.write_bytes(path.read_bytes()[:-1])
    assert kept.newest() == (200, b"state 200")
    assert kept.at(300) == b""
