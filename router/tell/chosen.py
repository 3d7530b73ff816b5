"""Why this agent and nobody else, in words. Translation only: it says what it is given."""

from __future__ import annotations

from collections.abc import Iterator

from router.core.why import Why
from router.tell.decision import nearest
from router.tell.reasons import reason, reason_of_all
from router.tell.speech import Language, levels, listed, say, signed
from router.tell.terms import term

CLOSEST = 3  # profiles that are looked at for what was lacking


def crowd(why: Why, language: Language, *, levers: bool) -> Iterator[str]:
    """Everybody by outcome; then what decided between those who could have had it."""
    total = sum(group.agents for group in why.groups)
    if not total:
        yield say(language, "No agent was known to the service.", "Aucun agent n’était connu du service.")
        return
    each = [reason(group.outcome, group.agents, language) for group in why.groups]
    if len(each) == 1:
        yield f"{reason_of_all(why.groups[0].outcome, total, language)}."
    else:
        told = listed(each, language)
        yield say(language, f"Of {total} agents: {told}.", f"Sur {total} agents : {told}.")
    if levers:
        yield from _lacking(why, language)


def worth(why: Why, language: Language) -> Iterator[str]:
    """The winner's terms, the weightiest first; of those that came to nothing, none."""
    terms = sorted(why.terms.items(), key=lambda each: (-abs(each[1]), each[0]))
    told = say(language, "; ", " ; ").join(
        f"{term(name, language)} ({signed(points, language)})" for name, points in terms if points
    )
    if told:
        yield say(
            language, f"Points for agent {why.agent}: {told}.", f"Points pour l’agent {why.agent} : {told}."
        )


def between(why: Why, decided: str, language: Language) -> str:
    """What parted the winner from the next."""
    what, rival = term(decided, language), nearest(why)
    if rival is None:
        return say(
            language,
            f"Between the agents who could answer, what decided was {what}.",
            f"Entre les agents en mesure de répondre, ce qui les a départagés est {what}.",
        )
    points = f" ({rival.behind} points)" if rival.behind else ""
    return say(
        language,
        f"Next was agent {rival.agent}{points}; what decided was {what}.",
        f"Venait ensuite l’agent {rival.agent}{points} ; ce qui les a départagés est {what}.",
    )


def _lacking(why: Why, language: Language) -> Iterator[str]:
    """What the agents who came closest would have needed."""
    short = [each for each in why.profiles if each.lacks][:CLOSEST]
    if short:
        each = min(short, key=lambda p: (len(p.lacks), sorted(p.lacks.items())))
        lacked = levels(each.lacks, language)
        yield say(
            language,
            f"The one who came closest lacked: {lacked}.",
            f"À celui qui s’en approchait le plus, il manquait : {lacked}.",
        )
