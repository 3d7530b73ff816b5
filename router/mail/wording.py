"""The texts that go out by themselves, and the variables in those that agents choose. Plain text only.

A text never repeats what a stranger wrote: whoever forges a sender can not have us send his words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = re.compile(r"\{(\w{1,40})\}")

TEXTS: dict[str, dict[str, str]] = {
    "fr": {
        "subject": "Votre message est bien arrivé",
        "received": "Bonjour,\n\nnous avons bien reçu votre message. Son numéro est {reference}.\n{delay}\n\n"
        "Si vous nous écrivez encore à ce sujet, répondez à ce message.\n\n{office}",
        "delay": "Vous recevrez une réponse le {day} au plus tard, selon l'attente d'aujourd'hui.",
        "no_delay": "Nous ne savons pas encore dire quand vous recevrez une réponse.",
        "refused_subject": "Votre message n'a pas pu être pris",
        "refused": "Bonjour,\n\ntrop de messages attendent : nous ne pouvons pas prendre le vôtre "
        "({reference}).\nAppelez-nous ou écrivez-nous à nouveau plus tard.\n\n{office}",
    },
    "en": {
        "subject": "Your message has arrived",
        "received": "Hello,\n\nyour message has arrived. Its number is {reference}.\n{delay}\n\n"
        "If you write to us again about it, answer this message.\n\n{office}",
        "delay": "You will have an answer by {day} at the latest, as waits are today.",
        "no_delay": "We cannot say yet when you will have an answer.",
        "refused_subject": "Your message could not be taken",
        "refused": "Hello,\n\ntoo many messages wait: we cannot take yours ({reference}).\n"
        "Please call us, or write again later.\n\n{office}",
    },
    "ar": {
        "subject": "وصلت رسالتكم",
        "received": "مرحبا،\n\nلقد وصلت رسالتكم. رقمها {reference}.\n{delay}\n\n"
        "إذا أردتم الكتابة مرة أخرى في الموضوع نفسه فأجيبوا على هذه الرسالة.\n\n{office}",
        "delay": "ستتلقون جوابا في أجل أقصاه {day} حسب مدة الانتظار اليوم.",
        "no_delay": "لا نستطيع بعد أن نقول متى ستتلقون جوابا.",
        "refused_subject": "تعذر قبول رسالتكم",
        "refused": "مرحبا،\n\nعدد الرسائل المنتظرة كبير ولا نستطيع قبول رسالتكم ({reference}).\n"
        "اتصلوا بنا هاتفيا أو اكتبوا لاحقا.\n\n{office}",
    },
}  # fmt: skip


def text(which: str, language: str, own: Mapping[str, Mapping[str, str]]) -> str:
    """The site's own words, else the built-in ones, in English for a language without any."""
    return own.get(language, {}).get(which) or TEXTS.get(language.partition("-")[0], TEXTS["en"])[which]


def filled(words: str, variables: Mapping[str, str]) -> str:
    """Each {name} that is known is replaced, once: what is put in is not looked at again."""
    return VARIABLE.sub(lambda found: variables.get(found[1], found[0]), words)
