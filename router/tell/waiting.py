"""Who else waited, and who went first, in words. Translation only: it says what it is given."""

from __future__ import annotations

from collections.abc import Iterator

from router.tell.altered import altered
from router.tell.decision import Decision, Passes
from router.tell.reasons import reason_of_that
from router.tell.speech import Language, counted, say
from router.tell.terms import term

OTHERS = (
    "{} other request was waiting", "{} other requests were waiting",
    "{} autre demande attendait", "{} autres demandes attendaient",
)  # fmt: skip
TIMES = ("Once", "{} times", "Une fois", "{} fois")


def place(decision: Decision, language: Language) -> Iterator[str]:
    """The order among contacts."""
    order, position = decision.order, decision.about.position
    if order is not None and order.waiting > 1:
        others = counted(order.waiting - 1, OTHERS, language)
        rival = order.rivals[0] if order.rivals else None
        what = ""
        if rival is not None and rival.by:
            what = say(
                language,
                f"; the next for this agent was {rival.contact}, and what decided was ",
                f" ; la suivante pour cet agent était {rival.contact}, et ce qui les a départagées est ",
            ) + term(rival.by, language)
        yield f"{others}{what}."
    elif decision.state == "waiting" and position is not None:
        yield say(
            language,
            f"It was number {position} among the requests of its kind.",
            f"Elle était au rang {position} parmi les demandes du même type.",
        )


def passed(passes: Passes, language: Language, *, named: bool) -> Iterator[str]:
    """Others who were served while this one waited, and why."""
    for name, count in sorted(passes.unable.items()):
        times, why = counted(count, TIMES, language), reason_of_that(name, language)
        yield say(
            language,
            f"{times} while it waited, another request was offered to an agent who could not have this "
            f"one: {why}.",
            f"{times} pendant son attente, une autre demande a été proposée à un agent qui ne pouvait "
            f"pas recevoir celle-ci : {why}.",
        )
    for name, count in sorted(passes.behind.items()):
        times = counted(count, TIMES, language)
        if name in ("place", "first"):
            yield say(
                language,
                f"{times} while it waited, a request with a better place in line went first.",
                f"{times} pendant son attente, une demande mieux placée dans la file est passée devant.",
            )
            continue
        what = term(name, language)
        yield say(
            language,
            f"{times} while it waited, another request went first; what decided was {what}.",
            f"{times} pendant son attente, une autre demande est passée devant ; "
            f"ce qui les a départagées est {what}.",
        )
    for change in passes.changes:
        yield altered(change, language, named=named, before=True)
