"""The corpus of broken flows: every fault named in a file's head is found, with its place and its mend.

Nothing crashes, and a hostile file is refused within a bounded time.
"""

from __future__ import annotations

import re
import time
from functools import cache
from pathlib import Path

import pytest

from config.fault import Fault
from config.loader import DEMO, load
from ivr_flows.check import check
from ivr_flows.loader import MOST_BYTES, draft

BROKEN = Path(__file__).parent / "broken"
FILES = sorted(path for path in BROKEN.glob("*.yaml") if path.name != "ending.yaml")
TREE = load(DEMO).tree
PROMISED_S = 10  # for any file within the bounds, on a busy machine


def expected(path: Path) -> list[str]:
    return re.findall(r"^# finds: (?:\d+:\d+ )?(.*)$", path.read_text(), re.MULTILINE)


@cache
def checked(path: Path) -> tuple[list[Fault], float]:
    began = time.monotonic()
    return check(draft(path), TREE), time.monotonic() - began


def test_the_corpus_is_large():
    assert len(FILES) >= 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_fault_is_found_with_its_place_and_mend(path):
    found, spent = checked(path)
    assert spent < PROMISED_S
    said = [fault.message for fault in found]
    for part in expected(path):
        assert any(part in message for message in said), (part, said)
    for fault in found:
        assert fault.place.file.endswith(".yaml")
        assert fault.place.line >= 1
        assert fault.place.column >= 1
        assert ":" in fault.message or " " in fault.message


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_else_is_told(path):
    """One mistake is one message, or as many as its head names: who mends it is done."""
    said = [fault.message for fault in checked(path)[0]]
    unexpected = [message for message in said if not any(part in message for part in expected(path))]
    assert unexpected == []


def test_a_place_in_an_expression_is_its_column():
    (fault,) = check(draft(BROKEN / "expression-assign.yaml"), TREE)
    line = (BROKEN / "expression-assign.yaml").read_text().splitlines()[fault.place.line - 1]
    assert line[fault.place.column - 1 :].startswith("= 'phone'")


def test_a_huge_file_is_refused_at_once(tmp_path):
    file = tmp_path / "huge.yaml"
    file.write_text("flow: huge\nnodes:\n" + "  a: {end: done}\n" * 40_000)
    assert file.stat().st_size > MOST_BYTES
    (fault,) = check(draft(file))
    assert f"longer than {MOST_BYTES} bytes" in fault.message


def test_a_large_flow_is_checked_in_time(tmp_path):
    file = tmp_path / "large.yaml"
    nodes = "".join(f"  n{n}: {{say: {{fr: 'Un texte.'}}, next: n{n + 1}}}\n" for n in range(599))
    file.write_text(f"flow: large\nlanguages: [fr]\nstart: n0\nnodes:\n{nodes}  n599: {{end: done}}\n")
    began = time.monotonic()
    assert check(draft(file)) == []
    assert time.monotonic() - began < PROMISED_S


def test_a_flow_that_is_not_there():
    (fault,) = check(draft(BROKEN / "absent.yaml"))
    assert "cannot be read" in fault.message
