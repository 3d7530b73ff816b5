"""A connection to Redis that never repeats a command by itself.

redis-py retries ten times by default: a command whose reply was lost would run eleven times. Whoever sends
decides here what may be sent again.
"""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_TIMEOUT = 1.0  # seconds
REPLY_TIMEOUT = 2.0  # seconds: the heartbeat's bound; blocking reads ask for less than half of it


def connect(url: str) -> Redis:
    """A client for `unix:///path`, `redis://` or `rediss://`; connects at the first command.

    Whoever sends must bound the wait, as `script.command` does: redis-py's own timeout costs a task per
    command and, before Python 3.12, swallows a cancellation that comes meanwhile (one in ten, when tried).
    """
    return Redis.from_url(
        url,
        retry=Retry(NoBackoff(), 0),
        retry_on_timeout=False,
        socket_timeout=None,
        socket_connect_timeout=CONNECT_TIMEOUT,
        decode_responses=False,
        protocol=2,
        client_name="guichet",
        driver_info=None,  # saves two round trips at every connection
    )
