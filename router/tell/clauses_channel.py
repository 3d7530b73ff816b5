"""What a policy says of one channel or topic, and of its queue limits, in words.

Every field of the policy's types stands in one of these files: a test goes over them. `{}` is the value,
`{name}` whose it is.
"""

from __future__ import annotations

from router.tell.clause import Clause

CHANNEL = {
    "target": Clause("time", "Promised wait: {}.", "Délai promis : {}."),
    "capacity": Clause(
        "count",
        "An agent has at most {} of them in hand.",
        "Un agent en a au plus {} en main.",
        "No agent takes them.",
        "Aucun agent n’en prend.",
    ),
    "exclusive": Clause(
        "yes",
        "It takes an agent with nothing else in hand.",
        "Il faut un agent qui n’a rien d’autre en main.",
        "Several go side by side.",
        "Plusieurs vont de front.",
    ),
    "wrap_up": Clause(
        "time",
        "Time for notes ends after {}.",
        "Le temps des notes s’achève après {}.",
        "The agent alone ends the time for notes.",
        "L’agent seul met fin au temps des notes.",
    ),
    "beside": Clause(
        "names",
        "It goes side by side with: {}.",
        "Elle va de front avec : {}.",
        "It goes beside no other channel.",
        "Elle ne va de front avec aucun autre canal.",
    ),
    "load": Clause(
        "percent",
        "Each takes {} of an agent’s attention.",
        "Chacune prend {} de l’attention d’un agent.",
        "Attention is not counted.",
        "L’attention n’est pas comptée.",
    ),
    "interrupted_by": Clause(
        "names",
        "An agent lays it aside for: {}.",
        "Un agent l’interrompt pour : {}.",
        "It is never laid aside.",
        "Elle n’est jamais interrompue.",
    ),
}

TOPIC = {
    "needs": Clause(
        "levels", "It needs: {}.", "Il faut : {}.", "Any agent serves it.", "Tout agent la traite."
    ),
    "target": Clause(
        "time",
        "Promised wait: {}.",
        "Délai promis : {}.",
        "Promised wait: the channel’s.",
        "Délai promis : celui du canal.",
    ),
    "refusal_pause": Clause(
        "time",
        "Who refused one is offered it again after {}.",
        "Qui en a refusé une la reçoit de nouveau après {}.",
        "After a refusal: as everywhere.",
        "Après un refus : comme partout.",
    ),
    "away_after_misses": Clause(
        "count",
        "{} missed in a row set an agent away.",
        "{} manquées de suite mettent un agent en pause.",
        "Missed offers: as everywhere.",
        "Propositions manquées : comme partout.",
    ),
}

LIMIT = {
    "max_waiting": Clause(
        "count",
        "At most {} may wait ({name}).",
        "Au plus {} peuvent attendre ({name}).",
        "As many as come may wait ({name}).",
        "Toutes les demandes peuvent attendre ({name}).",
    ),
    "max_wait": Clause(
        "time",
        "They may wait {} at most ({name}).",
        "L’attente est d’au plus {} ({name}).",
        "They may wait without limit ({name}).",
        "L’attente est sans limite ({name}).",
    ),
    "overflow": Clause(
        "word",
        "Beyond that ({name}): {}.",
        "Au-delà ({name}) : {}.",
    ),
}

WORDS = {
    "refuse": ("they are refused, and told why", "elles sont refusées, avec le motif"),
    "divert": ("they go to the channel’s own fallback", "elles vont au secours propre au canal"),
    "relax": ("their needs are relaxed at once", "leurs exigences sont assouplies aussitôt"),
}
