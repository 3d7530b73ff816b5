"""The page's words in English and French. Every key is in both; a code without a word is shown as it is."""

from __future__ import annotations

LANGUAGES = ("en", "fr")

_WORDS: dict[str, tuple[str, str]] = {
    "board": ("Board", "Tableau"),
    "skip": ("Skip to the figures", "Aller aux chiffres"),
    "demo": (
        "Demonstration: fictitious agency, tokens known to everybody, this machine only.",
        "Démonstration : agence fictive, jetons connus de tous, cette machine seulement.",
    ),
    "connecting": ("Connecting", "Connexion"),
    "live": ("Live", "En direct"),
    "stale": ("Stale since", "Figé depuis"),
    "no_script": (
        "This page is as of its loading. Allow scripts of this server to see it live.",
        "Cette page date de son chargement. Autorisez les scripts de ce serveur pour la voir en direct.",
    ),
    "figures": ("Service", "Service"),
    "arrived": ("arrived", "arrivés"),
    "served": ("served", "servis"),
    "waiting_now": ("waiting", "en attente"),
    "abandoned": ("left unserved", "partis sans réponse"),
    "over": ("over {}", "sur {}"),
    "of_arrived": ("of those arrived", "des arrivés"),
    "waiting": ("Waiting", "En attente"),
    "waiting_about": ("Contacts waiting, by channel and topic", "Contacts en attente, par canal et sujet"),
    "kind": ("Channel, topic", "Canal, sujet"),
    "count": ("Contacts", "Contacts"),
    "longest": ("Longest wait", "Plus longue attente"),
    "late": ("Beyond promise", "Hors promesse"),
    "nobody_waits": ("Nobody is waiting.", "Personne n’attend."),
    "lost": ("To call back", "À rappeler"),
    "lost_about": (
        "Calls that broke with the telephone server, in the order of the line",
        "Appels coupés avec le serveur téléphonique, dans l’ordre de la file",
    ),
    "language": ("Language", "Langue"),
    "contact": ("Contact", "Contact"),
    "called_at": ("Called at", "Appel à"),
    "more_lost": ("{} more: guichet contacts --lost", "{} autres : guichet contacts --lost"),
    "agents": ("Agents", "Agents"),
    "agents_about": ("Agents present and what they have in hand", "Agents présents et ce qu’ils ont en main"),
    "agent": ("Agent", "Agent"),
    "state": ("State", "État"),
    "in_hand": ("In hand", "En main"),
    "for": ("For", "Depuis"),
    "nobody_present": ("No agent is logged in.", "Aucun agent n’est connecté."),
    "more_agents": ("{} more agents are not listed.", "{} autres agents ne sont pas listés."),
    "free": ("free", "libres"),
    "busy": ("busy", "occupés"),
    "away": ("away", "absents"),
    "offline": ("offline", "déconnectés"),
    "is_ready": ("free", "libre"),
    "is_busy": ("busy", "occupé"),
    "is_away": ("away", "absent"),
    "is_offline": ("leaving", "partant"),
    "decisions": ("Decisions", "Décisions"),
    "decisions_about": ("The last {}, newest first, each with its why", "Les {} dernières et leur pourquoi"),
    "no_decisions": ("Nothing has been decided yet.", "Rien n’a encore été décidé."),
    "why": ("{agent} for {contact}", "{agent} pour {contact}"),
    "why_wait": ("waited {waited} of {target} promised", "attente de {waited} sur {target} promises"),
    "why_skills": ("has {}", "a {}"),
    "speaks": ("speaks {} {}", "parle {} {}"),
    "and_so": ("; ", " ; "),
    "score": ("score {}", "score {}"),
    "open": ("offered", "proposé"),
    "accepted": ("accepted", "accepté"),
    "declined": ("declined", "refusé"),
    "missed": ("missed", "manqué"),
    "withdrawn": ("withdrawn", "retiré"),
    "log": ("Log", "Journal"),
    "entries": ("entries", "entrées"),
    "append": ("last append", "dernière écriture"),
    "append_fine": ("less than 2 s ago", "il y a moins de 2 s"),
    "append_old": ("{} ago: nothing new is accepted", "il y a {} : rien de nouveau n’est accepté"),
    "policy": ("policy", "règles"),
    "summary": ("{} waiting, {} free agents.", "{} en attente, {} agents libres."),
    "unavailable": (
        "The log does not answer, so nothing shown would be certain. This page tries again every 3 s.",
        "Le journal ne répond pas : rien d’affiché ne serait sûr. Nouvel essai toutes les 3 s.",
    ),
    "sign_in": ("Sign in", "Se connecter"),
    "sign_out": ("Sign out", "Se déconnecter"),
    "token": ("Token of a supervisor or operator", "Jeton de superviseur ou d’exploitant"),
    "wrong_token": (
        "This token opens no board. Supervisors and operators have one that does.",
        "Ce jeton n’ouvre pas le tableau. Ceux des superviseurs et exploitants l’ouvrent.",
    ),
    "phone": ("phone", "téléphone"),
    "chat": ("chat", "tchat"),
    "email": ("e-mail", "courriel"),
    "callback": ("call-back", "rappel"),
    "counter": ("counter", "guichet"),
    "appointment": ("appointment", "rendez-vous"),
    "outreach": ("outreach", "démarchage utile"),
    "offered": ("offered", "proposé"),
    "connected": ("in conversation", "en conversation"),
    "wrap_up": ("wrap-up", "finalisation"),
    "asked": ("asked for advice", "consulté"),
    "with_second": ("with {}", "avec {}"),
    "held": ("on hold", "en garde"),
    "recording_on": ("recorded", "enregistré"),
    "recording_paused": ("recording paused", "enregistrement en pause"),
    "phone_busy": ("on a call of their own", "en appel personnel"),
    "phone_unreachable": ("phone unreachable", "poste injoignable"),
    "gateway_up": ("works", "fonctionne"),
    "gateway_down": ("down: nobody is rung", "coupé : personne n’est appelé"),
    "break": ("break", "pause"),
    "lunch": ("lunch", "déjeuner"),
    "meeting": ("meeting", "réunion"),
    "training": ("training", "formation"),
    "technical": ("technical", "technique"),
    "other": ("other", "autre"),
    "housing": ("housing", "logement"),
    "family": ("family", "famille"),
    "disability": ("disability", "handicap"),
    "employment": ("employment", "emploi"),
    "rights": ("rights", "droits"),
    "wait_term": ("wait", "attente"),
    "fit_term": ("fit", "adéquation"),
    "interrupt_term": ("interruption", "interruption"),
    "speed_term": ("usual time", "durée habituelle"),
    "rest_term": ("after a hard one", "après un difficile"),
    "idle_term": ("rest", "repos"),
    "lang:fr": ("French", "français"),
    "lang:en": ("English", "anglais"),
    "lang:ar": ("Arabic", "arabe"),
    "lang:de": ("German", "allemand"),
    "lang:es": ("Spanish", "espagnol"),
    "lang:it": ("Italian", "italien"),
    "lang:pt": ("Portuguese", "portugais"),
    "lang:tr": ("Turkish", "turc"),
    "lang:fsl": ("French Sign Language", "langue des signes française"),
}


class Words:
    """One language's words."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._column = LANGUAGES.index(self.language)

    def __call__(self, key: str, *args: object, **named: object) -> str:
        """The word for a key; the key itself, readable, where there is none."""
        if key not in _WORDS:
            return key.removeprefix("lang:").replace("_", " ")
        word = _WORDS[key][self._column]
        return word.format(*args, **named) if args or named else word

    def number(self, value: int) -> str:
        return f"{value:,}".replace(",", " " if self.language == "fr" else ",").replace("-", "−")

    def lasting(self, microseconds: int) -> str:
        """A duration as people say it, two units at most."""
        seconds = max(0, microseconds // 1_000_000)
        if seconds < 100:
            return f"{seconds} s"
        if seconds < 3600:
            return f"{seconds // 60} min" + (f" {seconds % 60:02} s" if seconds < 600 else "")
        return f"{seconds // 3600} h {seconds // 60 % 60:02}"


def wanted_language(accept: str) -> str:
    """The better of ours for an Accept-Language header; English if it says nothing we speak."""
    best, best_quality = "en", 0.0
    for part in accept[:500].split(","):
        tag, _, parameter = part.strip().partition(";")
        language = tag.partition("-")[0].strip().lower()
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and quality > best_quality:
            best, best_quality = language, quality
    return best
