"""From the configuration tree to the policy of one pool, its hash, and what differs between two policies.

Names and addresses of people stop here: the policy is written to the log. Seconds become microseconds here.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import Struct, structs

from router.core.policy import SECOND, AgentRules, Group, InnerPool, Limit, Policy, Topic, Weights
from router.core.pools import PREFIX

if TYPE_CHECKING:
    import config.routing
    from config.routing import Channel
    from config.tree import Tree
    from router.core.policy import ChannelRules

_TIMES = frozenset(
    {
        "target", "wrap_up", "offer_expiry", "refusal_pause", "credit_cap", "vulnerable_credit",
        "prefers_for", "direct_for", "last_agent_for", "overflow_after", "release_backstop", "forget_after",
        "max_wait",
    }
)  # fmt: skip
_LEVELS = ("skills", "needs", "capacity", "languages")  # maps whose keys are the site's own words
_THINGS = (
    "topics",
    "languages",
    "agents",
    "groups",
    "pools",
)  # one line tells that one of these came or went
_ORDERED = ("topics", "languages")  # the phone menu reads them out in their order

_Path = tuple[str, ...]

_plain = msgspec.msgpack.Encoder(order="deterministic")


class Difference(NamedTuple):
    """One value that two policies do not share, in the words of the configuration; None: not there."""

    path: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        old, new = ("(none)" if value is None else value for value in (self.old, self.new))
        return f"{self.path}: {old} → {new}"


def policy_of(tree: Tree, pool: str) -> Policy:
    """What rules this pool. Raises ValueError, with the pools there are, if the tree has no such pool."""
    if pool not in tree.pools:
        raise ValueError(f"no pool `{pool}`: the configuration has {', '.join(tree.pools) or 'none'}")
    rules = tree.pools[pool]
    usual = Policy().channels
    return Policy(
        channels=usual | {name: _channel(tree, given, usual[name]) for name, given in tree.channels.items()},
        offer_expiry=_micro(rules.offer_expiry_s),
        refusal_pause=_micro(rules.refusal_pause_s),
        credit_cap=_micro(rules.credit_cap_s),
        vulnerable_credit=_micro(rules.vulnerable_credit_s),
        cut_credit=_micro(rules.cut_credit_s),
        journey_credit=_micro(rules.journey_credit_s),
        prefers_for=_micro(rules.prefers_for_s),
        last_agent_for=_optional(rules.last_agent_for_s),
        direct_for=_micro(rules.direct_for_s),
        release_backstop=_micro(rules.release_backstop_s),
        forget_after=_micro(rules.forget_after_s),
        away_after_misses=rules.away_after_misses,
        hard=rules.hard,
        propose_to=tuple(map(str, rules.propose_to)),
        propose_past=rules.propose_past,
        reserve=rules.reserve,
        press_before=_micro(rules.press_before_s),
        skip_hopeless=rules.skip_hopeless,
        pools={
            name: InnerPool(_optional(inner.overflow_after_s), inner.overflow_to or "")
            for name, inner in rules.pools.items()
        },
        weights=Weights(**structs.asdict(rules.weights)),
        topics={
            name: Topic(
                needs=dict(topic.needs),
                target=_target(tree, topic.target),
                refusal_pause=_optional(topic.refusal_pause_s),
                away_after_misses=topic.away_after_misses,
                limit=_limit(topic.limit),
            )
            for name, topic in tree.topics.items()
        },
        languages={tag: dict(spoken.needs) for tag, spoken in tree.languages.items()},
        agents={
            name: AgentRules(
                skills=dict(agent.skills) | ({PREFIX + agent.pool: 1} if agent.pool != pool else {}),
                capacity={str(channel): most for channel, most in agent.capacity.items()},
            )
            for name, agent in tree.agents.items()
            if tree.outer(agent.pool) == pool
        },
        groups={
            name: Group(**(structs.asdict(group) | {"skill": group.skill or ""}))
            for name, group in tree.groups.items()
        },
    )


def policy_hash(policy: Policy) -> str:
    """16 hex digits: equal for equal policies on any machine, whatever order their files had.

    Defaults are part of it, so another default in another version is another hash; so is the order of
    topics and languages, which a caller hears.
    """
    order = [list(getattr(policy, name)) for name in _ORDERED]
    values = [(list(path), value) for path, value in sorted(_flat(policy).items())]
    return blake2b(_plain.encode([values, order]), digest_size=8).hexdigest()


def differences(old: Policy, new: Policy) -> list[Difference]:
    """Everything that is not the same in both, by path; empty if and only if the hashes are equal."""
    before, after = _flat(old), _flat(new)
    found: dict[_Path, Difference] = {}
    for path in sorted(before.keys() | after.keys()):
        if before.get(path, ...) == after.get(path, ...) or _filled(path, before, after):
            continue
        thing = path[:2] if path[0] in _THINGS else path
        if _has(thing, before) and _has(thing, after):
            thing = path
        found[thing] = Difference(_words(thing), _value(thing, before), _value(thing, after))
    changed = list(found.values())
    for name in _ORDERED:
        was, now = list(getattr(old, name)), list(getattr(new, name))
        if was != now and sorted(was) == sorted(now):
            changed.append(Difference(f"{name} (order)", ", ".join(was), ", ".join(now)))
    return changed


def lines(policy: Policy) -> list[str]:
    """Every value of a policy, one line each, in the words of the configuration."""
    values = _flat(policy)
    return [f"{_words(path)}: {_value(path, values)}" for path in values]


def _channel(tree: Tree, given: Channel, usual: ChannelRules) -> ChannelRules:
    target = _target(tree, given.target)
    changes: dict[str, Any] = {
        "target": target,
        "capacity": given.capacity,
        "exclusive": given.exclusive,
        "wrap_up": _optional(given.wrap_up_s),
        "beside": tuple(map(str, given.beside)),
        "load": given.load,
        "interrupted_by": tuple(map(str, given.interrupted_by)),
        "limit": _limit(given.limit),
    }
    return structs.replace(usual, **{key: value for key, value in changes.items() if value is not None})


def _target(tree: Tree, name: str | None) -> int | None:
    return None if name is None else _micro(tree.targets[name].wait_s)


def _limit(given: config.routing.Limit) -> Limit | None:
    if given.max_waiting is None and given.max_wait_s is None:
        return None
    return Limit(given.max_waiting, _optional(given.max_wait_s), given.overflow)


def _optional(seconds: float | None) -> int | None:
    return None if seconds is None else _micro(seconds)


def _micro(seconds: float) -> int:
    return round(seconds * SECOND)


def _flat(value: object, path: _Path = ()) -> dict[_Path, object]:
    """Every value by its path, defaults too. A map without keys is a value itself."""
    items = structs.asdict(value) if isinstance(value, Struct) else value
    if not isinstance(items, dict) or not items:
        return {path: items}
    return {deeper: leaf for key, each in items.items() for deeper, leaf in _flat(each, (*path, key)).items()}


def _filled(path: _Path, before: dict[_Path, object], after: dict[_Path, object]) -> bool:
    """Whether a map is empty or none on one side and has keys on the other: then those tell it."""
    if not any(path in side and side[path] in ({}, None) for side in (before, after)):
        return False
    return any(other[: len(path)] == path != other for other in before.keys() | after.keys())


def _is_time(path: _Path) -> bool:
    return path[-1] in _TIMES and not any(part in _LEVELS for part in path[:-1])


def _words(path: _Path) -> str:
    return ".".join(path) + ("_s" if _is_time(path) else "")


def _has(path: _Path, values: dict[_Path, object]) -> bool:
    return any(other[: len(path)] == path for other in values)


def _value(path: _Path, values: dict[_Path, object]) -> str | None:
    """The value in words; of a whole thing, all its values that say something; None where there is none."""
    if path not in values:
        inside = [
            other for other in values if other[: len(path)] == path and values[other] not in (None, {}, ())
        ]
        return ", ".join(f"{_words(other[len(path) :])} {_value(other, values)}" for other in inside) or None
    value = values[path]
    if _is_time(path) and isinstance(value, int):
        return f"{value / SECOND:g}" if value % SECOND else str(value // SECOND)
    return str(value).lower() if isinstance(value, bool) else str(value)
