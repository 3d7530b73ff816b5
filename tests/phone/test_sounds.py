"""Every sound that the menu and the dialplan name is installed, in French and in English."""

import re
from pathlib import Path

import pytest

from router.phone import menu
from tests.phone.lab import PRIVATE

pytestmark = pytest.mark.asterisk

ETC = PRIVATE.parent / "etc"
PLAYED = re.compile(r"(?:Playback|Background)\((?P<sounds>[^,)]+)")
QUEUED = re.compile(r"^queue-\S+\s*=\s*(?P<sound>[\w/-]+)", re.MULTILINE)


def named() -> set[str]:
    """What is said somewhere; a sound whose name is computed is named by its folder."""
    sounds = {*menu.default_prompt(9), menu.AGAIN}
    for path in ETC.glob("*.conf"):
        text = re.sub(r"(?m)^;.*$", "", path.read_text())
        sounds |= {each for said in PLAYED.findall(text) for each in said.split("&") if "$" not in each}
        sounds |= set(QUEUED.findall(text))
    return sounds


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_sound_is_there(lab, language):
    data = re.search(r"astdatadir = (.+)", (lab.folder / "etc" / "asterisk.conf").read_text())[1]
    folder = Path(data) / "sounds" / language
    assert len(named()) >= 12
    assert [sound for sound in sorted(named()) if not list(folder.glob(f"{sound}.*"))] == []
