"""The centres the estimates are judged in: from the textbook's one line to topics, languages and mail."""

from __future__ import annotations

import random
from math import log, pi, sin, sqrt

from bench.estimate.world import Draw, Kind, World
from router.core.state import State

ALL_DAY = ((0.0, 1000.0),)


def exponential(mean: float) -> Draw:
    """Of calls in the textbook."""
    return lambda rng: rng.expovariate(1 / mean)


def lognormal(mean: float, cv: float) -> Draw:
    """Of calls in life."""
    s = sqrt(log(1 + cv * cv))
    return lambda rng: rng.lognormvariate(log(mean) - s * s / 2, s)


def single(
    name: str,
    n: int,
    load: float,
    mean: float = 300,
    patience: float | None = None,
    channel: str = "phone",
    hours: float = 60,
    swing: float = 0.0,
    handling: Draw | None = None,
    part_time: int = 0,
) -> World:
    """M/M/n or M/M/n+M, the load swinging by so much every four hours; some agents there every other hour."""
    rate = load * n / mean
    each = 3 if channel == "chat" else 1

    def known(state: State, channel: str, at: float) -> float:
        ahead = sum(len(line.places) for line in state.lines)
        leave = 0 if patience is None else 1 / patience
        places = each * sum(agent.state == "ready" for agent in state.agents.values())
        return sum(1 / (places / mean + i * leave) for i in range(ahead + 1))

    kind = Kind(
        channel,
        {"housing": 3},
        lambda at: rate * (1 + swing * sin(2 * pi * at / 14400)),
        rate * (1 + abs(swing)),
        handling or exponential(mean),
        patience,
    )
    there = tuple((float(hour), hour + 1.0) for hour in range(0, int(hours), 2))
    shifts = [there if number < part_time else ALL_DAY for number in range(n)]
    return World(name, (kind,), tuple(({"housing": 5}, each) for each in shifts), hours, known)


def many_skills(
    name: str, n: int, load: float, mail: float = 0.0, chat: float = 0.0, hours: float = 60, seed: int = 1
) -> World:
    """Topics and languages, most agents with two topics: no formula knows its waits."""
    rng = random.Random(seed)
    topics, languages = 6, {"lang:fr": 0.8, "lang:en": 0.12, "lang:ar": 0.08}
    weights = [1 / (t + 1) for t in range(topics)]
    kinds = []
    shares = {"phone": 1 - mail - chat, "chat": chat, "email": mail}
    means = {"phone": 340.0, "chat": 490.0, "email": 370.0}
    for channel, part in shares.items():
        for t in range(topics):
            for language, spoken in languages.items():
                if not part:
                    continue
                at_once = 2.2 if channel == "chat" else 1
                rate = n * load * part * at_once / means[channel] * weights[t] / sum(weights) * spoken
                kinds.append(
                    Kind(
                        channel,
                        {f"t{t}": 3, language: 4},
                        lambda at, rate=rate: rate * (1 + 0.25 * sin(2 * pi * at / 14400)),
                        rate * 1.25,
                        lognormal(means[channel], 1.0),
                        None if channel == "email" else 300.0,
                        14400.0 if channel == "email" else None,
                    )
                )
    agents = []
    for _ in range(n):
        first, second = rng.choices(range(topics), weights)[0], rng.choices(range(topics), weights)[0]
        skills = {f"t{second}": 5, "lang:fr": 10} | {f"t{first}": 8}
        draw = rng.random()
        if draw < 0.28:
            skills["lang:en"] = 7
        if draw < 0.06 or draw > 0.85:
            skills["lang:ar"] = 7
        agents.append((skills, ALL_DAY))
    return World(name, tuple(kinds), tuple(agents), hours)


def worlds() -> dict[str, World]:
    """All, by name."""
    log_normal = lognormal(300, 1.3)
    found = (
        single("M/M/10, load 0.95", 10, 0.95, hours=90),
        single("M/M/50, load 0.97", 50, 0.97, hours=24),
        single("M/M/20+M, load 1.2", 20, 1.2, patience=300, hours=40),
        single("M/M/50+M, load 1.1", 50, 1.1, patience=180, hours=24),
        single("M/M/20+M, load swinging from 0.6 to 1.3", 20, 0.95, patience=300, swing=0.35, hours=60),
        single(
            "M/M/20+M, a third of the agents every other hour", 20, 0.9, patience=300, hours=60, part_time=7
        ),
        single(
            "log-normal handling, 20 agents, +M, load 1.1",
            20,
            1.1,
            patience=300,
            hours=40,
            handling=log_normal,
        ),
        single("chat, 10 agents of 3, +M, load 1.1", 10, 3.3, 480, patience=300, channel="chat", hours=40),
        single("e-mail, M/M/10, load 0.95", 10, 0.95, channel="email", hours=90),
        many_skills("12 agents, 6 topics, 3 languages", 12, 0.95, hours=90),
        many_skills("80 agents, 6 topics, 3 languages", 80, 0.97, hours=16),
        many_skills("80 agents, phone, chat and mail", 80, 0.97, mail=0.25, chat=0.15, hours=24),
    )
    return {world.name: world for world in found}
