"""A flow that asks, is told and says everything personal there is; what answers it; and a call that walks it.

The agency's own systems (who is it, their file, the diary) are on loopback. A call is what Asterisk would say
on the FastAGI port of a running Guichet; keys and answers are the citizen's.
"""

from __future__ import annotations

import asyncio
import shlex
import wave
from pathlib import Path

from aiohttp import web

from ivr_flows.sound import RATE
from tests.citizens.marks import MARK, Marked
from tests.unit.phone.line import Line

FLOW = """\
flow: marked
title: Everything personal
languages: [fr]
person: agent
start: number
nodes:
  number:
    say: {fr: "Votre numéro ?"}
    collect: beneficiary
    into: number
    next: born
  born:
    say: {fr: "Votre date de naissance ?"}
    collect: birth-date
    into: born
    next: who
  who:
    identify: {beneficiary: number, birth-date: born}
    next: file
  file:
    lookup: file
    send: {number: number}
    gives: {street: text}
    next: where
  where:
    say: {fr: "Vous habitez {street}."}
    branch: [{when: "channel == 'chat'", next: words}]
    otherwise: reach
  words:
    say: {fr: "Votre question ?"}
    collect: text
    into: words
    next: again
  again:
    say: {fr: "Vous avez écrit : {words}."}
    next: reach
  reach:
    say: {fr: "À quel numéro vous écrire ?"}
    collect: phone
    into: reach
    next: meet
  meet:
    appointment: phone
    topic: housing
    next: booked
  booked:
    say: {fr: "Rendez-vous : {place}."}
    next: written
  written:
    notify: sms
    to: reach
    message: {fr: "Bonjour, rendez-vous : {place}."}
    next: agent
  agent:
    route: housing
    next: hold
    unavailable: sorry
  hold:
    wait: {announce_s: 0}
    callback: back
    next: done
  back:
    callback: reach
    next: done
    unavailable: sorry
  sorry:
    say: {fr: "Personne n'est là."}
    end: nobody
  done:
    end: done
"""
SERVICES = """\
gateways:
  chat: {{silent_s: 3600, most: 20000}}
  phone:
    service_number: "3230"
    ami: {{port: {nobody}, secret_file: {folder}/secret}}
    agi: {{port: 0}}
flows:
  folder: {folder}/flows
  entries:
    web: {{flow: marked, channel: chat}}
    line: {{flow: marked, channel: phone}}
  services:
    people: {{url: "{agency}/people"}}
    file: {{url: "{agency}/file"}}
    diary: {{url: "{agency}/diary"}}
  identity: people
  diary: diary
  speech: {{command: [cat, {folder}/tone.wav]}}
notify:
  sms: {{url: "http://127.0.0.1:{sms}/messages", token_file: {folder}/token, sender: GUICHET}}
"""
BORN = ("12031985", "12/03/1985")  # keyed, written


def agency() -> web.Application:
    """Knows every marked citizen by number and date of birth, and answers with marks."""

    async def people(request: web.Request) -> web.Response:
        asked = await request.json()
        good = asked["beneficiary"].startswith("698") and asked["birth-date"] == "1985-03-12"
        return web.json_response({}, status=200 if good else 404)

    async def file(request: web.Request) -> web.Response:
        return web.json_response({"street": f"{MARK} street {(await request.json())['number']}"})

    async def diary(request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["ask"] == "book":
            return web.json_response({})
        slot = {"id": f"{MARK}-1", "begins": "2026-12-01T09:30", "place": f"{MARK} place"}
        return web.json_response({"slots": [slot]})

    app = web.Application()
    app.add_routes([web.post("/people", people), web.post("/file", file), web.post("/diary", diary)])
    return app


def laid_out(folder: Path) -> None:
    """The flow, and a tone that is said in every word's place."""
    (folder / "flows").mkdir()
    (folder / "flows" / "marked.yaml").write_text(FLOW)
    (folder / "secret").write_text("nobody listens")
    with wave.open(str(folder / "tone.wav"), "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(RATE)
        tone.writeframes(b"\x00\x10\x00\xf0" * 400)


class Call(Line):
    """A citizen at a telephone: these keys, one answer for each question."""

    def __init__(self, zoe: Marked, *answers: str) -> None:
        super().__init__(self._reply)
        self._zoe, self._answers, self._keyed = zoe, list(answers), ""
        self.variables: dict[str, str] = {}
        self.played: list[str] = []

    async def to(self, port: int) -> None:
        """Until Guichet lets go of it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = {
            "network_script": "entry", "channel": f"PJSIP/trunk-{self._zoe.number}", "dnid": "3230",
            "uniqueid": f"1.{self._zoe.number}", "callerid": self._zoe.phone, "calleridname": self._zoe.name,
        }  # fmt: skip
        writer.write("".join(f"agi_{name}: {value}\n" for name, value in head.items()).encode() + b"\n")
        await self.serve(reader, writer)

    def _reply(self, line: str) -> bytes:
        match shlex.split(line):
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
            case ["EXEC", "Read", arguments]:
                self.played.append(arguments)
                self._keyed = self._answers.pop(0) if self._answers else ""
            case ["EXEC", "Playback", sounds]:
                self.played.append(sounds)
            case ["GET", "VARIABLE", _]:
                return f"200 result=1 ({self._keyed})\n".encode()
        return b"200 result=0\n"
