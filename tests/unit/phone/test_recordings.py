"""Recordings whose time is over are deleted, and nothing else is."""

import os

import pytest

from router.phone.recordings import delete

OLD, NEW = "c-0123456789abcdef.wav", "c-fedcba9876543210.wav"


@pytest.fixture
def folder(tmp_path):
    """Everything in it was last written long ago, but the new recording."""
    monitor = tmp_path / "monitor"
    monitor.mkdir()
    for name in (OLD, NEW, "site.wav", "c-0123456789abcdef.mp3", "c-0123456789abcdef.wav.bak", "c-0123.wav"):
        (monitor / name).write_text(name)
        os.utime(monitor / name, (1000, 1000))
    (tmp_path / "elsewhere").write_text("kept")
    os.utime(tmp_path / "elsewhere", (1000, 1000))
    (monitor / "c-00000000000000ff.wav").symlink_to(tmp_path / "elsewhere")
    (monitor / "c-00000000000000fe.wav").mkdir()
    os.utime(monitor / NEW, (3000, 3000))
    return monitor


def test_only_an_old_recording_is_deleted(folder):
    before = {path.name for path in folder.iterdir()}
    assert delete(folder, 2000) == 1
    assert {path.name for path in folder.iterdir()} == before - {OLD}
    assert delete(folder, 2000) == 0


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        delete(tmp_path / "none", 2000)
