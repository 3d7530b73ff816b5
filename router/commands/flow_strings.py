"""`guichet flow strings`: the texts of flows to translators, and back into the files."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from ruamel.yaml import YAML

from config.fault import Faults
from ivr_flows.loader import draft
from ivr_flows.message import MessageFault, gaps, parse
from ivr_flows.model import Flow
from ivr_flows.texts import texts
from router.commands.flow_files import add_options, file_of, folder_of, tree_of

TEACH = """\
Gives every text of a flow to translators, as CSV (a column for each language) or PO (one language, with the
flow's first language as source), and takes them back: only texts change in the file, its comments stay.

  guichet flow strings housing > housing.csv            every language
  guichet flow strings housing --language ar -o housing.ar.po
  guichet flow strings housing --take housing.csv       translations into flows/housing.yaml
  guichet flow strings housing --take housing.ar.po

A translation that lost a {gap}, or cannot be read, is refused with its line; nothing is taken then.
Texts that are empty are passed over: what is missing, `guichet flow check` says.
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_options(action)
    action.add_argument("--language", default="", metavar="TAG", help="one language (needed for PO)")
    action.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to: FILE.csv or FILE.po")
    action.add_argument(
        "--take", type=Path, metavar="FILE", help="take translations from FILE.csv or FILE.po"
    )


def run(arguments: argparse.Namespace) -> int:
    """Give or take."""
    tree = None if arguments.folder else tree_of(arguments)
    file = file_of(arguments.flow, folder_of(arguments, tree))
    made = draft(file)
    flow = made.flows.flows.get(made.flows.main)
    if flow is None or made.broken.get(made.flows.main):
        raise Faults(made.faults)
    if arguments.take is not None:
        return _take(arguments.take, file, flow, arguments.language)
    to_po = arguments.output is not None and arguments.output.suffix == ".po"
    given = po(flow, arguments.language) if to_po else table(flow, arguments.language)
    if arguments.output is None:
        sys.stdout.write(given)
    else:
        arguments.output.write_text(given, encoding="utf-8")
        print(f"{arguments.output}: {sum(1 for _ in texts(flow))} texts")
    return 0


def table(flow: Flow, language: str = "") -> str:
    """As CSV: the text's place, then its languages."""
    languages = [flow.head.languages[0], language] if language else list(flow.head.languages)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["text", *languages])
    for text in texts(flow):
        writer.writerow([text.prompt, *(text.words.get(each, "") for each in languages)])
    return out.getvalue()


def po(flow: Flow, language: str) -> str:
    """As PO, of one language."""
    if not language:
        raise ValueError("PO has one language: say --language TAG")
    first = flow.head.languages[0]
    catalog = Catalog(locale=None, project=flow.name, charset="utf-8", fuzzy=False)
    catalog.header_comment = f"# {flow.name}: {first} to {language}. Leave what stands in {{braces}}."
    for text in texts(flow):
        catalog.add(text.words.get(first, ""), text.words.get(language, ""), context=text.prompt)
    out = io.BytesIO()
    write_po(out, catalog, width=100, omit_header=False)
    return f"{out.getvalue().decode()}\n".replace("\n\n\n", "\n\n")


def _take(source: Path, file: Path, flow: Flow, language: str) -> int:
    taken = _from_po(source, language) if source.suffix == ".po" else _from_csv(source)
    known = {text.prompt: text for text in texts(flow)}
    wrong: list[str] = []
    changes: list[tuple[tuple[str | int, ...], str, str]] = []
    for line, prompt, tongue, words in taken:
        if prompt not in known:
            wrong.append(f"{source}:{line}: no text `{prompt}` in {flow.name}")
        elif words and words != known[prompt].words.get(tongue):
            problem = _problem(words, next(iter(known[prompt].words.values())))
            if problem:
                wrong.append(f"{source}:{line}: {prompt} [{tongue}]: {problem}")
            changes.append((known[prompt].path, tongue, words))
    if wrong:
        raise ValueError("nothing is taken:\n" + "\n".join(wrong))
    if changes:
        _write(file, changes)
    print(f"{file}: {len(changes)} texts changed")
    return 0


def _problem(words: str, first: str) -> str:
    try:
        lost = set(gaps(parse(first))) - set(gaps(parse(words)))
        new = set(gaps(parse(words))) - set(gaps(parse(first)))
    except MessageFault as fault:
        return str(fault)
    if lost:
        return f"{{{min(lost)}}} is lost: keep what stands in braces"
    return f"{{{min(new)}}} is not in the first language's text" if new else ""


def _from_csv(source: Path) -> list[tuple[int, str, str, str]]:
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    if not rows or rows[0][:1] != ["text"]:
        raise ValueError(f"{source}: its first line is not that of `guichet flow strings`: text,fr,…")
    return [
        (number, row[0], tongue, words.strip())
        for number, row in enumerate(rows[1:], 2)
        if row
        for tongue, words in zip(rows[0][1:], row[1:], strict=False)
    ]


def _from_po(source: Path, language: str) -> list[tuple[int, str, str, str]]:
    tongue = language or source.stem.rpartition(".")[2]
    with source.open("rb") as file:
        catalog = read_po(file)
    return [
        (message.lineno or 0, str(message.context), tongue, str(message.string).strip())
        for message in catalog
        if message.context and not message.fuzzy
    ]


def _write(file: Path, changes: list[tuple[tuple[str | int, ...], str, str]]) -> None:
    """Whole or not at all."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    whole = yaml.load(file.read_text(encoding="utf-8"))
    for path, tongue, words in changes:
        inside = whole
        for part in path:
            inside = inside[_key(inside, part)]
        inside[tongue] = words
    new = file.with_suffix(".yaml.new")
    with new.open("w", encoding="utf-8") as out:
        yaml.dump(whole, out)
    new.replace(file)


def _key(inside: object, part: str | int) -> object:
    """A key as YAML has it: 1 may be a number there."""
    if isinstance(inside, dict) and part not in inside:
        return next((key for key in inside if str(key) == part), part)
    return part
