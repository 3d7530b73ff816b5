"""Each value of a policy as a sentence, in two languages: the words of `guichet policy`.

Every field of the policy's types stands here: a test goes over them. `{}` is the value, `{name}` whose it is.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["time", "count", "points", "yes", "names", "levels", "percent", "thousandths", "word"]


class Clause(NamedTuple):
    """`none_*`: what is said where the value is none, no, zero or empty."""

    kind: Kind
    en: str
    fr: str
    none_en: str = ""
    none_fr: str = ""


POOL = {
    "offer_expiry": Clause(
        "time",
        "An offer that an agent has not answered within {} counts as missed.",
        "Une proposition à laquelle l’agent n’a pas répondu en {} compte comme manquée.",
    ),
    "refusal_pause": Clause(
        "time",
        "An agent who refused a request, and is the only one left, is offered it again after {}.",
        "Un agent qui a refusé une demande, et qui est le seul possible, la reçoit de nouveau après {}.",
    ),
    "credit_cap": Clause(
        "time",
        "Nobody is overtaken by an equal request that came more than {} later.",
        "Personne n’est dépassé par une demande équivalente arrivée plus de {} après.",
    ),
    "vulnerable_credit": Clause(
        "time",
        "A verified vulnerability counts as having come {} earlier.",
        "Une fragilité vérifiée compte comme une arrivée {} plus tôt.",
        "A verified vulnerability gives no credit.",
        "Une fragilité vérifiée ne donne pas de crédit.",
    ),
    "cut_credit": Clause(
        "time",
        "An earlier call that was cut counts as having come {} earlier.",
        "Un appel précédent coupé compte comme une arrivée {} plus tôt.",
        "An earlier call that was cut gives no credit.",
        "Un appel précédent coupé ne donne pas de crédit.",
    ),
    "journey_credit": Clause(
        "time",
        "Each earlier contact about the same matter counts as having come {} earlier.",
        "Chaque contact antérieur pour la même affaire compte comme une arrivée {} plus tôt.",
        "Earlier contacts about the same matter give no credit.",
        "Les contacts antérieurs pour la même affaire ne donnent pas de crédit.",
    ),
    "prefers_for": Clause(
        "time",
        "A request waits {} for an agent who knows it already, then goes to any.",
        "Une demande attend {} un agent qui la connaît déjà, puis va à tout autre.",
    ),
    "last_agent_for": Clause(
        "time",
        "A request waits {} for the agent who answered the same citizen last, then goes to any.",
        "Une demande attend {} l’agent qui a répondu en dernier à la même personne, puis va à tout autre.",
        "Who answered a citizen last is not waited for.",
        "L’agent qui a répondu en dernier à une personne n’est pas attendu.",
    ),
    "direct_for": Clause(
        "time",
        "A request for one agent alone waits {} for them, then goes to any.",
        "Une demande pour un seul agent l’attend {}, puis va à tout autre.",
    ),
    "release_backstop": Clause(
        "time",
        "An agent whose telephone nobody confirmed free is offered requests again after {}.",
        "Un agent dont le téléphone n’a pas été confirmé libre reçoit de nouveau des demandes après {}.",
    ),
    "reserve": Clause(
        "thousandths",
        "Work that may be deferred is begun only while agents stay free for live requests: {} agents per "
        "square root of the load of a kind.",
        "Le travail différable n’est commencé que s’il reste des agents libres pour le direct : {} agents "
        "par racine carrée de la charge d’un type.",
        "Work that may be deferred is never held back.",
        "Le travail différable n’est jamais retenu.",
    ),
    "press_before": Clause(
        "time",
        "Deferred work is held back no longer than {} before it is due, and then goes first.",
        "Le travail différé n’est plus retenu {} avant son échéance, et passe alors en premier.",
    ),
    "forget_after": Clause(
        "time",
        "A request that is over is remembered for {}, to recognise late doubles.",
        "Une demande terminée est gardée en mémoire {}, pour reconnaître les doublons tardifs.",
    ),
    "away_after_misses": Clause(
        "count",
        "An agent who misses {} offers in a row is set away.",
        "Un agent qui manque {} propositions de suite est mis en pause.",
        "Missed offers never set an agent away.",
        "Des propositions manquées ne mettent jamais un agent en pause.",
    ),
    "hard": Clause(
        "names",
        "Hard on the agent, and not given twice in a row while another can take it: what asks for {}.",
        "Éprouvant pour l’agent, pas donné deux fois de suite si un autre peut le prendre : ce qui exige {}.",
        "No kind of request counts as hard on the agent.",
        "Aucun type de demande n’est tenu pour éprouvant.",
    ),
    "propose_to": Clause(
        "names",
        "Citizens who are likely to wait long are told of: {}; they alone decide.",
        "Les personnes qui risquent d’attendre longtemps se voient signaler : {} ; elles seules décident.",
        "No other channel is proposed to those who wait.",
        "Aucun autre canal n’est proposé à ceux qui attendent.",
    ),
    "propose_past": Clause(
        "count",
        "They are told once the wait is likely to pass {} per cent of the promise.",
        "C’est signalé dès que l’attente risque de dépasser {} pour cent du délai promis.",
    ),
    "skip_hopeless": Clause(
        "yes",
        "Needs are relaxed at once where nobody present could meet them.",
        "Les exigences sont assouplies aussitôt si personne de présent ne peut y répondre.",
        "Needs are relaxed at their time, even where nobody present could meet them before.",
        "Les exigences sont assouplies à l’heure prévue, même si personne ne peut y répondre avant.",
    ),
}
WEIGHTS = {
    "wait": Clause(
        "points",
        "Each time the promised wait has passed once, a request gains {} points.",
        "Chaque fois que le délai promis s’est écoulé une fois, une demande gagne {} points.",
    ),
    "fit": Clause(
        "points",
        "One point of fit (a level more in what is asked, a level less in what is not) is worth {} points.",
        "Un point d’adéquation (un niveau de plus là où c’est demandé, un de moins ailleurs) vaut {} points.",
    ),
    "idle": Clause(
        "points",
        "Each second that an agent has been without work is worth {} points.",
        "Chaque seconde sans contact d’un agent vaut {} points.",
    ),
    "live": Clause(
        "points",
        "A request whose citizen is there and waits is worth {} points more.",
        "Une demande dont la personne attend en direct vaut {} points de plus.",
    ),
    "due": Clause(
        "points",
        "Deferred work that must be begun now to be in time is worth {} points more.",
        "Un travail différé à commencer maintenant pour être à l’heure vaut {} points de plus.",
    ),
    "beside": Clause(
        "points",
        "An agent who has one in hand already, and takes more side by side, is worth {} points more.",
        "Un agent qui en a déjà un en main, et en prend plusieurs à la fois, vaut {} points de plus.",
    ),
    "occupied": Clause(
        "points",
        "Each contact that an agent has in hand already makes them worth {} points less.",
        "Chaque contact qu’un agent a déjà en main lui fait perdre {} points.",
    ),
    "interrupt": Clause(
        "points",
        "An agent who must lay other work aside for it is worth {} points less.",
        "Un agent qui doit interrompre un autre travail pour cela vaut {} points de moins.",
    ),
    "speed": Clause(
        "points",
        "The time that an agent takes for such requests, against the usual, is worth up to {} points.",
        "La durée que prend l’agent pour ce type de demande, face à l’usage, vaut jusqu’à {} points.",
    ),
    "rest": Clause(
        "points",
        "An agent who just had a hard conversation is worth {} points less for another hard one.",
        "Un agent qui sort d’un entretien difficile vaut {} points de moins pour un autre du même genre.",
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
        "{} agents are named in it.",
        "{} agents y sont nommés.",
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
        "It closes above {} of what was promised.",
        "Il se ferme au-dessus de {} de ce qui est promis.",
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
WORDS = {
    "refuse": ("they are refused, and told why", "elles sont refusées, avec le motif"),
    "divert": ("they go to the channel’s own fallback", "elles vont au secours propre au canal"),
    "relax": ("their needs are relaxed at once", "leurs exigences sont assouplies aussitôt"),
}
