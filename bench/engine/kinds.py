"""What contacts ask for: fifty kinds of a *mixed* load, or of a *plain* one.

Mixed: seven channels, alternatives, several targets, minimums, steps of relaxation, preferred agents, mail
with a due time. Plain: phone, chat and mail, a topic and a language, the targets as shipped.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

TOPICS = tuple(f"topic{n}" for n in range(9))
LANGUAGES = ("lang:fr", "lang:en", "lang:ar")
CHANNELS = ("phone", "phone", "phone", "chat", "chat", "email", "callback", "counter")
PLAIN_CHANNELS = ("phone", "phone", "chat", "email")
TARGETS = (None, None, 20, 60, 120, 300, 3600)

Json = dict[str, object]
Draw = Callable[[random.Random], Json]


def needs(chance: random.Random) -> dict[str, int]:
    """A topic and a language, each at a level of its own."""
    level = chance.randint
    return {chance.choice(TOPICS): level(1, 5), chance.choice(LANGUAGES): level(1, 5)}


def mixed(chance: random.Random) -> Json:
    """One kind, with all that a contact may ask for."""
    kind: Json = {"channel": chance.choice(CHANNELS), "needs": needs(chance)}
    if chance.random() < 0.15:
        kind["needs"] = [needs(chance), needs(chance)]
    if chance.random() < 0.2:
        after, later = chance.choice((30, 600)), {chance.choice(TOPICS): 1}
        kind["relax"] = [{"after_s": after, "needs": later}]
    if kind["channel"] == "email":
        kind["due_s"] = chance.choice((4, 24)) * 3600
    elif (target := chance.choice(TARGETS)) is not None:
        kind["target_s"] = target
    return kind


def plain(chance: random.Random) -> Json:
    """One kind, as most centres have them."""
    kind: Json = {"channel": chance.choice(PLAIN_CHANNELS), "needs": needs(chance)}
    if kind["channel"] == "email":
        kind["due_s"] = chance.choice((4, 24)) * 3600
    return kind


def own(chance: random.Random, agents: Sequence[str], *, preferring: bool) -> Json:
    """What one contact has beside its kind."""
    more: Json = {}
    if chance.random() < 0.1:
        more["vulnerable"] = True
    if preferring and chance.random() < 0.1:
        more["prefers"] = [chance.choice(agents)]
    if chance.random() < 0.3:
        more["citizen"] = f"p{chance.randrange(10 * len(agents))}"
    return more
