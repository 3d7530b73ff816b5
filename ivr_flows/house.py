"""The house's own words, which every flow shares: asking again, keys, channels, marks. By language, as data.

A language that is not here takes the English ones, and `guichet flow check` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ivr_flows.message import Message
from ivr_flows.prompts import parsed
from ivr_flows.session import Say

_WAIT_FR, _WAIT_EN = "attente {wait, interval}", "wait {wait, interval}"

HOUSE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "fr": {
            "press": "Pour {label}, tapez {key}.",
            "press_yes": "Pour oui, tapez {key}.",
            "press_no": "Pour non, tapez {key}.",
            "press_language": "Pour le français, tapez {key}.",
            "press_mark": "Donnez une note de 1 à {of}.",
            "hash": "Terminez par la touche dièse.",
            "silence": "Je n'ai rien entendu.",
            "wrong": "Ce choix n'existe pas.",
            "empty": "Je n'ai rien reçu.",
            "length": "Il n'y a pas le bon nombre de chiffres.",
            "key": "Ce numéro contient une erreur.",
            "date": "Cette date n'existe pas.",
            "future": "Cette date n'est pas encore passée.",
            "unknown": "Je ne connais pas cette réponse.",
            "unavailable": "Ce n'est pas possible ici.",
            "regret": "Personne ne peut vous répondre maintenant. Nous le regrettons. Merci de rappeler.",
            "yes": "oui",
            "no": "non",
            "language": "Français",
            "mark": "{mark}",
            "channel_phone": f"parler au téléphone, {_WAIT_FR}",
            "channel_chat": f"écrire dans une conversation, {_WAIT_FR}",
            "channel_email": f"écrire un courrier électronique, {_WAIT_FR}",
            "channel_callback": f"être rappelé, {_WAIT_FR}",
            "channel_counter": f"venir au guichet, {_WAIT_FR}",
            "channel_appointment": "prendre un rendez-vous",
            "no_thanks": "continuer sans changer",
            "slot": "{place}, {begins, date}, {begins, time}",
            "none_of_them": "aucun de ces rendez-vous",
            "person": "parler à un conseiller",
            "line": "{position, plural, =1 {Vous êtes le prochain.} other {Vous êtes numéro # en attente.}}",
            "line_wait": "Temps d'attente : {wait, interval}.",
            "line_key": "Pour être rappelé sans perdre votre place, tapez {key}.",
        },
        "en": {
            "press": "For {label}, press {key}.",
            "press_yes": "For yes, press {key}.",
            "press_no": "For no, press {key}.",
            "press_language": "For English, press {key}.",
            "press_mark": "Give a mark from 1 to {of}.",
            "hash": "End with the hash key.",
            "silence": "I heard nothing.",
            "wrong": "There is no such choice.",
            "empty": "I received nothing.",
            "length": "The number of digits is not right.",
            "key": "There is a mistake in that number.",
            "date": "There is no such date.",
            "future": "That date is still to come.",
            "unknown": "I do not know that answer.",
            "unavailable": "That is not possible here.",
            "regret": "Nobody can answer you now. We are sorry. Please call again.",
            "yes": "yes",
            "no": "no",
            "language": "English",
            "mark": "{mark}",
            "channel_phone": f"talking on the phone, {_WAIT_EN}",
            "channel_chat": f"writing in a chat, {_WAIT_EN}",
            "channel_email": f"writing an e-mail, {_WAIT_EN}",
            "channel_callback": f"being called back, {_WAIT_EN}",
            "channel_counter": f"coming to the counter, {_WAIT_EN}",
            "channel_appointment": "making an appointment",
            "no_thanks": "going on without a change",
            "slot": "{place}, {begins, date}, {begins, time}",
            "none_of_them": "none of these",
            "person": "talking to a person",
            "line": "{position, plural, =1 {You are next.} other {You are number # in line.}}",
            "line_wait": "Your wait: {wait, interval}.",
            "line_key": "To be called back and keep your place, press {key}.",
        },
        "ar": {
            "press": "من أجل {label}، اضغط {key}.",
            "press_yes": "للإجابة بنعم، اضغط {key}.",
            "press_no": "للإجابة بلا، اضغط {key}.",
            "press_language": "للغة العربية، اضغط {key}.",
            "press_mark": "أعطِ درجة من 1 إلى {of}.",
            "hash": "اضغط زر المربع عند الانتهاء.",
            "silence": "لم أسمع شيئًا.",
            "wrong": "هذا الاختيار غير موجود.",
            "empty": "لم أستلم شيئًا.",
            "length": "عدد الأرقام غير صحيح.",
            "key": "يوجد خطأ في هذا الرقم.",
            "date": "هذا التاريخ غير موجود.",
            "future": "هذا التاريخ لم يأت بعد.",
            "unknown": "لا أعرف هذه الإجابة.",
            "unavailable": "هذا غير ممكن هنا.",
            "regret": "لا يمكن لأحد الرد عليك الآن. نأسف لذلك. يرجى الاتصال لاحقًا.",
            "yes": "نعم",
            "no": "لا",
            "language": "العربية",
            "mark": "{mark}",
            "channel_phone": "التحدث بالهاتف، مدة الانتظار {wait, interval}",
            "channel_chat": "الكتابة في محادثة، مدة الانتظار {wait, interval}",
            "channel_email": "كتابة بريد إلكتروني، مدة الانتظار {wait, interval}",
            "channel_callback": "معاودة الاتصال بك، مدة الانتظار {wait, interval}",
            "channel_counter": "الحضور إلى الشباك، مدة الانتظار {wait, interval}",
            "channel_appointment": "حجز موعد",
            "no_thanks": "المتابعة دون تغيير",
            "slot": "{place}، {begins, date}، {begins, time}",
            "none_of_them": "لا شيء من هذه المواعيد",
            "person": "التحدث مع موظف",
            "line": "{position, plural, =1 {دوركم هو التالي.} other {رقمكم في الانتظار هو #.}}",
            "line_wait": "مدة الانتظار: {wait, interval}.",
            "line_key": "لنعاود الاتصال بكم دون فقدان دوركم، اضغطوا {key}.",
        },
    }
)

# What somebody who writes may call a person, or yes and no, beside the labels.
PERSON_WORDS = frozenset(
    (
        *("agent", "person", "human", "operator", "advisor"),
        *("conseiller", "conseillere", "personne", "humain", "quelqu'un", "موظف", "شخص"),
    )
)


def house_text(word: str, language: str) -> str:
    """The words in this language, or in English."""
    spoken = HOUSE.get(language.partition("-")[0], HOUSE["en"])
    return spoken.get(word) or HOUSE["en"].get(word, word)


def message_of(say: Say) -> Message:
    """What is to be said, the house's own words too."""
    return parsed(say.text or house_text(say.prompt.removeprefix("house."), say.language))
