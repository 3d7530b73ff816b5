"""The commands as a person runs them, against a real `guichet serve`."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from pathlib import Path

import pytest

from tests.phone.until import until
from tests.serve.process import DEMO, Process, serving

pytestmark = [pytest.mark.redis, pytest.mark.timeout(120)]

ROOT = Path(__file__).parents[2]


async def guichet(*words: str, folder: Path, text: str = "") -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "router.cli", *words,
        cwd=folder, stdin=PIPE, stdout=PIPE, stderr=PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    async with asyncio.timeout(60):
        out, err = await process.communicate(text.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def served(site: Process, contact: str = "c-1") -> None:
    """One contact's whole life."""
    await site.ask("PUT", "agents/ag01/state", "demo-agent-ag01", {"state": "ready"})
    body = {"contact": contact, "channel": "chat", "topic": "housing", "language": "fr"}
    assert (await site.ask("POST", "contacts", "demo-operator", body))[0] == 201
    _, story = await site.ask("GET", f"contacts/{contact}", "demo-supervisor")
    offer = story["offers"][0]["offer"]
    await site.ask("POST", f"offers/{offer}/answer", "demo-agent-ag01", {"answer": "accepted"})
    await site.ask("POST", f"contacts/{contact}/ended", "demo-agent-ag01")
    await site.ask("POST", f"contacts/{contact}/done", "demo-agent-ag01")


@pytest.fixture
async def site(tmp_path: Path):
    process = Process(tmp_path)
    await process.start()
    yield process
    await process.stop()


async def test_agents_and_contacts_are_listed_and_changed(site: Process, tmp_path: Path):
    url = ("--url", site.url)
    assert (await guichet("agents", "ag02", "away", "--reason", "lunch", *url, folder=tmp_path))[0] == 0
    await served(site)
    code, agents, _ = await guichet("agents", *url, folder=tmp_path)
    assert code == 0
    assert [line.split()[:3] for line in agents.splitlines()[1:]] == [
        ["ag01", "ready", "-"],
        ["ag02", "away", "lunch"],
    ]
    _, contacts, _ = await guichet("contacts", "--state", "ended", *url, folder=tmp_path)
    assert contacts.splitlines()[1].split()[:3] == ["c-1", "chat", "ended"]
    _, story, _ = await guichet("contacts", "c-1", *url, folder=tmp_path)
    assert json.loads(story)["offers"][0]["agent"] == "ag01"
    code, _, err = await guichet("contacts", "c-404", *url, folder=tmp_path)
    assert (code, "c-404" in err) == (1, True)


async def test_why_and_replay_tell_from_the_archive_and_find_a_changed_byte(site: Process, tmp_path: Path):
    await served(site)
    await site.stop()
    code, why, _ = await guichet("why", "c-1", "--archive", "var/archive", folder=tmp_path)
    assert code == 0
    assert "offered to agent ag01" in why
    _, lines, _ = await guichet("why", "c-1", "--archive", "var/archive", "--json", folder=tmp_path)
    assert [json.loads(line)["state"] for line in lines.splitlines()] == [
        "offered",
        "connected",
        "wrap_up",
        "ended",
    ]
    assert (await guichet("why", "c-404", "--archive", "var/archive", folder=tmp_path))[0] == 1

    code, out, _ = await guichet("replay", "var/archive", folder=tmp_path)
    assert (code, "repeat as stored" in out) == (0, True)
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "var" / "archive", copy)
    (segment,) = copy.glob("*.garc*")
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.write_bytes(data)
    code, _, err = await guichet("replay", "copy", folder=tmp_path)
    assert (code, "byte" in err) == (1, True)
    assert (await guichet("replay", "nowhere", folder=tmp_path))[0] == 2
    await site.start()


async def test_the_owned_redis_is_started_again_when_it_is_killed(site: Process, tmp_path: Path):
    await served(site)
    before = await site.state()
    (pid,) = living_in(tmp_path / "var" / "redis")
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(20):
        body = {"contact": "c-2", "channel": "chat", "topic": "housing", "language": "fr"}
        while (await site.ask("POST", "contacts", "demo-operator", body))[0] not in (200, 201):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    after = await site.state()
    assert after["arrived"] == before["arrived"] + 1
    assert after["ended"] == 1


def living_in(folder: Path) -> list[int]:
    """The processes whose working directory is this folder."""
    found = []
    for cwd in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # it has just ended
            if cwd.readlink() == folder:
                found.append(int(cwd.parent.name))
    return found


async def test_check_names_what_is_wrong_with_its_mend(tmp_path: Path):
    config = tmp_path / "config"
    shutil.copytree(DEMO, config)
    code, out, _ = await guichet("check", "--config", "config", folder=tmp_path)
    assert code in (0, 1)  # 1 where something already listens on 8080
    assert "redis: owned" in out
    (config / "phone.yaml").write_text(
        'gateways:\n  phone:\n    service_number: "3230"\n    ami: {port: 9, secret_file: secret}\n'
    )
    (tmp_path / "secret").write_text("x")
    code, out, _ = await guichet("check", "--config", "config", folder=tmp_path)
    assert code == 1
    assert "asterisk: 127.0.0.1:9 does not answer" in out
    assert "mend: start Asterisk" in out
    assert "fastagi: 127.0.0.1:4573 believes whoever may connect" in out
    (config / "phone.yaml").write_text("chanels: {}\n")
    code, _, err = await guichet("check", "--config", "config", folder=tmp_path)
    assert code == 2
    assert "phone.yaml:1:1" in err
    assert "`channels`" in err


async def test_serve_refuses_demonstration_tokens_on_a_public_address(tmp_path: Path):
    config = tmp_path / "config"
    shutil.copytree(DEMO, config)
    http = config / "http.yaml"
    http.write_text(http.read_text().replace("host: 127.0.0.1", "host: 0.0.0.0"))
    code, _, err = await guichet("serve", "--config", "config", folder=tmp_path)
    assert code == 1
    assert "demonstration tokens" in err
    assert not (tmp_path / "var").exists()


async def test_serve_tells_a_taken_port(site: Process, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    port = site.url.rstrip("/").rpartition(":")[2]
    code, _, err = await guichet("serve", "--config", str(site.config), "--port", port, folder=other)
    assert code == 1
    assert "already in use" in err or "address in use" in err.lower()


async def test_the_engine_rules_by_a_configuration(tmp_path: Path):
    shutil.copytree(DEMO, tmp_path / "config")
    (tmp_path / "config" / "guichet.yaml").write_text(
        (tmp_path / "config" / "guichet.yaml")
        .read_text()
        .replace("main:\n", "main:\n    offer_expiry_s: 40\n", 1)
    )
    lines = '{"at":0,"event":"agent","agent":"a","state":"ready"}\n'
    lines += '{"at":0,"event":"contact","contact":"c","channel":"chat","needs":{}}\n'
    _, out, _ = await guichet("engine", "--config", "config", folder=tmp_path, text=lines)
    assert json.loads(out.splitlines()[1])["wake"] == 40


async def test_help_teaches(tmp_path: Path):
    code, out, _ = await guichet("--help", folder=tmp_path)
    assert code == 0
    for name in ("serve", "engine", "check", "agents", "contacts", "config", "why", "replay", "demo"):
        assert f"\n    {name} " in out
        code, own, _ = await guichet(name, "--help", folder=tmp_path)
        assert (code, len(own) > 300) == (0, True)


async def test_no_personal_datum_nor_token_is_in_the_log_of_the_process(site: Process, tmp_path: Path):
    await served(site)
    await site.ask("GET", "contacts/" + "0612345678" * 3, "demo-supervisor")
    # Lines are written by a thread of their own: the next question may be answered before.
    log = await until(lambda: (told := (tmp_path / "serve.log").read_text()).count('"c-1"') and told)
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"c-1"} == {line["contact"] for line in lines if "contact" in line}
    assert "0612345678" not in log
    assert "demo-agent" not in log


async def test_a_request_that_cannot_be_read_leaves_nothing_of_it_in_the_log(site: Process, tmp_path: Path):
    host, _, port = site.url.removeprefix("http://").rstrip("/").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer MARKED\x01\r\nMARKED Dupont\r\n\r\n")
    assert b" 400 " in await reader.readline()
    writer.close()
    await site.stop()
    log = (tmp_path / "serve.log").read_text()
    assert "could not be read" in log
    assert "MARKED" not in log
    await site.start()


async def test_citizens_are_found_shown_merged_split_and_erased(site: Process, tmp_path: Path):
    async def citizen(*words: str, text: str = "") -> tuple[int, str]:
        code, out, err = await guichet("citizen", *words, "--url", site.url, folder=tmp_path, text=text)
        return code, out + err

    met = []
    for how, name in (("account", "Zoé 李"), ("sender", "")):
        claim = {"kind": "email", "value": "zoe@example.org", "how": how}
        body = {"channel": "email", "claims": [claim], "name": name}
        met.append((await site.ask("POST", "citizens/meet", "demo-operator", body))[1]["citizen"])
    code, found = await citizen("find", "email", "-", text="Zoe@example.org\n")
    assert (code, [line.split()[::2] for line in found.splitlines()[1:]]) == (
        0, [[met[0], "proved"], [met[1], "claimed"]],
    )  # fmt: skip
    link = (await citizen("merge", *met))[1].partition(":")[0]
    assert "Zoé 李" in (await citizen("show", met[1]))[1]
    assert "duplicate  auditor" in (await citizen("why", *met))[1]
    assert (await citizen("export", met[0], "--to", "theirs", "--language", "en"))[0] == 0
    assert "Zoé 李" in (tmp_path / "theirs" / "to-read.txt").read_text()
    assert (await citizen("split", met[0], link))[0] == 0
    assert (await citizen("why", *met))[0] == 1
    code, held = await citizen("correct", met[1], "email", "-", "shared", text="Zoe@example.org\n")
    assert (code, held.split()[-1]) == (0, "shared")
    assert "1 citizens are under" not in (await citizen("rotate"))[1]
    assert (await citizen("erase", met[0]))[1].endswith("nothing was erased\n")
    assert (await citizen("erase", met[0], "--yes"))[0] == 0
    code, said = await citizen("export", met[0])
    assert (code, "unknown_citizen" in said) == (1, True)
    assert "export_citizen" in (await citizen("accesses", met[0]))[1]
    assert (await citizen("find", "nonsense", "x"))[0] == 2


async def test_serve_with_the_key_file_of_another_vault_does_not_start_and_says_so(tmp_path: Path):
    async with serving(tmp_path) as site:
        claim = {"kind": "email", "value": "zoe@example.org", "how": "account"}
        body = {"channel": "counter", "claims": [claim]}
        assert (await site.ask("POST", "citizens/meet", "demo-operator", body))[0] == 200
    key = tmp_path / "var" / "vault.key"
    own = key.read_bytes()
    key.write_bytes(bytes(reversed(own)))
    code, out, err = await guichet("serve", "--config", "config", "--port", "0", folder=tmp_path)
    assert (code != 0, "put back the key file" in out + err) == (True, True), out + err
    key.write_bytes(own)
    async with serving(tmp_path) as site:
        sought = {"kind": "email", "value": "zoe@example.org", "purpose": "request"}
        assert len((await site.ask("POST", "citizens/find", "demo-auditor", sought))[1]["found"]) == 1
