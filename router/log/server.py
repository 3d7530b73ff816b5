"""Is this Redis fit to hold a log? Says what is wrong and the mend; it changes no setting."""

from __future__ import annotations

from msgspec import Struct
from redis.asyncio import Redis

from router.log.errors import Unfit
from router.log.script import command
from router.log.types import Reply

OLDEST = (6, 2)  # XTRIM MINID


class Finding(Struct, frozen=True):
    """One thing that is wrong, and what to do."""

    what: str
    mend: str


async def findings(redis: Redis) -> list[Finding]:
    """All that is wrong. INFO only: hosted Redis often forbids CONFIG."""
    info = _facts(await command(redis, "INFO"))
    if info.get("loading") == "1":  # until then it says appendonly is off
        return [Finding("Redis is still loading its data", "wait for it, then start again")]
    found = []
    version = info.get("redis_version", "0")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        found.append(Finding(f"Redis {version} is too old", "install Redis 6.2 or newer (Debian 12 has 7.0)"))
    if info.get("role") != "master":
        found.append(Finding("this is a replica", "point the URL at the primary"))
    policy = info.get("maxmemory_policy", "unknown")
    if policy != "noeviction":
        what = f"maxmemory-policy is {policy}: Redis may delete the log"
        found.append(Finding(what, "set maxmemory-policy noeviction"))
    if info.get("aof_enabled") != "1":
        found.append(Finding("appendonly is off: a restart forgets the log", "set appendonly yes"))
    elif info.get("aof_last_write_status", "ok") != "ok":
        found.append(Finding("the last write to Redis's disk failed", "free space on the disk of Redis"))
    return found


async def check_server(redis: Redis) -> None:
    """Raises Unfit naming every finding with its mend; LogUnreachable while it loads its data."""
    await command(redis, "PING")  # unlike INFO, refused until then
    wrong = await findings(redis)
    if wrong:
        raise Unfit("; ".join(f"{one.what} (mend: {one.mend})" for one in wrong))


def _facts(reply: Reply) -> dict[str, str]:
    """redis-py parses INFO into a mapping of mixed types; its text form is what we compare."""
    return {str(key): str(value) for key, value in reply.items()}
