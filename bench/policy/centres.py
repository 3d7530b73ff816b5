"""Centres as they might be: sizes, loads, channels, topics, languages, skills, peaks and promises all drawn.

Weights are chosen on TRAIN seeds alone and judged on TEST seeds, which nobody tunes on. Nothing here knows a
policy.
"""

from __future__ import annotations

from random import Random
from typing import Literal

from router.simulate.scenario import Answering, Kind, Scenario, Spread, Team
from skills.eligibility import eligible

SIZES = (12, 80, 150)
Part = Literal["train", "test"]
HOURS = 8
DAYS = (  # arrivals in each hour against the mean
    (0.8, 1.15, 1.25, 1.05, 0.8, 1.0, 1.1, 0.85),
    (0.6, 1.3, 1.4, 1.1, 0.7, 1.0, 1.1, 0.8),
    (1.3, 1.2, 1.1, 1.0, 0.9, 0.9, 0.8, 0.8),
    (1.0,) * 8,
)
LANGUAGES = {1: (1.0,), 2: (0.85, 0.15), 3: (0.8, 0.12, 0.08)}
CHATS_AT_ONCE = 2.2  # what an agent at chat is taken to carry, when the load is reckoned
SHAPES = ("pairs", "pairs", "mixed", "generalists", "teams")


def centre(agents: int, part: Part, number: int, days: int = 4) -> Scenario:
    """The `number`th centre of this size and part."""
    rng = Random(f"{part} {agents} {number}")
    topics = rng.randint(3, 8) if agents > 20 else rng.randint(2, 4)
    languages = LANGUAGES[rng.randint(1, 3) if agents > 20 else rng.randint(1, 2)]
    load, mail, chat = rng.uniform(0.75, 1.1), rng.uniform(0.05, 0.4), rng.uniform(0.0, 0.3)
    due = rng.choice((1.0, 2.0, 4.0, 4.0, 8.0, 24.0))
    shape = rng.choice(SHAPES)
    weights = [1 / (place + 1) ** rng.uniform(0.3, 1.0) for place in range(topics)]
    shares = [weight / sum(weights) for weight in weights]
    kinds = _kinds(
        rng, agents * load, {"phone": 1 - mail - chat, "chat": chat, "email": mail}, shares, languages, due
    )
    teams = _teams(rng, shape, agents, shares, len(languages))
    overtime = rng.choice((0, 2, 2))  # hours in which nobody comes and what is left is worked off
    name = f"{part} {number}: {agents} agents, load {load:.2f}, mail {mail:.0%}, chat {chat:.0%}"
    name += f", due {due:g} h, {shape}"
    return Scenario(
        scenario=name, hours=float(HOURS + overtime), kinds=kinds, teams=_covered(rng, kinds, teams),
        answering=Answering(
            rng.choice((2.0, 3.0, 5.0)), rng.choice((0.0, 0.01, 0.03)), rng.choice((0.0, 0.01))
        ),
        day_factor_cv=rng.choice((0.0, 0.05, 0.1)), replications=days, seed=rng.randrange(10**6),
    )  # fmt: skip


def _kinds(
    rng: Random,
    work: float,
    channels: dict[str, float],
    topics: list[float],
    languages: tuple[float, ...],
    due: float,
) -> tuple[Kind, ...]:
    """A kind for each channel, topic and language; together they bring `work` agents' worth of work."""
    handling = {"phone": rng.uniform(180, 480), "chat": rng.uniform(300, 600), "email": rng.uniform(200, 500)}
    wrap_up = {"phone": rng.uniform(15, 90), "chat": 10.0, "email": 10.0}
    patience = {"phone": rng.uniform(120, 420), "chat": rng.uniform(180, 480)}
    target = {
        "phone": rng.choice((None, None, None, 20.0, 30.0, 120.0)),
        "email": rng.choice((None, None, 1800.0, 7200.0)),
    }
    law = rng.choice(("exponential", "lognormal"))
    vulnerable = rng.choice((0.0, 0.05, 0.1, 0.2))
    minimum = [rng.choice((1, 3, 3, 5)) for _ in topics]
    day = rng.choice(DAYS)
    kinds = []
    for channel, share in channels.items():
        effort = (handling[channel] + wrap_up[channel]) / (CHATS_AT_ONCE if channel == "chat" else 1)
        for topic, of_topic in enumerate(topics):
            for language, of_language in enumerate(languages):
                rate = work * share * 3600 / effort * of_topic * of_language
                if rate < 0.05:
                    continue
                kinds.append(
                    Kind(
                        name=f"{channel}-t{topic}-l{language}", channel=channel,
                        needs={f"t{topic}": minimum[topic], f"l{language}": 4},
                        per_hour=(*(round(rate * factor, 3) for factor in day), 0.0),
                        handling=Spread(handling[channel] * rng.uniform(0.8, 1.25)),
                        wrap_up=Spread(wrap_up[channel]),
                        patience=Spread(patience[channel], law) if channel in patience else None,  # type: ignore[arg-type]
                        target_s=target.get(channel), due_s=due * 3600 if channel == "email" else None,
                        vulnerable=vulnerable if channel == "phone" else 0.0,
                        topic=f"t{topic}", language=f"l{language}",
                    )
                )  # fmt: skip
    return tuple(kinds)


def _teams(rng: Random, shape: str, agents: int, topics: list[float], languages: int) -> list[Team]:
    """Every agent with levels of their own. The first topics and languages are the most asked for."""
    teams = []
    for number in range(agents):
        own = "pairs" if shape == "mixed" and number % 3 else "generalists" if shape == "mixed" else shape
        first = (
            number % len(topics) if number < 2 * len(topics) else rng.choices(range(len(topics)), topics)[0]
        )
        others = [topic for topic in range(len(topics)) if topic != first]
        skills = {f"t{first}": rng.randint(7, 10), "l0": 10}
        if own == "pairs" or (own == "teams" and number % 5 == 0):
            skills[f"t{rng.choices(others, [topics[topic] for topic in others])[0]}"] = rng.randint(5, 7)
        elif own == "generalists":
            skills |= {f"t{topic}": rng.randint(3, 8) for topic in others if rng.random() < 0.6}
        for language in range(1, languages):
            if rng.random() < 0.3:
                skills[f"l{language}"] = rng.randint(4, 9)
        teams.append(Team(1, skills))
    return teams


def _covered(rng: Random, kinds: tuple[Kind, ...], teams: list[Team]) -> tuple[Team, ...]:
    """The same people, some with a language more: each kind has at least two who can serve it."""
    for kind in kinds:
        while sum(eligible(team.skills, (kind.needs,)) for team in teams) < 2:
            number = rng.choice([n for n, team in enumerate(teams) if team.skills.get(kind.topic, 0) >= 5])
            teams[number] = Team(1, {**teams[number].skills, kind.language: 6})
    return tuple(teams)
