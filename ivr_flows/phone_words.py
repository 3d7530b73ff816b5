"""How choices are said on the phone: “For your file, press 1.” Labels are the flow's, the rest is ours."""

from __future__ import annotations

from msgspec import structs

from ivr_flows.house import house_text
from ivr_flows.session import Choose, Option, Say


def keys_said(ask: Choose) -> list[Say]:
    """One sentence for each choice; one for all marks of a survey."""
    first = ask.options[0].label
    if first.prompt == "house.mark":
        return [structs.replace(first, prompt="house.press_mark", values=first.values)]
    return [_said(option) for option in ask.options]


def _said(option: Option) -> Say:
    label = option.label
    word = label.prompt.removeprefix("house.")
    if word in ("yes", "no", "language"):
        return structs.replace(label, prompt=f"house.press_{word}", values={"key": option.key})
    text = label.text or house_text(word, label.language)
    whole = house_text("press", label.language)
    said = whole.replace("{label}", text).replace("{key}", "{press_key, digits}")
    return structs.replace(label, text=said, values=label.values | {"press_key": option.key})
