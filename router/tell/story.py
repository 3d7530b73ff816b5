"""A decision about a contact in sentences that a citizen or an ombudsman can read. Translation only.

It is given what the reader may see (`sight.seen_by`) and says nothing else. The citizen is spoken to (vous).
"""

from __future__ import annotations

from collections.abc import Iterator

from router.core.effects import Offer, Requeue, Withdraw
from router.core.events import Needs
from router.core.why import Why
from router.tell.altered import altered
from router.tell.because import because, gone
from router.tell.decision import About, Credit, Decision, Passes, nearest
from router.tell.reasons import reason, reason_of_all, reason_of_that
from router.tell.sight import TABLE, Reader
from router.tell.speech import (
    CHANNELS,
    Language,
    counted,
    instant,
    lasting,
    listed,
    of,
    signed,
    skill,
    spaced,
)
from router.tell.terms import cause, term

FEW = 3  # alternatives of needs that are told; a sentence with more helps nobody
OTHERS = (
    "{} other request was waiting", "{} other requests were waiting",
    "{} autre demande attendait", "{} autres demandes attendaient",
)  # fmt: skip
TIMES = ("Once", "{} times", "Une fois", "{} fois")


class Story:
    """The words for one reader in one language."""

    def __init__(self, reader: Reader, language: Language) -> None:
        self._reader, self._language = reader, language
        self._sight = TABLE[reader]

    def told(self, decision: Decision) -> Iterator[str]:
        """One sentence or two each, the most important first."""
        for sentence in self._sentences(decision):
            yield spaced(sentence, self._language)

    def _sentences(self, decision: Decision) -> Iterator[str]:
        yield self._happened(decision)
        ended = {effect.because for effect in decision.effects if isinstance(effect, Withdraw)}
        for effect in decision.effects:
            if isinstance(effect, Requeue) and effect.because in ended:
                yield self._say("It kept its place in line.", "Elle a gardé sa place dans la file.")
            else:
                yield self._done(effect)
        if decision.event == "contact" and decision.about.needs:
            yield self._asked(decision.about.needs)
        if decision.about.credit is not None and decision.why is not None:
            yield self._credit(decision.about.credit)
        if decision.about.moved is not None:
            yield self._moved(decision)
        if decision.why is not None:
            if self._sight.agents and decision.why.agent:
                yield from self._worth(decision.why)
            yield from self._agents(decision.why)
            if decision.decided:
                yield self._between(decision.why, decision.decided)
        yield from self._line(decision)
        if decision.passes is not None:
            yield from self._passed(decision.passes)
        told = () if decision.passes is None else decision.passes.changes
        for change in (each for each in decision.changes if each not in told):
            yield altered(change, self._language, named=self._sight.agents)

    def _say(self, english: str, french: str) -> str:
        return of((english, french), self._language)

    @property
    def _subject(self) -> str:
        return self._say("Your request", "Votre demande") if self._reader == "citizen" else ""

    def _named(self, about: About) -> str:
        return self._subject or self._say(f"Request {about.contact}", f"La demande {about.contact}")

    def _happened(self, decision: Decision) -> str:
        """What the entry was."""
        about, when = decision.about, instant(decision.at, self._language)
        name = self._named(about)
        within = f"{name[0].lower()}{name[1:]}"
        if decision.event == "contact":
            how = of(CHANNELS.get(about.channel, ("", "")), self._language)
            return self._say(f"{name} came {how} on {when}.", f"{name} est arrivée {how} le {when}.")
        if decision.state == "waiting" or any(isinstance(effect, Offer) for effect in decision.effects):
            waited, target = (lasting(t, self._language) for t in (about.waited, about.target))
            return self._say(
                f"On {when}, {within} had waited {waited}; the wait promised was {target}.",
                f"Le {when}, {within} avait attendu {waited} ; le délai promis était de {target}.",
            )
        state = of(STATES.get(decision.state, (decision.state, decision.state)), self._language)
        why = f" ({gone(about.reason, self._language)})" if about.reason else ""
        return self._say(f"On {when}, {within} {state}{why}.", f"Le {when}, {within} {state}{why}.")

    def _done(self, effect: Offer | Withdraw | Requeue) -> str:
        agent = getattr(effect, "agent", "")
        who = self._say(f"agent {agent}", f"l’agent {agent}") if agent else self._say("an agent", "un agent")
        if isinstance(effect, Offer):
            return self._say(f"It was offered to {who}.", f"Elle a été proposée à {who}.")
        why = because(effect.because, self._language)
        if isinstance(effect, Withdraw):
            return self._say(
                f"The offer to {who} ended: {why}.", f"La proposition à {who} a pris fin : {why}."
            )
        return self._say(f"It kept its place in line: {why}.", f"Elle a gardé sa place dans la file : {why}.")

    def _asked(self, needs: Needs) -> str:
        ways = [self._levels(minimums) for minimums in needs[:FEW] if minimums]
        if not ways:
            return self._say("Any agent could answer it.", "Tout agent pouvait y répondre.")
        asked = self._say("; or ", " ; ou ").join(ways)
        return self._say(f"It needed: {asked}.", f"Il fallait : {asked}.")

    def _levels(self, minimums: dict[str, int]) -> str:
        level = self._say("level", "niveau")
        return listed(
            [f"{skill(name, self._language)} ({level} {n})" for name, n in sorted(minimums.items())],
            self._language,
        )

    def _credit(self, credit: Credit) -> str:
        lasted = lasting(credit.granted, self._language)
        causes = listed([cause(name, self._language) for name in credit.causes], self._language)
        why = self._say(f" (for {causes})", f" (pour {causes})") if causes else ""
        return self._say(
            f"Its place was counted as if it had come {lasted} earlier{why}.",
            f"Sa place a été comptée comme si elle était arrivée {lasted} plus tôt{why}.",
        )

    def _moved(self, decision: Decision) -> str:
        moved = decision.about.moved
        assert moved is not None
        when = instant(moved.at, self._language)
        by = f" ({moved.by}: {moved.reason})" if moved.by else ""
        return self._say(
            f"A supervisor gave it another place on {when}{by}.",
            f"Un responsable lui a donné une autre place le {when}{by.replace(':', ' :')}.",
        )

    def _agents(self, why: Why) -> Iterator[str]:
        """Everybody by outcome; then what decided between those who could have had it."""
        total = sum(group.agents for group in why.groups)
        if not total:
            yield self._say("No agent was known to the service.", "Aucun agent n’était connu du service.")
            return
        each = [reason(group.outcome, group.agents, self._language) for group in why.groups]
        if len(each) == 1:
            yield f"{reason_of_all(why.groups[0].outcome, total, self._language)}."
        else:
            told = listed(each, self._language)
            yield self._say(f"Of {total} agents: {told}.", f"Sur {total} agents : {told}.")
        if self._sight.levers:
            yield from self._lacking(why)

    def _worth(self, why: Why) -> Iterator[str]:
        """The winner's terms, the weightiest first; of those that came to nothing, none."""
        terms = sorted(why.terms.items(), key=lambda each: (-abs(each[1]), each[0]))
        told = self._say("; ", " ; ").join(
            f"{term(name, self._language)} ({signed(points, self._language)})"
            for name, points in terms
            if points
        )
        if told:
            yield self._say(
                f"Points for agent {why.agent}: {told}.", f"Points pour l’agent {why.agent} : {told}."
            )

    def _between(self, why: Why, decided: str) -> str:
        what, rival = term(decided, self._language), nearest(why)
        if rival is None:
            return self._say(
                f"Between the agents who could answer, what decided was {what}.",
                f"Entre les agents en mesure de répondre, ce qui les a départagés est {what}.",
            )
        points = f" ({rival.behind} points)" if rival.behind else ""
        return self._say(
            f"Next was agent {rival.agent}{points}; what decided was {what}.",
            f"Venait ensuite l’agent {rival.agent}{points} ; ce qui les a départagés est {what}.",
        )

    def _lacking(self, why: Why) -> Iterator[str]:
        """What the agents who came closest would have needed."""
        short = [each for each in why.profiles if each.lacks][:FEW]
        if short:
            each = min(short, key=lambda p: (len(p.lacks), sorted(p.lacks.items())))
            lacked = self._levels(each.lacks)
            yield self._say(
                f"The one who came closest lacked: {lacked}.",
                f"À celui qui s’en approchait le plus, il manquait : {lacked}.",
            )

    def _line(self, decision: Decision) -> Iterator[str]:
        """The order among contacts."""
        order, position = decision.order, decision.about.position
        if order is not None and order.waiting > 1:
            others = counted(order.waiting - 1, OTHERS, self._language)
            rival = order.rivals[0] if order.rivals else None
            what = ""
            if rival is not None and rival.by:
                what = self._say(
                    f"; the next for this agent was {rival.contact}, and what decided was ",
                    f" ; la suivante pour cet agent était {rival.contact}, et ce qui les a départagées est ",
                ) + term(rival.by, self._language)
            yield f"{others}{what}."
        elif decision.state == "waiting" and position is not None:
            yield self._say(
                f"It was number {position} among the requests of its kind.",
                f"Elle était au rang {position} parmi les demandes du même type.",
            )

    def _passed(self, passes: Passes) -> Iterator[str]:
        """Others who were served while this one waited, and why."""
        language = self._language
        for name, count in sorted(passes.unable.items()):
            times, why = counted(count, TIMES, language), reason_of_that(name, language)
            yield self._say(
                f"{times} while it waited, another request was offered to an agent who could not have this "
                f"one: {why}.",
                f"{times} pendant son attente, une autre demande a été proposée à un agent qui ne pouvait "
                f"pas recevoir celle-ci : {why}.",
            )
        for name, count in sorted(passes.behind.items()):
            times = counted(count, TIMES, language)
            if name in ("place", "first"):
                yield self._say(
                    f"{times} while it waited, a request with a better place in line went first.",
                    f"{times} pendant son attente, une demande mieux placée dans la file est passée devant.",
                )
                continue
            what = term(name, language)
            yield self._say(
                f"{times} while it waited, another request went first; what decided was {what}.",
                f"{times} pendant son attente, une autre demande est passée devant ; "
                f"ce qui les a départagées est {what}.",
            )
        for change in passes.changes:
            yield altered(change, language, named=self._sight.agents, before=True)


STATES = {
    "waiting": ("was waiting", "attendait"),
    "offered": ("was offered to an agent", "était proposée à un agent"),
    "connected": ("was with an agent", "était entre les mains d’un agent"),
    "wrap_up": ("was being written up by its agent", "faisait l’objet d’un compte rendu par son agent"),
    "ended": ("was over", "était terminée"),
    "gone": ("was no longer waiting", "n’attendait plus"),
}
