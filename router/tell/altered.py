"""What would have changed a decision, in sentences: one for each kind of change, in two languages."""

from __future__ import annotations

from router.core.change import Change
from router.core.policy import SECOND
from router.tell.speech import Language, lasting, number, of, skill

UNASKED = ("nothing had been asked in {skill}", "rien n’avait été demandé en {skill}")  # for level 0
# kind of change -> (English, French) as a clause after "had …" / "si …"
CLAUSES = {
    "ready": ("agent {agent} had been available", "l’agent {agent} avait été disponible"),
    "free": ("agent {agent} had had nothing in hand", "l’agent {agent} n’avait eu aucun contact en main"),
    "skill": (
        "agent {agent} had had level {level} in {skill} (instead of {was})",
        "l’agent {agent} avait eu le niveau {level} en {skill} (au lieu de {was})",
    ),
    "not_refused": (
        "agent {agent} had not declined or missed it before",
        "l’agent {agent} ne l’avait pas déjà déclinée ou laissée sans réponse",
    ),
    "no_preference": (
        "it had not been kept for an agent who knew it",
        "elle n’avait pas été gardée pour un agent qui la connaissait",
    ),
    "needs": (
        "level {level} in {skill} had been enough (instead of {was})",
        "le niveau {level} en {skill} avait suffi (au lieu de {was})",
    ),
    "earlier": ("it had come {seconds} earlier", "elle était arrivée {seconds} plus tôt"),
    "credit": (
        "the credit for a verified vulnerability had been granted",
        "le crédit pour fragilité vérifiée avait été accordé",
    ),
    "no_credit": (
        "its place had been counted from its arrival alone",
        "sa place avait été comptée à partir de sa seule arrivée",
    ),
    "weight": (
        "the weight “{weight}” had been {value} (instead of {was})",
        "le poids « {weight} » avait été de {value} (au lieu de {was})",
    ),
}


def altered(change: Change, language: Language, *, named: bool, before: bool = False) -> str:
    """One sentence: if so, then so. `before`: not at this decision, but when another one last went first."""
    words = UNASKED if change.kind == "needs" and not change.level else CLAUSES[change.kind]
    clause = of(words, language).format(
        agent=change.agent,
        level=change.level,
        was=number(change.was, language),
        skill=skill(change.skill, language),
        seconds=lasting(change.seconds * SECOND, language, exact=True),
        weight=change.weight,
        value=number(change.value, language),
    )
    if language == "en":
        lead, when = ("The last time, if", "") if before else ("If", " at that moment")
        if not change.result:
            return f"{lead} {clause}, nobody would have been offered it{when}."
        who = f"agent {change.result}" if named else "an agent"
        return f"{lead} {clause}, it would have been offered to {who}{when}."
    lead, when = ("La dernière fois, si", "") if before else ("Si", " à ce moment-là")
    if not change.result:
        return f"{lead} {clause}, elle n’aurait été proposée à personne{when}."
    who = f"à l’agent {change.result}" if named else "à un agent"
    return f"{lead} {clause}, elle aurait été proposée {who}{when}."
