"""`guichet serve` as a process, with a real SMTP server and a real provider: sent over a kill, once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from router.outward import Outward, Server
from tests.notify.mailbox import mailbox
from tests.notify.provider import TOKEN
from tests.phone.until import until
from tests.serve.process import Process
from tests.serve.test_commands import guichet

pytestmark = [pytest.mark.redis, pytest.mark.server, pytest.mark.timeout(120)]

MARK = "Zorglub"
CONFIG = """
notify:
  smtp: {{host: 127.0.0.1, port: {smtp}, security: none}}
  sender: guichet@agency.example
  sms: {{url: "http://127.0.0.1:{sms}/messages", token_file: {token}, sender: GUICHET}}
  first_pause_s: 1
  messages:
    code:
      why: asked
      ways: [sms, email]
      variables: {{code: The digits}}
      texts: {{fr: {{subject: Code, text: "Votre code {{code}}", sms: "Code {{code}}"}}}}
"""


async def test_sent_over_a_kill_once_each_and_by_the_next_way(tmp_path: Path, provider: int) -> None:
    (tmp_path / "token").write_text(TOKEN)
    behave = Outward(Server(f"http://127.0.0.1:{provider}/behave"))
    async with mailbox() as box:
        text = CONFIG.format(smtp=box.port, sms=provider, token=tmp_path / "token")
        site = Process(tmp_path, text)
        await site.start()
        claims = [
            {"kind": "phone", "value": "+33612345678", "how": "code"},
            {"kind": "email", "value": f"{MARK}@example.org", "how": "link"},
        ]
        status, met = await site.ask(
            "POST", "citizens/meet", "demo-operator", {"channel": "phone", "claims": claims}
        )
        assert status == 200, met
        await behave.ask("POST", (), {"next": ["hang", "503"]})  # killed meanwhile, then tried again
        words = ("notify", "send", "code", "--citizen", met["citizen"], "--value", f"code={MARK}")
        done, out, err = await guichet(*words, "--notice", "n-kill", "--url", site.url, folder=tmp_path)
        assert (done, out.startswith("n-kill is waiting")) == (0, True), err
        await asyncio.sleep(1)
        await site.kill()
        await site.start()
        await behave.ask("POST", (), {"next": ["422"]})
        await guichet(*words, "--notice", "n-next", "--url", site.url, folder=tmp_path)
        await until(lambda: bool(box.taken), 30)
        assert MARK.encode() in box.taken[0].content
        assert box.taken[0].rcpt_tos == [f"{MARK.lower()}@example.org"]
        code, out, _ = await guichet("notify", "show", "n-next", "--url", site.url, folder=tmp_path)
        assert (code, '"way": "email"' in out) == (0, True)
        _, metrics = await site.get("/metrics")
        assert b'what="email_taken"} 1.0' in metrics
        _, _, err = await guichet(
            "notify", "send", "nothing", "--citizen", "z-1", "--url", site.url, folder=tmp_path
        )
        assert "No such message is configured" in err
        await site.stop()
        logs = (tmp_path / "serve.log").read_text()
        assert "612345678" not in logs
        assert MARK not in logs
        assert MARK.encode() not in metrics
        names = await asyncio.to_thread(lambda: [str(path) for path in tmp_path.rglob("*")])
        assert not [name for name in names if MARK.lower() in name.lower()]
