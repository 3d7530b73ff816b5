"""What a policy says of reserve groups and of pools inside a pool, in words.

Every field of the policy's types stands in one of these files: a test goes over them. `{}` is the value,
`{name}` whose it is.
"""

from __future__ import annotations

from router.tell.clause import Clause

GROUP = {
    "topics": Clause("names", "It serves: {}.", "Il traite : {}."),
    "skill": Clause(
        "word",
        "Whoever has the skill “{}” is in it.",
        "Qui a la compétence « {} » en fait partie.",
        "No skill makes a member.",
        "Aucune compétence n’en fait un membre.",
    ),
    "agents": Clause(
        "count",
        "Agents named in it: {}.",
        "Agents nommés : {}.",
        "No agent is named in it.",
        "Aucun agent n’y est nommé.",
    ),
    "promised": Clause("percent", "Promised: {} within the wait.", "Promis : {} dans le délai."),
    "open_below": Clause(
        "percent",
        "It opens below {} of what was promised.",
        "Il s’ouvre en dessous de {} de ce qui est promis.",
    ),
    "close_above": Clause(
        "percent",
        "It closes once they get {} of what was promised.",
        "Il se ferme dès {} de ce qui est promis.",
    ),
}

INNER = {
    "overflow_after": Clause(
        "time",
        "After {} others may serve its requests too.",
        "Après {}, d’autres peuvent traiter ses demandes.",
        "Its requests are for its own agents alone.",
        "Ses demandes sont pour ses seuls agents.",
    ),
    "overflow_to": Clause(
        "word",
        "Those others are the pool “{}”.",
        "Ces autres sont le groupe « {} ».",
        "Those others are everybody.",
        "Ces autres sont tous.",
    ),
}
