"""A policy in words: every value as a sentence, what each weight means in seconds, what is not as shipped.

It names no agent: how many there are, never who.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from router.core.policy import ChannelRules, Limit, Policy, Topic
from router.tell import clauses_agents, clauses_channel, clauses_pool, clauses_weights
from router.tell.clause import Clause
from router.tell.speech import CHANNELS, Language, lasting, levels, listed, number, of, skill, spaced

SECOND = 1_000_000
PROMISE = 60  # seconds: the promise in whose seconds weights are told


class Line(Struct, frozen=True):
    """One value. `shipped` is what it is without any configuration."""

    section: str
    path: str
    value: object
    shipped: object
    differs: bool
    sentence: str


def told(policy: Policy, language: Language) -> Iterator[Line]:
    """Everything, in the order in which it is read."""
    speaker = Speaker(language)
    shipped = Policy()
    order, offers = (
        speaker.of(("Who goes first", "Qui passe en premier")),
        speaker.of(("Offers", "Propositions")),
    )
    yield from speaker.values(order, "weights", policy.weights, shipped.weights, clauses_weights.WEIGHTS)
    yield from speaker.values(offers, "", policy, shipped, clauses_pool.POOL)
    for name, rules in policy.channels.items():
        section = speaker.of(("Requests {}", "Demandes {}")).format(of(CHANNELS[name], language))
        usual = shipped.channels[name]
        yield from speaker.values(section, f"channels.{name}", rules, usual, clauses_channel.CHANNEL)
        yield from speaker.limit(section, f"channels.{name}", rules, usual)
    for name, topic in policy.topics.items():
        section = speaker.of(("Topic {}", "Sujet {}")).format(skill(name, language))
        usual_topic = Topic({})
        yield from speaker.values(section, f"topics.{name}", topic, usual_topic, clauses_channel.TOPIC)
        yield from speaker.limit(section, f"topics.{name}", topic, usual_topic)
    for name, needs in policy.languages.items():
        section = speaker.of(("Languages", "Langues"))
        says = Clause(
            "levels", f"{name}: {{}}.", f"{name} : {{}}.", f"{name}: any agent.", f"{name} : tout agent."
        )
        yield speaker.line(section, f"languages.{name}", needs, {}, says)
    for name, group in policy.groups.items():
        section = speaker.of(("Reserve group {}", "Groupe de renfort {}")).format(name)
        yield from speaker.values(section, f"groups.{name}", group, None, clauses_agents.GROUP)
    for name, pool in policy.pools.items():
        section = speaker.of(("Pool {}", "Groupe {}")).format(name)
        yield from speaker.values(section, f"pools.{name}", pool, None, clauses_agents.INNER)
    says = Clause(
        "count",
        "Agents configured: {}; their skills: guichet config show.",
        "Agents configurés : {} ; leurs compétences : guichet config show.",
        "No agent is configured: each says what they can do when logging in.",
        "Aucun agent n’est configuré : chacun dit ce qu’il sait faire en arrivant.",
    )
    yield speaker.line(speaker.of(("Agents", "Agents")), "agents", len(policy.agents), 0, says)


class Speaker:
    """Makes lines in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._wait = 0

    def of(self, words: tuple[str, str]) -> str:
        return of(words, self._language)

    def values(
        self, section: str, path: str, of_it: Struct, usual: Struct | None, says: Mapping[str, Clause]
    ) -> Iterator[Line]:
        """One line for each field that has words, in the order of the words."""
        self._wait = getattr(of_it, "wait", self._wait)
        for name, clause in says.items():
            if not hasattr(of_it, name):
                continue
            value = getattr(of_it, name)
            shipped = value if usual is None else getattr(usual, name)
            yield self.line(section, f"{path}.{name}".lstrip("."), value, shipped, clause, name)

    def limit(
        self, section: str, path: str, rules: ChannelRules | Topic, usual: ChannelRules | Topic
    ) -> Iterator[Line]:
        """The queue limit, where there is one."""
        if rules.limit is None:
            return
        shipped = usual.limit or Limit()
        for name, clause in clauses_channel.LIMIT.items():
            value = getattr(rules.limit, name)
            yield self.line(section, f"{path}.limit.{name}", value, getattr(shipped, name), clause, section)

    def line(
        self, section: str, path: str, value: object, shipped: object, clause: Clause, name: str = ""
    ) -> Line:
        """One value in words; where it is not as shipped, what it would be."""
        sentence = self._sentence(clause, value, name)
        if path.startswith("weights.") and path != "weights.wait" and isinstance(value, int) and value:
            sentence += " " + self._in_seconds(value)
        differs = value != shipped
        if differs and not path.startswith(("topics.", "languages.", "agents")):
            was = self._value(clause, shipped) or self.of(("none", "aucun"))
            sentence += self.of((f" (Shipped: {was}.)", f" (Valeur livrée : {was}.)"))
        return Line(section, path, value, shipped, differs, spaced(sentence, self._language))

    def _sentence(self, clause: Clause, value: object, name: str) -> str:
        if not value and clause.none_en:
            return self.of((clause.none_en, clause.none_fr)).format(name=name)
        said = self.of((clause.en, clause.fr)).format(self._value(clause, value), name=name)
        single = value == 1 or (value == 0 and self._language == "fr")
        return said.replace(" points", " point") if clause.kind == "points" and single else said

    def _value(self, clause: Clause, value: object) -> str:
        """The value alone."""
        language = self._language
        if clause.kind == "yes":
            return self.of(("yes", "oui") if value else ("no", "non"))
        if isinstance(value, bool) or value is None:
            return ""
        if isinstance(value, int):
            if clause.kind == "time":
                return lasting(value, language)
            if clause.kind == "percent":
                return f"{value}\u00a0%" if language == "fr" else f"{value}%"
            if clause.kind == "thousandths":
                return decimal(value, 1000, language)
            return number(value, language)
        if isinstance(value, dict):
            return levels(value, language)
        if isinstance(value, tuple):
            return number(len(value), language) if clause.kind == "count" else listed(value, language)
        return self.of(clauses_channel.WORDS.get(str(value), (str(value), str(value))))

    def _in_seconds(self, points: int) -> str:
        """What so many points mean for somebody to whom a minute was promised."""
        if not self._wait:
            return self.of(("Waits weigh nothing against it.", "L’attente n’a aucun poids face à cela."))
        worth = points * PROMISE
        if worth >= 100 * self._wait:
            said = lasting(worth * SECOND // self._wait, self._language)
        else:
            said = f"{decimal(worth, self._wait, self._language)}\u00a0s"
        return self.of(
            (
                f"That is worth {said} of waiting where the promised wait is {PROMISE} s.",
                f"Cela vaut {said} d’attente quand le délai promis est de {PROMISE}\u00a0s.",
            )
        )


def decimal(over: int, under: int, language: Language) -> str:
    """A fraction with two figures after the point at most."""
    hundredths = (over * 100 + under // 2) // under
    text = f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "fr" else text
