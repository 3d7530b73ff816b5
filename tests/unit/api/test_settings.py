"""What the API is told of the installation: the phones to listen at, and what may be recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.loader import load
from router.serve.api import api_settings

SITE = """\
agents:
  ag01: {pool: main, endpoint: ag01, skills: {}}
  ag02: {pool: main, skills: {}}
"""
PHONE = """\
gateways:
  phone:
    service_number: "3230"
    ami: {secret_file: secret}
    supervisors: [desk1, desk2]
"""


def settings(folder: Path, text: str):
    (folder / "guichet.yaml").write_text(text)
    return api_settings(load(folder).tree, "main", "1")


@pytest.mark.parametrize(("more", "allowed"), [("", set()), ("    recording: {allowed: true}\n", {"phone"})])
def test_agents_and_supervisors_phones_and_no_other(tmp_path: Path, more: str, allowed: set[str]) -> None:
    found = settings(tmp_path, SITE + PHONE + more)
    assert (found.phones, found.recording) == ({"ag01", "desk1", "desk2"}, allowed)


def test_without_a_phone_there_is_nothing_to_listen_at(tmp_path: Path) -> None:
    found = settings(tmp_path, SITE)
    assert (found.phones, found.recording) == (frozenset(), frozenset())


def test_of_several_phones_each_says_for_itself(tmp_path: Path) -> None:
    text = """\
gateways:
  phones:
    north: {service_number: "3230", ami: {secret_file: a}, supervisors: [desk1], recording: {allowed: true}}
    south: {service_number: "3231", ami: {secret_file: b, port: 1}, agi: {port: 4574}, supervisors: [desk2]}
"""
    found = settings(tmp_path, SITE + text)
    assert (found.phones, found.recording) == ({"ag01", "desk1", "desk2"}, {"north"})
