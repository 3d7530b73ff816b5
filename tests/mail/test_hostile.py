"""Hostile letters through real servers: each a contact as text, and nothing of it anywhere else."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from tests.mail.office import Office, letter, until

pytestmark = [pytest.mark.server, pytest.mark.redis]

MARK = "Marquesecrete"  # in every personal part of every letter
EVIL = f"<script>alert('{MARK}')</script>"


def hostile() -> list[bytes]:
    """Each has a Message-ID of its own, so that it is one letter."""
    head = f"From: {MARK} <{MARK}%d@citizens.test>\r\nSubject: {EVIL} %d\r\nMessage-ID: <h%d@x>\r\n"
    mixed = (
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n' + MARK
    )
    packed = base64.b64encode(b"PK\x03\x04" + b"\0" * 100_000).decode()
    deep = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(200))
    bodies = [
        "\r\n" + MARK + "x" * 1_000_000,
        f"Content-Type: text/html\r\n\r\n<p>{EVIL}</p><p>{MARK}</p>",
        f"Content-Type: text/plain; charset=no-such\r\n\r\n{MARK} caf\xe9",
        f'{mixed}\r\n--b\r\nContent-Type: application/zip; name="../{MARK}.zip"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{packed}\r\n--b--\r\n",
        f"{mixed}\r\n--b\r\nContent-Type: text/calendar\r\n\r\nMETHOD:REQUEST\r\nSUMMARY:{MARK}\r\n--b--\r\n",
        f"{mixed}\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\n{MARK}\r\n",
        deep + MARK,
        f"{mixed}" + f"\r\n--b\r\nContent-Type: text/plain; name={MARK}\r\n\r\nx" * 2_000,
        f"Bcc: a@b\r\nX-Evil: {EVIL}\r\n\r\n{MARK}\r\n.\r\nMAIL FROM:<x>\r\n",
        "\r\n",
        "Content-Type: multipart/mixed\r\n\r\nno boundary " + MARK,
        f"Content-Transfer-Encoding: base64\r\n\r\n{MARK}é not base64 !!!",
    ]
    return [(head % (n, n, n) + body).encode("latin-1", "replace") for n, body in enumerate(bodies)]


@pytest.mark.timeout(240)
async def test_hostile_letters_are_contacts_and_personal_words_are_nowhere_else(servers, tmp_path):
    letters = hostile()
    large = base64.encodebytes(b"\0" * 37_500_000).decode()  # 50 MB as it is sent
    letters.append(
        letter(f"{MARK}99@citizens.test", MARK, MARK, "big")
        .rstrip()
        .replace(b"Content-Type: text/plain", b"X: y\nContent-Type: text/plain")
    )
    big = (
        f"From: {MARK} <{MARK}b@citizens.test>\r\nSubject: {MARK}\r\nMessage-ID: <fifty@x>\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
        f"{MARK}\r\n--b\r\nContent-Type: application/pdf; name={MARK}.pdf\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{large}\r\n--b--\r\n"
    )
    letters.append(big.encode())
    async with Office(servers, tmp_path, "hostile") as office:
        servers.put("hostile", letters)
        await until(lambda: servers.count("hostile", "Guichet") == len(letters), 120)
        contacts = await office.contacts()
        assert len(contacts) == len(letters)
        assert await office.figure("put_aside") == 0
        texts = []
        for _ in contacts:
            name = await office.accepts("ag07")
            path, token = f"contacts/{name}", "demo-agent-ag07"
            _, thread = await office.guichet.ask("GET", f"{path}/letters", token)
            [each] = thread["letters"]
            texts.append(each)
            for paper in each["attachments"]:
                if paper["kept"] and paper["number"] < 2:
                    at = f"{path}/letters/{each['letter']}/{paper['number']}"
                    status, content = await office.guichet.ask("GET", at, token)
                    assert status == 200
                    assert len(base64.b64decode(content["base64"])) == paper["size"]
            await office.guichet.ask("POST", f"{path}/ended", token)
            await office.guichet.ask("POST", f"{path}/done", token)
        assert sum(MARK in each["text"] + each["subject"] for each in texts) == len(letters)
        notes = {note for each in texts for note in each["notes"]}
        assert {"archive", "winmail", "invitation", "too_deep", "too_many_parts", "too_large"} <= notes
        _, metrics = await office.guichet.get("/metrics")
        assert MARK.lower().encode() not in metrics.lower()
        resident = memory(office.guichet.process.pid)
        assert resident < 400_000, "kilobytes: a 50 MB letter is read to its 25th and let go"
    left = [path for path in tmp_path.rglob("*") if "config" not in path.parts]
    for path in left:
        assert MARK.lower() not in str(path).lower()
        if path.is_file():
            assert MARK.lower().encode() not in path.read_bytes().lower(), path.name


def memory(pid: int) -> int:
    """Most that the serving child ever had, kB."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    known = (Path(f"/proc/{child}/status").read_text().splitlines() for child in children)
    lines = [line for each in known for line in each if line.startswith("VmHWM")]
    return max(int(line.split()[1]) for line in lines)
