"""docs/reference/complaints.md: a row for every complaint, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "complaints.md"
STORIES = [Path(__file__).with_name(f"test_complaints_{part}.py") for part in ("asterisk", "others")]

ROW = re.compile(r"\| (?P<number>\d+) \|[^|]+\|(?P<answer>[^|]+)\|")
NAMED = re.compile(r"`(?P<file>tests/[\w/]+\.py)::(?P<test>test_\w+)`")


def stories_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in found if node.name.startswith("test_")}


def rows() -> dict[int, str]:
    found = [ROW.fullmatch(line) for line in PAGE.read_text().splitlines() if re.match(r"\| \d", line)]
    assert None not in found
    return {int(row["number"]): row["answer"] for row in found if row}


def test_every_complaint_has_its_row():
    assert sorted(rows()) == list(range(1, 50))


def test_every_row_names_a_test_that_exists_or_says_why_not():
    for number, answer in rows().items():
        named = NAMED.findall(answer)
        assert named or "not routing:" in answer, number
        for file, test in named:
            assert test in stories_in(ROOT / file), f"{number}: {file} has no {test}"


def test_every_story_here_is_told_on_the_page():
    told = {test for answer in rows().values() for _, test in NAMED.findall(answer)}
    assert {test for file in STORIES for test in stories_in(file)} - told == set()
