"""docs/reference/panoramisk.md: every defect of both reviews is there, every test that it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from panoramisk.actions import Action

from tests.contract.ami_sides import Bare, joined
from tests.unit.phone.peer import Peer

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
ROW = re.compile(r"\| *(?P<t>\d*) *\| *(?P<p>\d*) *\|[^|]+\| (?P<cure>[^|]+) \|")
NAMED = re.compile(r"(?:(?P<why>Not [^:]+): )?(?P<file>ami|agi|table) `(?P<test>test_\w+)`")
USED = {"panoramisk.ami_protocol", "panoramisk.manager"}


def rows() -> list[re.Match[str]]:
    text = (ROOT / "docs" / "reference" / "panoramisk.md").read_text()
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    matches = [ROW.fullmatch(line) for line in lines]
    assert None not in matches, lines[matches.index(None)]
    return matches


def written_in(file: str) -> dict[str, ast.AST]:
    """The tests of one file, by name."""
    tree = ast.parse((HERE / f"test_panoramisk_{file}.py").read_text())
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name: node for node in found if node.name.startswith("test_")}


def test_every_defect_of_both_reviews_has_a_row():
    assert {int(row["t"]) for row in rows() if row["t"]} == set(range(1, 20))
    assert {int(row["p"]) for row in rows() if row["p"]} == set(range(1, 38))


def test_every_row_names_a_test_that_runs_on_both_or_says_why_not():
    for row in rows():
        named = NAMED.fullmatch(row["cure"])
        assert named, row[0]
        test = written_in(named["file"]).get(named["test"])
        assert test is not None, f"no {named['test']}"
        both = "BOTH" in [ast.unparse(each) for each in test.decorator_list]
        assert both is not bool(named["why"]), row[0]


def test_every_test_has_a_row():
    named = {NAMED.fullmatch(row["cure"])["test"] for row in rows()}
    assert {*written_in("ami"), *written_in("agi")} - named == set()


def test_only_these_parts_of_panoramisk_are_used():
    found = set()
    for package in ("router", "config", "citizens", "metrics", "skills", "ivr_flows"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("panoramisk"):
                    found.add(node.module)
                elif isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names if alias.name.startswith("panoramisk")}
    assert found == USED
    assert "register_event" not in (ROOT / "router" / "phone" / "wire.py").read_text()


def test_nothing_is_saved_of_the_stream():
    assert not [path for path in (ROOT / "router").rglob("*.py") if "save_stream" in path.read_text()]


async def test_an_action_of_1_4_can_be_awaited_in_a_set():
    assert {Action({"Action": "Ping"}).future}


async def test_the_login_of_1_4_sends_the_secret(monkeypatch):
    """No challenge in 1.4: AMI beyond loopback needs TLS (docs/how-to/asterisk.md)."""
    peer, logins = Peer(), []
    succeed = peer.succeed
    monkeypatch.setattr(peer, "succeed", lambda action: logins.append(action) or succeed(action))
    async with joined("bare", peer, monkeypatch) as link:
        assert isinstance(link, Bare)
    assert logins[0]["Action"] == "Login"
    assert logins[0]["Secret"] == "secret"
