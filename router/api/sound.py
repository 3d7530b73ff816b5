"""Whether a policy sent in is within bounds: a value that would harm is named before the log sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.api.bodies import unknown_name
from router.api.problems import Problem
from router.core.policy import CHANNELS, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.core.policy import Policy

LONGEST = 10**9 * SECOND  # of any time
MOST = 5_000  # agents, topics or languages of one pool
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:.\-]{0,127}")


def require_sound(policy: Policy) -> None:
    """Raise a Problem for the first value out of bounds."""
    for name in policy.channels:
        if name not in CHANNELS:
            raise unknown_name(name, CHANNELS, "policy.channels", "bad_field")
    for name in CHANNELS:
        if name not in policy.channels:
            raise Problem("bad_field", f"the channel {name} is missing", field="policy.channels")
    for path, value, low, high in _bounds(policy):
        if value is not None and not low <= value <= high:
            raise Problem("bad_field", f"must be {low} to {high}", field=f"policy.{path}")
    for path, names in _names(policy):
        if len(names) > MOST:
            raise Problem("bad_field", f"at most {MOST}", field=f"policy.{path}")
        for name in names:
            if not _NAME.fullmatch(name):
                raise Problem("bad_field", "names are letters, digits and _ : . -", field=f"policy.{path}")


def _bounds(policy: Policy) -> Iterator[tuple[str, int | None, int, int]]:
    """Every number with its path and its bounds."""
    for name in ("offer_expiry", "refusal_pause", "prefers_for", "release_backstop", "forget_after"):
        yield name, getattr(policy, name), SECOND, LONGEST
    for name in ("credit_cap", "vulnerable_credit", "cut_credit", "journey_credit"):
        yield name, getattr(policy, name), 0, LONGEST
    yield "away_after_misses", policy.away_after_misses, 1, 1000
    for name in policy.weights.__struct_fields__:
        yield f"weights.{name}", getattr(policy.weights, name), 0, 1_000_000
    for name, rules in policy.channels.items():
        yield f"channels.{name}.target", rules.target, SECOND, LONGEST
        yield f"channels.{name}.capacity", rules.capacity, 0, 100
        yield f"channels.{name}.wrap_up", rules.wrap_up, 0, LONGEST
    for name, topic in policy.topics.items():
        yield f"topics.{name}.target", topic.target, SECOND, LONGEST
    for path, levels in _levels(policy):
        for skill, level in levels.items():
            yield f"{path}.{skill}", level, 1, 10
    for name, agent in policy.agents.items():
        for channel, places in agent.capacity.items():
            yield f"agents.{name}.capacity.{channel}", places, 0, 100


def _levels(policy: Policy) -> Iterator[tuple[str, dict[str, int]]]:
    for name, topic in policy.topics.items():
        yield f"topics.{name}.needs", topic.needs
    for name, needs in policy.languages.items():
        yield f"languages.{name}", needs
    for name, agent in policy.agents.items():
        yield f"agents.{name}.skills", agent.skills


def _names(policy: Policy) -> Iterator[tuple[str, dict[str, object]]]:
    yield "topics", dict(policy.topics)
    yield "languages", dict(policy.languages)
    yield "agents", dict(policy.agents)
    for path, levels in _levels(policy):
        yield path, dict(levels)
