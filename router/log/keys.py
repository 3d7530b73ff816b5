"""The one place of key names. All keys of a pool share a hash tag, so a cluster keeps them on one node."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


class Keys:
    """The keys of one pool."""

    def __init__(self, pool: str) -> None:
        if not _NAME.fullmatch(pool):
            raise ValueError(f"pool {pool!r}: use up to 63 of a-z 0-9 _ -, a letter or digit first")
        self.log = f"pool:{{{pool}}}:log"  # stream, the truth: id `n-0`, one field `e`, msgpack of Entry
        self.inbox = f"pool:{{{pool}}}:inbox"  # stream: `g` gateway, `q` sequence, `e` msgpack of Event
        self.lease = (
            f"pool:{{{pool}}}:lease"  # hash: epoch, nonce, until; wrote, n: nonce and number of the top
        )
        self.generation = f"pool:{{{pool}}}:generation"  # string: made once with the data set, never changed
        self.snapshot = f"pool:{{{pool}}}:snapshot"  # hash: n, state
        self.senders = f"pool:{{{pool}}}:senders"  # hash: gateway -> `sequence:nonce` of its last envelope
