"""What a policy weighs a match by, in words.

Every field of the policy's types stands in one of these files: a test goes over them. `{}` is the value,
`{name}` whose it is.
"""

from __future__ import annotations

from router.tell.clause import Clause

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
