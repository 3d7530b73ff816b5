"""What speaks for a match, term by term: whether it is the contact's or the agent's, and how it is said.

Every term of `router.core.score` stands here: a test goes over them.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from router.tell.speech import Language, of


class Term(NamedTuple):
    """`part`: `contact` is the same whoever serves it, and holds the credit; `agent` tells agents apart."""

    part: Literal["contact", "agent"]
    en: str
    fr: str


TERMS = {
    "wait": Term(
        "contact",
        "the time waited, compared with the time promised",
        "le temps d’attente, rapporté au délai promis",
    ),
    "front": Term(
        "contact",
        "that a supervisor put the request first",
        "la décision d’un responsable de faire passer la demande en premier",
    ),
    "live": Term(
        "contact", "that somebody was there and waited", "la présence d’une personne qui attendait en direct"
    ),
    "due": Term(
        "contact", "that it had to be begun now to be in time", "l’échéance, qui imposait de commencer alors"
    ),
    "beside": Term(
        "agent", "a conversation of the same kind already begun", "une conversation de même type déjà engagée"
    ),
    "occupied": Term(
        "agent", "how many contacts the agent had in hand already", "le nombre de contacts déjà en main"
    ),
    "fit": Term("agent", "how closely the skills match", "l’adéquation des compétences"),
    "idle": Term(
        "agent",
        "the time since the agent’s last contact",
        "le temps écoulé depuis le dernier contact de l’agent",
    ),
    "interrupt": Term(
        "agent",
        "other work that would have been laid aside",
        "un autre travail qu’il aurait fallu interrompre",
    ),
    "speed": Term(
        "agent",
        "the time that requests of this kind usually take",
        "la durée habituelle de ce type de demande",
    ),
    "rest": Term("agent", "rest after a hard conversation", "le repos après un entretien difficile"),
}
CAUSES = {
    "vulnerable": ("a vulnerability that was verified", "une fragilité vérifiée"),
    "cut": ("an earlier call that was cut off", "un appel précédent coupé"),
    "journey": ("earlier contacts about the same matter", "des contacts précédents pour la même affaire"),
}
TIES = {
    "first": ("who came first", "l’ordre d’arrivée"),
    "equal": ("a fixed order, for all else was equal", "un ordre fixe, tout le reste étant égal"),
}


def term(name: str, language: Language) -> str:
    """A term as a noun; one without words is shown as it is."""
    if name in TIES:
        return of(TIES[name], language)
    known = TERMS.get(name)
    return name if known is None else of((known.en, known.fr), language)


def cause(name: str, language: Language) -> str:
    """What a credit rests on; one without words is shown as it is."""
    return of(CAUSES[name], language) if name in CAUSES else name.replace("_", " ")


def of_agent(terms: dict[str, int]) -> dict[str, int]:
    """The terms that tell agents apart. Not those of the place in line, nor one that nobody has named yet."""
    return {name: terms[name] for name in terms if name in TERMS and TERMS[name].part == "agent"}
