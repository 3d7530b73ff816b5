"""The first policy. An empty log gets the files' policy; one that has one keeps it, whatever they say.

So neither a restart nor an edited file undoes what a supervisor changed live; `guichet config apply` does.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from router.core.events import Config
from router.door import Unavailable
from router.log.errors import LogError
from router.rules import policy_hash, policy_of

if TYPE_CHECKING:
    from config.tree import Tree
    from router.core.policy import Policy
    from router.door import Door

logger = logging.getLogger(__name__)


async def open_with(door: Door, tree: Tree, pool: str) -> None:
    """Once the pool is ours: apply the files if no policy rules yet, else say whether they differ.

    A log that takes nothing now is asked again. Raises LogError if the core refuses the policy.
    """
    while True:
        try:
            await attempt(door, policy_of(tree, pool))
            return
        except Unavailable as fault:
            logger.warning("the first policy waits for the log: %s", fault)
            await asyncio.sleep(fault.retry_after)


async def attempt(door: Door, policy: Policy) -> None:
    """Once. Raises Unavailable; the event may still have come to be, then the next attempt finds it."""
    ours, ruling = policy_hash(policy), await door.read(lambda state: state.policy_hash)
    if not ruling:
        result = await door.submit(Config(policy, ours, by="serve", reason="first start"))
        if result.refusal is not None:
            raise LogError(f"the core refuses the files' policy: {result.refusal.message}")
        logger.info("the files' policy %s rules from now on", ours)
    elif ruling != ours:
        logger.warning(
            "policy %s rules by the log; the files say %s: `guichet config diff` shows the difference, "
            "`guichet config apply` makes the files rule",
            ruling,
            ours,
        )
