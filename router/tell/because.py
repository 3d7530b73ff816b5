"""Why an offer ended or a contact is back in line: a sentence for each word of the core, in two languages."""

from __future__ import annotations

from router.tell.speech import Language, of

BECAUSE = {
    "gone": ("the citizen had left", "la personne était partie"),
    "expired": ("the agent did not answer in time", "l’agent n’a pas répondu à temps"),
    "agent_away": ("the agent was no longer available", "l’agent n’était plus disponible"),
    "preempted": ("something else took its place", "autre chose est venu avant"),
    "moved": ("a supervisor moved the request", "un responsable a déplacé la demande"),
    "declined": ("the agent declined", "l’agent a décliné"),
    "missed": ("the agent did not answer", "l’agent n’a pas répondu"),
    "found_waiting": ("the citizen was found to be still waiting", "la personne attendait encore"),
}


def because(word: str, language: Language) -> str:
    """The cause as a clause; a word without one is shown as it is."""
    return of(BECAUSE[word], language) if word in BECAUSE else word.replace("_", " ")
