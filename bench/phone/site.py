"""The centre that is measured: fifty agents, one language, one topic, one Asterisk with both ways to serve.

With one language and one topic no key is asked: what is left is what routing costs. It must never change the
shipped dialplan or queue, only add to a copy.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.phone.guichet import phone
from tests.phone.lab import PRIVATE, Lab

AGENTS = [f"ag{number:02}" for number in range(1, 51)]
PEER = """
; ---- added by bench/phone: the same service by Asterisk's own queue

[from-citizens](+)
exten => _3231XXXX,1,Goto(bench-queue,s,1)

[bench-queue]
exten => s,1,Answer()
 same => n,Set(CHANNEL(language)=fr)
 same => n,Queue(bench)
 same => n,Hangup()
"""
QUEUE = """
; ---- added by bench/phone: app_queue at its best for this load
[bench]
strategy = leastrecent
musicclass = default
timeout = 12
retry = 1
ringinuse = no
wrapuptime = 0
joinempty = yes
leavewhenempty = no
announce-frequency = 0
"""
PHONES = """
[agent](!)
type = endpoint
context = guichet-agents
disallow = all
allow = alaw,ulaw
direct_media = no
language = fr

[agent-place](!)
type = aor
"""
COMPARE_S = 5  # a site has 60: then no run here would be compared at all
RULES = """\
pools:
  main: {away_after_misses: 3}
channels:
  phone: {wrap_up_s: 0}
topics:
  question: {needs: {question: 1}}
languages:
  fr: {needs: {"lang:fr": 1}}
http:
  host: 127.0.0.1
  port: @HTTP@
  tokens:
    - {role: supervisor, demo: demo-supervisor}
agents:
"""
AGENT = '  {agent}: {{pool: main, endpoint: {agent}, skills: {{question: 5, "lang:fr": 5}}}}\n'


def etc(folder: Path) -> Path:
    """The shipped configuration of Asterisk with fifty phones and a queue beside Guichet's way."""
    shutil.copytree(PRIVATE.parent / "etc", folder)
    place = "[{agent}](agent)\naors = {agent}\n[{agent}](agent-place)\ncontact = sip:{agent}@@AGENTS@\n"
    phones = PHONES + "".join(place.format(agent=agent) for agent in AGENTS)
    (folder / "pjsip_agents.conf").write_text(phones)
    _add(folder / "extensions.conf", PEER)
    _add(folder / "queues.conf", QUEUE + "".join(f"member = PJSIP/{agent}\n" for agent in AGENTS))
    return folder


def configure(lab: Lab, folder: Path, http: int) -> Path:
    """Guichet's configuration for the same agents."""
    config = folder / "config"
    config.mkdir()
    rules = RULES.replace("@HTTP@", str(http)) + "".join(AGENT.format(agent=agent) for agent in AGENTS)
    (config / "guichet.yaml").write_text(rules)
    (config / "phone.yaml").write_text(phone(lab).replace("compare_s: 1", f"compare_s: {COMPARE_S}"))
    return config


def _add(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)
