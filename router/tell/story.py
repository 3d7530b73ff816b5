"""A decision about a contact in sentences that a citizen or an ombudsman can read. Translation only.

It is given what the reader may see (`sight.seen_by`) and says nothing else. The citizen is spoken to (vous).
"""

from __future__ import annotations

from collections.abc import Iterator

from router.core.effects import Offer, Requeue, Withdraw
from router.core.events import Needs
from router.core.why import Why
from router.tell import chosen, waiting
from router.tell.altered import altered
from router.tell.because import because, gone
from router.tell.decision import About, Credit, Decision
from router.tell.sight import TABLE, Reader
from router.tell.speech import CHANNELS, Language, instant, lasting, levels, listed, of, say, spaced
from router.tell.terms import cause

FEW = 3  # alternatives of needs that are told; a sentence with more helps nobody


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
            yield from self._chosen(decision.why, decision.decided)
        yield from waiting.place(decision, self._language)
        if decision.passes is not None:
            yield from waiting.passed(decision.passes, self._language, named=self._sight.agents)
        told = () if decision.passes is None else decision.passes.changes
        for change in (each for each in decision.changes if each not in told):
            yield altered(change, self._language, named=self._sight.agents)

    def _chosen(self, why: Why, decided: str) -> Iterator[str]:
        if self._sight.agents and why.agent:
            yield from chosen.worth(why, self._language)
        yield from chosen.crowd(why, self._language, levers=self._sight.levers)
        if decided:
            yield chosen.between(why, decided, self._language)

    def _say(self, english: str, french: str) -> str:
        return say(self._language, english, french)

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
        ways = [levels(minimums, self._language) for minimums in needs[:FEW] if minimums]
        if not ways:
            return self._say("Any agent could answer it.", "Tout agent pouvait y répondre.")
        asked = self._say("; or ", " ; ou ").join(ways)
        return self._say(f"It needed: {asked}.", f"Il fallait : {asked}.")

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


STATES = {
    "waiting": ("was waiting", "attendait"),
    "offered": ("was offered to an agent", "était proposée à un agent"),
    "connected": ("was with an agent", "était entre les mains d’un agent"),
    "wrap_up": ("was being written up by its agent", "faisait l’objet d’un compte rendu par son agent"),
    "ended": ("was over", "était terminée"),
    "gone": ("was no longer waiting", "n’attendait plus"),
}
