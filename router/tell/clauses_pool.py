"""What a pool's policy says of offers, credit, preference and deferred work, in words.

Every field of the policy's types stands in one of these files: a test goes over them. `{}` is the value,
`{name}` whose it is.
"""

from __future__ import annotations

from router.tell.clause import Clause

POOL = {
    "offer_expiry": Clause(
        "time",
        "An offer that an agent has not answered within {} counts as missed.",
        "Une proposition à laquelle l’agent n’a pas répondu en {} compte comme manquée.",
    ),
    "refusal_pause": Clause(
        "time",
        "An agent who refused a request, and is the only one left, is offered it again after {}.",
        "Un agent qui a refusé une demande, et qui est le seul possible, la reçoit de nouveau après {}.",
    ),
    "credit_cap": Clause(
        "time",
        "Nobody is overtaken by an equal request that came more than {} later.",
        "Personne n’est dépassé par une demande équivalente arrivée plus de {} après.",
    ),
    "vulnerable_credit": Clause(
        "time",
        "A verified vulnerability counts as having come {} earlier.",
        "Une fragilité vérifiée compte comme une arrivée {} plus tôt.",
        "A verified vulnerability gives no credit.",
        "Une fragilité vérifiée ne donne pas de crédit.",
    ),
    "cut_credit": Clause(
        "time",
        "An earlier call that was cut counts as having come {} earlier.",
        "Un appel précédent coupé compte comme une arrivée {} plus tôt.",
        "An earlier call that was cut gives no credit.",
        "Un appel précédent coupé ne donne pas de crédit.",
    ),
    "journey_credit": Clause(
        "time",
        "Each earlier contact about the same matter counts as having come {} earlier.",
        "Chaque contact antérieur pour la même affaire compte comme une arrivée {} plus tôt.",
        "Earlier contacts about the same matter give no credit.",
        "Les contacts antérieurs pour la même affaire ne donnent pas de crédit.",
    ),
    "prefers_for": Clause(
        "time",
        "A request waits {} for an agent who knows it already, then goes to any.",
        "Une demande attend {} un agent qui la connaît déjà, puis va à tout autre.",
    ),
    "last_agent_for": Clause(
        "time",
        "A request waits {} for the agent who answered the same citizen last, then goes to any.",
        "Une demande attend {} l’agent qui a répondu en dernier à la même personne, puis va à tout autre.",
        "Who answered a citizen last is not waited for.",
        "L’agent qui a répondu en dernier à une personne n’est pas attendu.",
    ),
    "direct_for": Clause(
        "time",
        "A request for one agent alone waits {} for them, then goes to any.",
        "Une demande pour un seul agent l’attend {}, puis va à tout autre.",
    ),
    "release_backstop": Clause(
        "time",
        "An agent whose telephone nobody confirmed free is offered requests again after {}.",
        "Un agent dont le téléphone n’a pas été confirmé libre reçoit de nouveau des demandes après {}.",
    ),
    "reserve": Clause(
        "thousandths",
        "Work that may be deferred is begun only while agents stay free for live requests: {} agents per "
        "square root of the load of a kind.",
        "Le travail différable n’est commencé que s’il reste des agents libres pour le direct : {} agents "
        "par racine carrée de la charge d’un type.",
        "Work that may be deferred is never held back.",
        "Le travail différable n’est jamais retenu.",
    ),
    "press_before": Clause(
        "time",
        "Deferred work is held back no longer than {} before it is due, and then goes first.",
        "Le travail différé n’est plus retenu {} avant son échéance, et passe alors en premier.",
    ),
    "forget_after": Clause(
        "time",
        "A request that is over is remembered for {}, to recognise late doubles.",
        "Une demande terminée est gardée en mémoire {}, pour reconnaître les doublons tardifs.",
    ),
    "away_after_misses": Clause(
        "count",
        "An agent who misses {} offers in a row is set away.",
        "Un agent qui manque {} propositions de suite est mis en pause.",
        "Missed offers never set an agent away.",
        "Des propositions manquées ne mettent jamais un agent en pause.",
    ),
    "hard": Clause(
        "names",
        "Hard on the agent, and not given twice in a row while another can take it: what asks for {}.",
        "Éprouvant pour l’agent, pas donné deux fois de suite si un autre peut le prendre : ce qui exige {}.",
        "No kind of request counts as hard on the agent.",
        "Aucun type de demande n’est tenu pour éprouvant.",
    ),
    "propose_to": Clause(
        "names",
        "Citizens who are likely to wait long are told of: {}; they alone decide.",
        "Les personnes qui risquent d’attendre longtemps se voient signaler : {} ; elles seules décident.",
        "No other channel is proposed to those who wait.",
        "Aucun autre canal n’est proposé à ceux qui attendent.",
    ),
    "propose_past": Clause(
        "count",
        "They are told once the wait is likely to pass {} per cent of the promise.",
        "C’est signalé dès que l’attente risque de dépasser {} pour cent du délai promis.",
    ),
    "skip_hopeless": Clause(
        "yes",
        "Needs are relaxed at once where nobody present could meet them.",
        "Les exigences sont assouplies aussitôt si personne de présent ne peut y répondre.",
        "Needs are relaxed at their time, even where nobody present could meet them before.",
        "Les exigences sont assouplies à l’heure prévue, même si personne ne peut y répondre avant.",
    ),
}
