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

GONE = {
    "left": ("the citizen had left", "la personne était partie"),
    "fallback": (
        "the telephone system’s own queue had taken the call",
        "la file de secours du téléphone avait pris l’appel",
    ),
    "absent": ("the citizen was no longer there", "la personne n’était plus là"),
    "lost": (
        "the connection broke; it is to be called back",
        "la liaison a été coupée ; un rappel est à faire",
    ),
    "callback": ("a call back was chosen instead", "un rappel a été choisi à la place"),
    "called_again": ("the citizen called again", "la personne a rappelé"),
    "answered": (
        "the same question was answered on another channel",
        "la même question a reçu sa réponse sur un autre canal",
    ),
    "too_many": (
        "too many were waiting; the citizen was told so",
        "trop de demandes attendaient ; la personne en a été avertie",
    ),
    "too_long": (
        "the longest wait allowed was over; the citizen was told so",
        "l’attente maximale était dépassée ; la personne en a été avertie",
    ),
}


def because(word: str, language: Language) -> str:
    """The cause as a clause; a word without one is shown as it is."""
    return of(BECAUSE[word], language) if word in BECAUSE else word.replace("_", " ")


def gone(word: str, language: Language) -> str:
    """Why a request ended without an answer, as a clause."""
    return of(GONE[word], language) if word in GONE else word.replace("_", " ")
