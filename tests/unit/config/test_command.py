"""`guichet config` as one types it, against the real HTTP API."""

from __future__ import annotations

import asyncio

import pytest

from config.loader import DEMO, load
from router.cli import main
from router.rules import policy_hash, policy_of
from tests.unit.demo.running import Clocked, rule, serving

pytestmark = pytest.mark.server


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch):
    for name in ("GUICHET_URL", "GUICHET_TOKEN", "GUICHET_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def changed(tmp_path):
    """The demonstration with another wrap-up and one agent less."""
    for file in DEMO.glob("*.yaml"):
        text = (
            file.read_text()
            .replace("wrap_up_s: 5", "wrap_up_s: 20")
            .replace("{wait_s: 30}", "{wait_s: 25.5}")
        )
        (tmp_path / file.name).write_text(text)
    return tmp_path


async def guichet(*arguments: object) -> int:
    return await asyncio.to_thread(main, ["config", *map(str, arguments)])


def test_check_says_all_faults_and_ends_with_2(tmp_path, capsys):
    (tmp_path / "guichet.yaml").write_text("pols: {}\nhttp: {port: x}\n")
    assert main(["config", "check", "--config", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        f"{tmp_path}/guichet.yaml:1:1: error: unknown key `pols`: did you mean `pools`?",
        f"{tmp_path}/guichet.yaml:2:14: error: `port` takes a whole number from 0 to 65 535, not `x`",
    ]


def test_warnings_are_told_and_do_not_stop(tmp_path, capsys):
    (tmp_path / "f.yaml").write_text("topics: {a: {needs: {x: 1}}}\nagents: {a1: {pool: main, skills: {}}}\n")
    assert main(["config", "check", "--config", str(tmp_path / "f.yaml")]) == 0
    assert "warning: needs `x` 1, no agent has it" in capsys.readouterr().err


def test_show_prints_the_files_and_says_where_they_are(capsys, monkeypatch, changed):
    monkeypatch.setenv("GUICHET_CONFIG", str(changed))
    assert main(["config", "show"]) == 0
    out, err = capsys.readouterr()
    assert "    wrap_up_s: 20\n" in out
    assert err == f"configuration: {changed}\n"


def test_help_teaches_by_examples(capsys):
    with pytest.raises(SystemExit):
        main(["config", "--help"])
    assert 'guichet config apply --config DIR --reason "' in capsys.readouterr().out


async def test_diff_then_apply_then_nothing_to_change(capsys, changed):
    door = Clocked()
    await rule(door)
    async with serving(door) as server:
        here = ("--config", changed, "--url", server.make_url(""))
        assert await guichet("diff", *here) == 1
        expected = ["channels.phone.wrap_up_s: 5 → 20", "topics.disability.target_s: 30 → 25.5"]
        assert capsys.readouterr().out.splitlines() == expected
        assert await guichet("apply", *here, "--reason", "a trial") == 0
        assert capsys.readouterr().out.splitlines()[:2] == expected
        policy = policy_of(load(changed).tree, "main")
        assert (door.state.policy, door.state.policy_hash) == (policy, policy_hash(policy))
        entry = door.entries[-1].event
        assert (entry.by, entry.reason) == ("operator", "a trial")
        assert await guichet("diff", *here) == 0
        assert await guichet("apply", *here) == 0
        assert capsys.readouterr().out == f"nothing to change: policy {policy_hash(policy)} rules already\n"
        assert await guichet("show", "--active", *here) == 0
        assert "channels.phone.wrap_up_s: 20\n" in capsys.readouterr().out


async def test_a_designer_reads_and_may_not_apply(capsys, changed, tmp_path):
    token = tmp_path / "token"
    token.write_text("demo-designer\n")
    door = Clocked()
    await rule(door)
    async with serving(door) as server:
        here = ("--config", changed, "--url", server.make_url(""), "--token-file", token)
        assert await guichet("diff", *here) == 1
        assert await guichet("apply", *here) == 2
    err = capsys.readouterr().err
    assert "refused: This role may not do this (403 not_allowed)" in err
    assert "demo-designer" not in err
    assert "correlation id" in err


async def test_a_guichet_that_is_away_is_told_with_what_to_try(capsys, unused_tcp_port):
    assert await guichet("diff", "--url", f"http://127.0.0.1:{unused_tcp_port}") == 2
    assert "is it running? is --url right?" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_token_file_that_cannot_be_read_and_no_token_at_all(tmp_path, capsys, content):
    token = tmp_path / "token"
    if content is not None:
        token.write_bytes(content)
    assert main(["config", "diff", "--token-file", str(token)]) == 2
    assert f"{token} cannot be read" in capsys.readouterr().err
    assert main(["config", "diff", "--config", str(DEMO.parent / "agency")]) == 2
    assert "no token: set GUICHET_TOKEN or give --token-file" in capsys.readouterr().err
