"""Why an agent could not be offered a contact: a sentence for each reason of the core, in two languages.

Every word of `router.core.why.REASONS` stands here: a test goes over them. No sentence blames anybody.
"""

from __future__ import annotations

from router.tell.speech import Language, counted, of

# reason -> English for one and many, French for one and many
REASONS: dict[str, tuple[str, str, str, str]] = {
    "able": (
        "{} agent was free and able to answer", "{} agents were free and able to answer",
        "{} agent était libre et en mesure de répondre", "{} agents étaient libres et en mesure de répondre",
    ),
    "lacks_skill": (
        "{} agent did not have the skills needed", "{} agents did not have the skills needed",
        "{} agent n’avait pas les compétences nécessaires",
        "{} agents n’avaient pas les compétences nécessaires",
    ),
    "away": (
        "{} agent was on a break or at another task", "{} agents were on a break or at another task",
        "{} agent était en pause ou à une autre tâche", "{} agents étaient en pause ou à une autre tâche",
    ),
    "offline": (
        "{} agent was not on duty", "{} agents were not on duty",
        "{} agent n’était pas en service", "{} agents n’étaient pas en service",
    ),
    "gateway_down": (
        "{} agent could not be reached: the link by which the request came was cut",
        "{} agents could not be reached: the link by which the request came was cut",
        "{} agent ne pouvait être joint : la liaison par laquelle la demande est arrivée était coupée",
        "{} agents ne pouvaient être joints : la liaison par laquelle la demande est arrivée était coupée",
    ),
    "unreachable": (
        "{} agent had a telephone that did not answer the network",
        "{} agents had a telephone that did not answer the network",
        "{} agent avait un téléphone que le réseau ne trouvait pas",
        "{} agents avaient un téléphone que le réseau ne trouvait pas",
    ),
    "channel_closed": (
        "{} agent did not serve this channel", "{} agents did not serve this channel",
        "{} agent ne traitait pas ce canal", "{} agents ne traitaient pas ce canal",
    ),
    "releasing": (
        "{} agent had a telephone still ringing for the previous call",
        "{} agents had a telephone still ringing for the previous call",
        "{} agent avait un téléphone qui sonnait encore pour l’appel précédent",
        "{} agents avaient un téléphone qui sonnait encore pour l’appel précédent",
    ),
    "busy": (
        "{} agent was serving somebody else", "{} agents were serving somebody else",
        "{} agent s’occupait de quelqu’un d’autre", "{} agents s’occupaient de quelqu’un d’autre",
    ),
    "own_call": (
        "{} agent was on a telephone call of their own", "{} agents were on a telephone call of their own",
        "{} agent était déjà au téléphone", "{} agents étaient déjà au téléphone",
    ),
    "refused": (
        "{} agent had declined or not answered this request before",
        "{} agents had declined or not answered this request before",
        "{} agent avait déjà décliné cette demande ou n’y avait pas répondu",
        "{} agents avaient déjà décliné cette demande ou n’y avaient pas répondu",
    ),
    "another_preferred": (
        "{} agent gave way to the agent who knew the request already",
        "{} agents gave way to the agent who knew the request already",
        "{} agent laissait la place à l’agent qui connaissait déjà la demande",
        "{} agents laissaient la place à l’agent qui connaissait déjà la demande",
    ),
    "in_reserve": (
        "{} agent was in reserve, for when this topic waits longer than promised",
        "{} agents were in reserve, for when this topic waits longer than promised",
        "{} agent était en renfort, pour les moments où ce sujet attend plus longtemps que promis",
        "{} agents étaient en renfort, pour les moments où ce sujet attend plus longtemps que promis",
    ),
    "kept_free": (
        "{} agent was kept free for those who call, while this request still had time",
        "{} agents were kept free for those who call, while this request still had time",
        "{} agent restait libre pour les appels, cette demande ayant encore du temps",
        "{} agents restaient libres pour les appels, cette demande ayant encore du temps",
    ),
}  # fmt: skip


def reason(word: str, agents: int, language: Language) -> str:
    """So many agents and what kept them; a word without a sentence is shown as it is."""
    if word not in REASONS:
        return f"{agents} × {word}"
    return counted(agents, REASONS[word], language)


def reason_of_all(word: str, agents: int, language: Language) -> str:
    """What kept every agent alike."""
    said = reason(word, agents, language)
    if agents == 1:
        return said.replace("1 agent", of(("The only agent", "Le seul agent"), language), 1)
    return f"{of(('All', 'Les'), language)} {said}"


def reason_of_that(word: str, language: Language) -> str:
    """What kept an agent who was spoken of already."""
    return reason(word, 1, language).replace("1 agent", of(("that agent", "cet agent"), language), 1)
