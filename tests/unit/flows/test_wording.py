"""Numbers, plurals, durations, dates and lists in each language, as read and as heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_flows.idioms import IDIOMS
from ivr_flows.locales import locale_of, plural_form
from ivr_flows.prompts import chosen, spoken, written

DOCUMENTS = {
    "ar": "{n, plural, zero {لا مستندات} one {مستند واحد} two {مستندان} few {# مستندات} many {# مستندا} "
    "other {# مستند}}"
}


def test_arabic_has_its_six_forms():
    said = [written(DOCUMENTS, "ar", {"n": n}) for n in (0, 1, 2, 5, 15, 100)]
    assert said == ["لا مستندات", "مستند واحد", "مستندان", "5 مستندات", "15 مستندا", "100 مستند"]


@pytest.mark.parametrize(
    ("language", "minutes", "expected"),
    [
        ("fr", 1, "1 minute"),
        ("fr", 12, "12 minutes"),
        ("fr", 65, "1 heure 5 minutes"),
        ("fr", 60 * 72, "3 jours"),
        ("en", 125, "2 hours 5 minutes"),
        ("ar", 1, "دقيقة"),
        ("ar", 2, "دقيقتان"),
        ("ar", 5, "5 دقائق"),
        ("ar", 11, "11 دقيقة"),
        ("ar", 65, "ساعة و 5 دقائق"),
        ("es", 2, "2 minutos"),
        ("pt", 60, "1 hora"),
        ("fr-plain", 3, "3 minutes"),
    ],
)
def test_durations(language: str, minutes: int, expected: str):
    assert written({language: "{t, duration}"}, language, {"t": 60 * minutes}) == expected


@pytest.mark.parametrize(
    ("language", "kind", "value", "text", "pieces"),
    [
        ("fr", "interval", "200/480", "entre 3 et 8 minutes", ("entre", "3", "et", "8 minutes")),
        ("fr", "interval", "20/61", "moins de 2 minutes", ("moins de", "2 minutes")),
        ("en", "interval", "0/0", "less than 1 minute", ("less than", "1 minute")),
        ("en", "interval", "3000/4200", "between 50 minutes and 1 hour 10 minutes", None),
        ("ar", "interval", "200/480", "بين 3 و 8 دقائق", ("بين", "3", "و", "8 دقائق")),
        ("fr", "date", "2026-05-01", "vendredi 1er mai 2026", ("vendredi", "1er mai", "2026")),
        ("en", "date", "2026-05-21", "Thursday 21 May 2026", ("Thursday", "21 May", "2026")),
        ("fr", "time", "08:30", "8 heures 30", ("8 heures", "30")),
        ("fr", "time", "2026-12-01T13:05", "13 heures 05", ("13 heures", "5")),
        ("fr", "time", "01:00", "1 heure", ("1 heure",)),
        ("en", "time", "00:00", "12 am", ("12 am",)),
        ("en", "time", "14:05", "2:05 pm", ("2", "05 pm")),
        ("fr", "moment", "2026-11-30T14:00/2026-11-30T12:10", "aujourd'hui à 14 heures", None),
        ("fr", "moment", "2026-12-01T09:00/2026-11-30T23:59", "demain à 9 heures", None),
        ("fr", "moment", "2026-12-03T09:00/2026-11-30T23:59", "jeudi à 9 heures", None),
        ("fr", "moment", "2026-12-14T09:00/2026-11-30T23:59", "le lundi 14 décembre à 9 heures", None),
        ("en", "moment", "2026-12-14T09:00/2026-11-30T23:59", "on Monday 14 December at 9 am", None),
        ("fr", "money", 31245, "312,45 €", ("312 euros", "45")),
        ("en", "money", "100", "€1.00", ("1 euro",)),
        ("fr", "list", "loyer\nimpôts\nRIB", "loyer, impôts et RIB", None),
        ("fr", "digits", "06 12", "06 12", ("0", "6", "1", "2")),
        ("fr", "text", True, "oui", ("oui",)),
        ("fr", "number", 1234, "1 234", ("1234",)),
        ("fr", "date", "not a date", "not a date", ("not a date",)),  # said as it is, nothing fails
        ("fr", "text", None, "", ()),
    ],
)
def test_values(language: str, kind: str, value, text: str, pieces):
    prompt = {language: f"{{x, {kind}}}"}
    assert written(prompt, language, {"x": value}) == text
    if pieces is not None:
        assert spoken(prompt, language, {"x": value}) == (language, pieces)


def test_what_is_heard_has_the_fixed_words_as_pieces_of_their_own():
    prompt = {"fr": "Votre attente : {w, interval}. Merci."}
    _, pieces = spoken(prompt, "fr", {"w": "130/310"})
    assert pieces == ("Votre attente :", "entre", "2", "et", "6 minutes", "Merci.")


def test_a_language_falls_back_to_its_plain_tag_then_to_the_first():
    prompt = {"fr": "a", "en": "b"}
    assert [chosen(prompt, language) for language in ("en-gb", "fr-plain", "ar")] == ["en", "fr", "fr"]
    with pytest.raises(KeyError):
        chosen({}, "fr")


@given(st.sampled_from(sorted(IDIOMS)), st.integers(0, 10**6), st.integers(0, 10**5))
def test_an_interval_never_promises_more_than_was_measured(language: str, low: int, more: int):
    """What is said contains what was measured: rounded outwards."""
    text = written({language: "{w, interval}"}, language, {"w": f"{low}/{low + more}"})
    assert text


@given(st.sampled_from(["fr", "en", "ar", "es", "pt", "pl", "cy", "xx"]), st.integers(0, 10**6))
def test_the_form_of_any_number_is_one_of_the_language(language: str, number: int):
    assert plural_form(language, number) in {*locale_of(language).plural_form.tags, "other"}
