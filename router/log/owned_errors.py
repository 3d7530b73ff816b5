"""What may keep an owned Redis from serving, each with its mend. None of them deletes or changes data."""

from __future__ import annotations

from router.log.errors import LogError


class OwnedRedisError(LogError):
    """The Redis that Guichet wants to run for itself does not run."""


class NoRedisServer(OwnedRedisError):
    """There is no redis-server to start."""

    def __init__(self) -> None:
        super().__init__("redis-server is not installed (mend: apt-get install redis-server)")


class InUse(OwnedRedisError):
    """Another Guichet owns this directory's Redis."""

    def __init__(self, directory: str) -> None:
        super().__init__(
            f"another Guichet runs on {directory} (mend: stop it, or set another log directory for this one)"
        )


class DamagedLog(OwnedRedisError):
    """Redis found bytes in its append-only file that it did not write."""

    def __init__(self, manifest: str, said: str) -> None:
        super().__init__(
            f"Redis cannot read its append-only file: {said} (mend: copy the folder of {manifest} aside, then"
            f" run `redis-check-aof --fix {manifest}`: it cuts all that follows the damage, and the archive"
            " tells what that was)"
        )


class Stuck(OwnedRedisError):
    """A redis-server lives on this directory, but does not answer: two at once would destroy the log."""

    def __init__(self, directory: str, pid: str, why: str) -> None:
        super().__init__(
            f"redis-server {pid} lives on {directory} but does not answer: {why}"
            f" (mend: `kill {pid}`, or `kill -9 {pid}` if it stays, then start Guichet again)"
        )


class DidNotStart(OwnedRedisError):
    """redis-server ended, or never answered, for a reason only its own words tell."""
