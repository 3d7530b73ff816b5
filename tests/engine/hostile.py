"""Lines that no engine may take, or that the protocol leaves open: broken JSON, wrong types, limits.

What each deserves is decided by `expect`, not here.
"""

from __future__ import annotations

import json
from random import Random

HUGE = 10**400
NUMBERS = (True, False, -1, -0.5, 10**9, 1e308, HUGE, float("nan"), float("inf"), float("-inf"), "1", [], {})

BROKEN: tuple[bytes, ...] = (
    b"",
    b" ",
    b"{",
    b"nonsense",
    b"{'at':1}",
    b'{"at":1,"event":"tick"',
    b'{"at":1,"event":"tick"}}',
    b'{"at":1,"event":"tick","x":"\x00"}',
    b'{"at":1,"event":"tick","x":"\xff\xfe"}',
    b'\xef\xbb\xbf{"at":1,"event":"tick"}',
    b'{"at":1,\r"event":"tick"}\r',
    b'\t{ "at" : 1e0 , "event" : "tick" } ',
    b'{"at":1,"event":"tick","x":"' + b"y" * 200_000 + b'"}',
    b"[" * 100_000,
    b'{"at":' + b"9" * 5000 + b',"event":"tick"}',
    b"[]",
    b"null",
    b"17",
    b'"tick"',
    b"{}",
    b'{"event":"tick"}',
    b'{"at":null,"event":"tick"}',
    b'{"at":1e999,"event":"tick"}',
    b'{"at":AT,"event":"tick","x":1e400}',
    b'{"at":AT,"event":"tick","x":NaN}',
    b'{"at":AT,"event":"tick","x":' + b"9" * 5000 + b"}",
    b'{"at":AT,"event":"tick","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"at":AT,"event":"tick","x":"\\ud800"}',
    b'{"at":AT,"event":"tick","\\ud800":1}',
    b'{"at":AT,"event":"tick"} {"at":AT,"event":"tick"}',
    b'{"at":AT,"event":"tick"}\x00',
    b'{"at":AT,"event":"tick","event":"tick"}',
    b'{"at":0,"at":AT,"event":"tick"}',
    b'{"at":AT,"event":"gone","contact":"c1","contact":"nobody"}',
    b'{"at":AT,"event":"agent","agent":"bad","state":"away","skills":{"housing":1,"housing":99}}',
    b'{"at":AT,"event":"contact","contact":"\\ud800","channel":"phone","needs":{}}',
    b'{"at":AT,"event":"contact","contact":"bad","channel":"phone","needs":'
    + b'{"x":' * 2000 + b"1" + b"}" * 2000 + b"}",
    b'{"at":-1e-400,"event":"tick"}',
    b'{"at":-0.000001,"event":"tick"}',
    b'{"at":999999999.9999999,"event":"ask","about":"weather"}',
)  # fmt: skip
"""`AT` stands for an instant that is not in the past."""


def _dump(line: dict) -> bytes:
    return json.dumps(line).encode()


def hostile(rng: Random, at: float, contacts: list[str], agents: list[str]) -> bytes:
    """One line of a hostile driver; ids are often those of the living."""
    contact = rng.choice([*contacts, "nobody", "", "x" * 129])
    agent = rng.choice([*agents, "nobody", "", "é" * 129])
    needs = {"housing": 1}
    kind = rng.randrange(8)
    if kind == 0:
        return rng.choice(BROKEN).replace(b"AT", json.dumps(at).encode())
    if kind == 1:
        return _dump({"at": rng.choice(NUMBERS), "event": "tick"})
    if kind == 2:
        return _dump(_arrival(rng, at, f"bad{rng.randrange(10**6)}"))
    if kind == 3:
        return _dump(_agent(rng, at, agent))
    if kind == 4:
        return _dump(
            {"at": at, "event": rng.choice(("Tick", "", "contacts", None, 7, ["tick"])), "contact": contact}
        )
    if kind == 5:
        verb = rng.choice(("gone", "ended", "done", "again"))
        line = {"at": at, "event": verb, "contact": contact}
        line |= {"agent": agent} if verb in {"ended", "done"} and rng.random() < 0.7 else {}
        line |= {"needs": needs} if verb == "again" and rng.random() < 0.8 else {}
        return _dump(line)
    if kind == 6:
        word = rng.choice(("accepted", "declined", "missed", "yes", None))
        offer = rng.choice(("o1", "o2", "o999999", "", 5))
        return _dump(
            {"at": at, "event": "answer", "offer": offer, "contact": contact, "agent": agent, "answer": word}
        )
    about = rng.choice(("contact", "estimate", "weather", None))
    return _dump(
        {"at": at, "event": "ask", "about": about, "contact": contact, "channel": "phone", "needs": needs}
    )


def _arrival(rng: Random, at: float, name: str) -> dict:
    """A contact with one wrong thing."""
    good = {"at": at, "event": "contact", "contact": name, "channel": "phone", "needs": {"housing": 1}}
    step = {"after_s": 5, "needs": {}}
    wrong: list[dict] = [
        {"contact": ""},
        {"contact": "x" * 129},
        {"contact": 5},
        {"channel": ""},
        {"channel": 5},
        {"channel": None},
        {"needs": {f"n{i}": 1 for i in range(33)}},
        {"needs": [{f"n{i}": 1 for i in range(33)}]},
        {"needs": {"housing": rng.choice((0, 11, -1, True, "3", None, HUGE, float("nan")))}},
        {"needs": ["housing"]},
        {"needs": None},
        {"needs": "housing"},
        {"relax": [step] * 17},
        {"relax": [{"after_s": rng.choice(NUMBERS), "needs": {}}]},
        {"relax": [{"after_s": 5}]},
        {"relax": [{"needs": {}}]},
        {"relax": {"after_s": 5}},
        {"relax": [5]},
        {"vulnerable": rng.choice((1, 0, "true", []))},
        {"prefers": "a1"},
        {"prefers": [5]},
        {"prefers": [""]},
        {"citizen": 5},
        {"citizen": "x" * 129},
        {rng.choice(("target_s", "due_s", "waited_s", "prefers_for_s")): rng.choice(NUMBERS)},
    ]
    line = good | rng.choice(wrong)
    if rng.random() < 0.1:
        del line[rng.choice(("contact", "channel", "needs", "at"))]
    return line


def _agent(rng: Random, at: float, name: str) -> dict:
    """An agent line with one wrong thing."""
    good = {"at": at, "event": "agent", "agent": name, "state": "ready"}
    wrong: list[dict] = [
        {"agent": rng.choice(("", "x" * 129, 5, None))},
        {"state": rng.choice(("busy", "", None, 1, "READY"))},
        {"skills": rng.choice((["housing"], "housing", {"housing": 0}, {"housing": 11}, {"housing": True}))},
        {
            "capacity": rng.choice(
                ({"phone": -1}, {"phone": True}, {"phone": "1"}, {"chat": float("nan")}, [1], 3)
            )
        },
        {"capacity": {"chat": HUGE}},
    ]
    return good | rng.choice(wrong)
