"""What Guichet itself writes in a chat, in the languages it was given words in; others hear the first.

A published flow says its own words: these are for what no flow covers.
"""

from __future__ import annotations

from typing import Literal

Word = Literal[
    "which_language", "which_topic", "please_choose", "waiting", "joined", "transferred", "warning",
    "closed", "ended", "transcript", "transcript_text",
]  # fmt: skip

WORDS: dict[str, dict[Word, str]] = {
    "fr": {
        "which_language": "Bonjour. Dans quelle langue voulez-vous écrire ?",
        "which_topic": "De quoi s'agit-il ?",
        "please_choose": "Je n'ai pas compris. Choisissez une réponse, ou écrivez son numéro.",
        "waiting": "Votre demande est enregistrée. Une personne va vous répondre.",
        "joined": "Une personne vous répond maintenant.",
        "transferred": "Une autre personne va vous répondre. Vous gardez votre place.",
        "warning": "Êtes-vous toujours là ? Sans réponse de votre part, la conversation va se fermer.",
        "closed": "Sans nouvelles de vous, la conversation est fermée. Revenez quand vous voulez.",
        "ended": "La conversation est terminée.",
        "transcript": "Votre conversation",
        "transcript_text": "Voici la conversation que vous vouliez garder. Heures en temps universel (UTC).",
    },
    "en": {
        "which_language": "Hello. Which language would you like to write in?",
        "which_topic": "What is it about?",
        "please_choose": "I did not understand. Choose an answer, or write its number.",
        "waiting": "Your request is recorded. Somebody will answer you.",
        "joined": "Somebody is answering you now.",
        "transferred": "Somebody else will answer you. You keep your place.",
        "warning": "Are you still there? Without an answer from you, this conversation will close.",
        "closed": "We have not heard from you, so this conversation is closed. Come back whenever you like.",
        "ended": "The conversation is over.",
        "transcript": "Your conversation",
        "transcript_text": "Here is the conversation you asked for. Times are in UTC.",
    },
}


def word(name: Word, language: str) -> str:
    """In the language, or in French."""
    return WORDS.get(language.partition("-")[0], WORDS["fr"])[name]
