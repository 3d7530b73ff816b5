"""The policy over HTTP: which one rules, another one, one lever. A change is a `config` event in the log."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeGuard

import msgspec

from router.api.bodies import convert, unknown_name
from router.api.problems import Problem, of_refusal
from router.api.route import Ask, Reply, Route
from router.api.shapes import Lever, NewPolicy
from router.api.sound import require_sound
from router.core.events import Config
from router.core.policy import SECOND, Policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.core.state import State
    from router.door import Door

Plain = Any  # JSON-like data: what its reader makes of it is checked by `convert`

LONGEST = 1024 * 1024  # bytes: five thousand agents with their skills


class PolicyView(msgspec.Struct, frozen=True):
    """The policy that rules now, every value spelt out, times in microseconds."""

    hash: str
    policy: Policy


class Configuration:
    """The operations on the policy. `hash_of` is the same function that hashes a policy read from files."""

    def __init__(self, door: Door, hash_of: Callable[[Policy], str]) -> None:
        self._door = door
        self._hash_of = hash_of
        self._changing = asyncio.Lock()  # a lever is pulled on what it read: nothing comes between

    def routes(self) -> list[Route]:
        return [
            Route("get_config", "GET", "/config", self.get, "The policy that rules now", {200: PolicyView}),
            Route(
                "put_config", "PUT", "/config", self.put, "Another policy rules from now on",
                {200: PolicyView}, body=NewPolicy, longest=LONGEST,
            ),
            Route(
                "patch_config", "PATCH", "/config", self.patch, "One value of the policy, changed live",
                {200: PolicyView}, body=Lever,
            ),
        ]  # fmt: skip

    async def get(self, ask: Ask[None, None]) -> Reply:
        def question(state: State) -> bytes:
            return _encoded(state.policy, state.policy_hash)

        return Reply(await self._door.read(question))

    async def put(self, ask: Ask[NewPolicy, None]) -> Reply:
        async with self._changing:
            return await self._rule(ask.body.policy, ask.caller.role, ask.body.reason)

    async def patch(self, ask: Ask[Lever, None]) -> Reply:
        async with self._changing:
            plain = await self._door.read(lambda state: spelt_out(state.policy))
            pulled(plain, ask.body.path, ask.body.value)
            return await self._rule(convert(plain, Policy), ask.caller.role, ask.body.reason)

    async def _rule(self, policy: Policy, role: str, reason: str) -> Reply:
        require_sound(policy)
        hashed = self._hash_of(policy)
        result = await self._door.submit(Config(policy, hashed, role, reason))
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        return Reply(_encoded(policy, hashed))


def spelt_out(value: object) -> Plain:
    """Plain data with every default written: what an operator wants to read and to change."""
    if isinstance(value, msgspec.Struct):
        return {name: spelt_out(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {name: spelt_out(inner) for name, inner in value.items()}
    return value


def pulled(plain: dict[str, Plain], path: str, value: object) -> None:
    """Set one value in place. The path must exist: a lever moves what is there and adds nothing.

    Names inside the policy may hold dots: at each step the longest name that fits is taken. A time may be
    named as in the configuration, `topics.housing.target_s`, and is then given in seconds.
    """
    here: Plain = plain
    rest = path
    while True:
        names = sorted(here, key=len, reverse=True) if isinstance(here, dict) else []
        name = next((name for name in names if rest == name or rest.startswith(f"{name}.")), None)
        if name is None and rest.endswith("_s") and rest[:-2] in names and is_seconds(value):
            here[rest[:-2]] = round(value * SECOND)
            return
        if name is None:
            raise _no_such(path, rest, names)
        if rest == name:
            here[name] = value
            return
        here, rest = here[name], rest[len(name) + 1 :]


def is_seconds(value: object) -> TypeGuard[int | float]:
    """A number that may be a time; any bound of its own is checked with the policy."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12


def _no_such(path: str, rest: str, names: list[str]) -> Problem:
    before = path[: len(path) - len(rest)]
    problem = unknown_name(rest.partition(".")[0], tuple(names))
    where = before.rstrip(".") or "the policy"
    return Problem("bad_field", f"{where} has nothing so named: {problem.detail}", field="path")


def _encoded(policy: Policy, hashed: str) -> bytes:
    return msgspec.json.encode({"hash": hashed, "policy": spelt_out(policy)})
