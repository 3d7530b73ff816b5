"""The moving parts of the page, each a piece of HTML made from a `View` in one language."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from router.api.markup import Html, el, join
from router.door import APPEND_WITHIN_S

if TYPE_CHECKING:
    from router.api.board import Decision, Desk, Held, Line, View
    from router.api.words import Words

SHORT = 10  # characters of an id that are shown; its whole is the element's title
DOING = ("free", "busy", "away", "offline")


class Sections:
    """`ticking`: leave running times to the page's script, so that a section differs only when it changed."""

    def __init__(self, words: Words, *, ticking: bool) -> None:
        self._words = words
        self._ticking = ticking

    def all(self, view: View) -> dict[str, Html]:
        """Every section by the id of the element it fills."""
        return {
            "figures": self._figures(view),
            "waiting": self._waiting(view),
            "agents": self._agents(view),
            "decisions": self._decisions(view),
            "log": self._log(view),
            "summary": join(self._words("summary", view.waiting, view.agents.get("free", 0))),
        }

    def _figures(self, view: View) -> Html:
        w = self._words
        share = f"{100 * view.served // view.arrived} % {w('of_arrived')}" if view.arrived else ""
        lost = f"{100 * view.abandoned // view.arrived} % {w('of_arrived')}" if view.arrived else ""
        cards = (
            ("waiting_now", view.waiting, ""),
            ("arrived", view.arrived, w("over", w.lasting(view.kept_for))),
            ("served", view.served, share),
            ("abandoned", view.abandoned, lost),
        )
        return join(*(_card(name, w(name), w.number(value), note) for name, value, note in cards))

    def _waiting(self, view: View) -> Html:
        w = self._words
        if not view.lines:
            return join(el("p", w("nobody_waits"), class_="empty"), self._lost(view))
        rows = (self._line(line, view) for line in view.lines)
        head = _head(w("kind"), w("count"), w("longest"), w("late"))
        return join(
            el("table", el("caption", w("waiting_about")), head, el("tbody", *rows)), self._lost(view)
        )

    def _line(self, line: Line, view: View) -> Html:
        w = self._words
        return el(
            "tr",
            el("th", el("span", w(line.channel), class_="channel"), " ", w(line.topic), scope="row"),
            el("td", w.number(line.contacts), class_="n"),
            el("td", self._since(line.oldest, view.now), class_="n"),
            el("td", w.number(line.late) if line.late else "–", class_="n late" if line.late else "n"),
        )

    def _lost(self, view: View) -> Html:
        """Nothing at all unless there is somebody to call back."""
        w = self._words
        if not view.lost:
            return Html()
        rows = (
            el(
                "tr",
                el("th", el("span", w(lost.channel), class_="channel"), " ", w(lost.topic), scope="row"),
                el("td", w(f"lang:{lost.language}")),
                el("td", short(lost.contact), title=lost.contact),
                el("td", el("time", _clock(lost.arrived_at), data_at=lost.arrived_at // 1000), class_="n"),
            )
            for lost in view.lost
        )
        head = _head(w("kind"), w("language"), w("contact"), w("called_at"))
        table = el("table", el("caption", w("lost_about")), head, el("tbody", *rows))
        hidden = view.lost_in_all - len(view.lost)
        more = el("p", w("more_lost", hidden), class_="empty") if hidden else Html()
        return el("div", el("h3", w("lost")), table, more, class_="lost")

    def _agents(self, view: View) -> Html:
        w = self._words
        legend = (
            el("li", el("b", w.number(view.agents.get(doing, 0))), " ", w(doing), class_=doing)
            for doing in DOING
        )
        summary = join(_bar(view.agents), el("ul", *legend, class_="legend"))
        if not view.desks:
            return join(summary, el("p", w("nobody_present"), class_="empty"))
        head = _head(w("agent"), w("state"), w("in_hand"))
        body = el("tbody", *(self._desk(desk, view) for desk in view.desks))
        table = el("table", el("caption", w("agents_about")), head, body)
        hidden = sum(view.agents.values()) - view.agents.get("offline", 0) - len(view.desks)
        more = el("p", w("more_agents", hidden), class_="empty") if hidden > 0 else Html()
        return join(summary, table, more)

    def _desk(self, desk: Desk, view: View) -> Html:
        w = self._words
        doing = "busy" if (desk.held or desk.phone) and desk.state == "ready" else desk.state
        reason = f" · {w(desk.reason)}" if desk.reason else ""
        held = [self._held(item, view) for item in desk.held]
        phone = el("span", w(f"phone_{desk.phone}"), class_="mark") if desk.phone else Html()
        return el(
            "tr",
            el("th", desk.agent, scope="row"),
            el("td", el("span", w(f"is_{doing}"), reason, class_=f"state {doing}"), phone),
            el("td", *(held or [self._since(desk.since, view.now)]), class_="hands"),
        )

    def _held(self, item: Held, view: View) -> Html:
        """A contact in hand: with whom else, on hold, recorded."""
        w = self._words
        marks = [w("with_second", item.second)] if item.second else []
        marks += [w("held")] if item.held else []
        marks += [w(f"recording_{item.recording}")] if item.recording else []
        return el(
            "span",
            f"{w(item.channel)} {w(item.topic)} · {w(item.state)} ",
            self._since(item.since, view.now),
            *(el("span", mark, class_="mark") for mark in marks),
            class_=f"chip {item.state}",
            title=item.contact,
        )

    def _decisions(self, view: View) -> Html:
        w = self._words
        if not view.decisions:
            return el("p", w("no_decisions"), class_="empty")
        about = el("p", w("decisions_about", len(view.decisions)), class_="about")
        return join(about, el("ol", *(self._decision(decision) for decision in view.decisions)))

    def _decision(self, decision: Decision) -> Html:
        w = self._words
        who = w("why", agent=decision.agent, contact=short(decision.contact))
        terms = " + ".join(f"{w(f'{name}_term')} {w.number(points)}" for name, points in decision.terms)
        score = f"{w('score', w.number(decision.score))} = {terms}"
        return el(
            "li",
            el(
                "p",
                el("b", who, title=decision.contact),
                el("span", w(decision.outcome), class_=f"outcome {decision.outcome}"),
                class_="who",
            ),
            el("p", self.why(decision), class_="why"),
            el(
                "p",
                el("time", _clock(decision.at), data_at=decision.at // 1000),
                f" · {w(decision.channel)} {w(decision.topic)} · {score}",
                class_="terms",
            ),
        )

    def why(self, decision: Decision) -> str:
        """In plain words: how long it waited against what was promised, and what the agent can do for it."""
        w = self._words
        parts = [w("why_wait", waited=w.lasting(decision.waited), target=w.lasting(decision.target))]
        spoken = [w("speaks", w(skill), level) for skill, level in decision.skills if _is_spoken(skill)]
        other = [f"{w(skill)} {level}" for skill, level in decision.skills if not _is_spoken(skill)]
        if other and not spoken:
            other[0] = w("why_skills", other[0])
        if spoken or other:
            parts.append(", ".join(chain(spoken, other)))
        return w("and_so").join(parts)

    def _log(self, view: View) -> Html:
        w = self._words
        fine = view.append_age < APPEND_WITHIN_S
        age = w("append_fine") if fine else w("append_old", w.lasting(round(view.append_age) * 1_000_000))
        return join(
            *(
                el("div", el("dt", w(name)), el("dd", value, class_=kind))
                for name, value, kind in (
                    ("append", age, "fine" if fine else "bad"),
                    ("entries", w.number(view.entries), ""),
                    ("policy", view.policy or "–", ""),
                    *(
                        (name, w(f"gateway_{to}"), "fine" if to == "up" else "bad")
                        for name, to in view.gateways
                    ),
                )
            )
        )

    def _since(self, instant: int, now: int) -> Html:
        text = "" if self._ticking else self._words.lasting(now - instant)
        return el("time", text, data_since=instant // 1000)


def short(name: str) -> str:
    """The beginning of a long id."""
    return name if len(name) <= SHORT else name[:SHORT] + "…"


def _head(*names: str) -> Html:
    return el("thead", el("tr", *(el("th", name, scope="col") for name in names)))


def _bar(agents: dict[str, int]) -> Html:
    """Who does what, as one bar; the legend says the same in words, so it is hidden from readers aloud."""
    total = sum(agents.get(doing, 0) for doing in DOING)
    parts, x = [], 0.0
    for doing in DOING:
        width = 100 * agents.get(doing, 0) / total if total else 0.0
        parts.append(el("rect", x=f"{x:.2f}", y=0, width=f"{width:.2f}", height=4, class_=doing))
        x += width
    shape = {"viewBox": "0 0 100 4", "preserveAspectRatio": "none"}
    return el("svg", *parts, class_="bar", aria_hidden="true", **shape)


def _card(name: str, title: str, value: str, note: str) -> Html:
    return el("div", el("dt", title), el("dd", value, class_="number"), el("dd", note), class_=name)


def _is_spoken(skill: str) -> bool:
    return skill.startswith("lang:")


def _clock(instant: int) -> str:
    seconds = instant // 1_000_000
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02} UTC"
