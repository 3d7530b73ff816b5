"""The frame of the page and the sign-in form: what does not move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.markup import Html, el, join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.api.settings import Settings
    from router.api.words import Words


def board(words: Words, settings: Settings, sections: Mapping[str, Html], *, demo: bool, now: int) -> str:
    """The whole page with its sections filled; the script keeps them so."""
    w = words
    main = el(
        "main",
        el("p", sections["summary"], id="summary", class_="aloud", role="status", aria_live="polite"),
        _section("figures", w("figures"), el("dl", sections["figures"], id="figures"), quiet=True),
        _section("waiting", w("waiting"), el("div", sections["waiting"], id="waiting")),
        _section("agents", w("agents"), el("div", sections["agents"], id="agents")),
        _section("decisions", w("decisions"), el("div", sections["decisions"], id="decisions")),
        _section("log", w("log"), el("dl", sections["log"], id="log")),
        id="main",
        tabindex=-1,
    )
    live = el(
        "p", el("span", w("connecting"), id="live"), " ", el("time", "", id="stale"),
        id="connection", class_="connecting", role="status",
        data_live=w("live"), data_stale=w("stale"), data_connecting=w("connecting"),
    )  # fmt: skip
    out = el("form", el("button", w("sign_out")), method="post", action="/sign-out")
    header = el(
        "header",
        el("h1", settings.title, " ", el("small", f"{w('board')} · {settings.pool}")),
        live,
        Html() if demo else out,
    )
    return _page(
        w,
        settings,
        el("a", w("skip"), href="#main", class_="skip"),
        el("p", w("demo"), class_="banner") if demo else Html(),
        header,
        el("noscript", el("p", w("no_script"), class_="banner")),
        main,
        now=now,
    )


def sign_in(words: Words, settings: Settings, *, wrong: bool) -> str:
    """A small form for a token."""
    w = words
    field = el(
        "input", id="token", name="token", type="password", required=True, maxlength=512,
        autocomplete="current-password", autofocus=True, aria_describedby="fault" if wrong else False,
    )  # fmt: skip
    form = el(
        "form",
        el("label", w("token"), for_="token"),
        field,
        el("p", w("wrong_token"), id="fault", role="alert") if wrong else Html(),
        el("button", w("sign_in")),
        method="post",
        action="/sign-in",
    )
    return _page(w, settings, el("main", el("h1", settings.title), form, class_="sign-in"))


def unavailable(words: Words, settings: Settings) -> str:
    """For when the log does not answer: nothing here would be certain. The browser tries again by itself."""
    said = el("p", words("unavailable"), role="alert")
    return _page(words, settings, el("main", el("h1", settings.title), said, class_="sign-in"))


def _section(name: str, title: str, content: Html, *, quiet: bool = False) -> Html:
    heading = el("h2", title, id=f"{name}-title", class_="aloud" if quiet else False)
    return el("section", heading, content, class_=name, aria_labelledby=f"{name}-title")


def _page(words: Words, settings: Settings, *body: Html, now: int | None = None) -> str:
    script = el("script", src="/static/page.js", defer=True) if now is not None else Html()
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{settings.title} · {words('board')}"),
        el("link", rel="stylesheet", href="/static/page.css"),
        el("link", rel="icon", href="/static/icon.svg", type="image/svg+xml"),
        script,
    )
    at = now // 1000 if now is not None else False
    return "<!doctype html>\n" + el("html", head, el("body", join(*body), data_now=at), lang=words.language)
