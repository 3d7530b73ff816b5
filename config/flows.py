"""What flows need of the installation: where they are, which number leads to which, which services answer.

A lookup goes to the addresses named here and nowhere else. No secret is a value: it is the name of a file.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from config.hours import Hours
from config.types import ChannelName, Id, Language, Number, Path, Text, about


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """Another system that a flow's `lookup` asks: by HTTP, or by a plug-in in Python."""

    url: Annotated[
        Annotated[
            str,
            Meta(pattern=r"\Ahttps?://[A-Za-z0-9._-]+(:\d{1,5})?(/[^\s#]*)?\Z", title="an HTTP address"),
        ]
        | None,
        about("POSTed as JSON what `send` says; answers 200 with a JSON object, or 404: no such thing."),
    ] = None
    plugin: Annotated[Id | None, about("Or the name of an entry point of group `guichet.flow_lookups`.")] = (
        None
    )
    token_file: Annotated[Path | None, about("File with a bearer token for it, one line.")] = None


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A way in: what citizens reach a flow by."""

    flow: Annotated[Id, about("The published flow that answers.")]
    channel: Annotated[ChannelName, about("By which channel.")] = "phone"
    number: Annotated[Number | None, about("The number dialled; none: any number.")] = None
    draft: Annotated[bool, about("Answers with the files as they are, unpublished: a number to test by.")] = (
        False
    )


class Speech(Struct, frozen=True, forbid_unknown_fields=True):
    """Prompts as sound: what people recorded, and a voice for the rest."""

    folder: Annotated[
        Path | None,
        about("Where sounds are kept; Asterisk reads it too. None: `sounds` in the log's directory."),
    ] = None
    recordings: Annotated[
        Path | None, about("Folder of recordings: a folder for each language, each with its index.yaml.")
    ] = None
    command: Annotated[
        tuple[Text, ...],
        about("A program that speaks: text on its input, WAV on its output. None: espeak-ng."),
    ] = ()
    names: Annotated[
        dict[Language, Text], about("What that program calls a language, where it is not the tag itself.")
    ] = field(default_factory=dict)


class Flows(Struct, frozen=True, forbid_unknown_fields=True):
    """The conversations that citizens have before an agent. Without entries the small menu answers."""

    folder: Annotated[Path, about("Where the flows' files are.")] = "flows"
    entries: Annotated[dict[Id, Entry], about("Ways in, by a name of your own.")] = field(
        default_factory=dict
    )
    services: Annotated[dict[Id, Service], about("What `lookup` may ask, by name.")] = field(
        default_factory=dict
    )
    speech: Annotated[Speech, about("How prompts are spoken on the phone.")] = field(default_factory=Speech)
    calendars: Annotated[dict[Id, Hours], about("Hours beside the agency's own, by name.")] = field(
        default_factory=dict
    )
    identity: Annotated[
        Id | None,
        about("The one of `services` that says whether claims belong together, a number and its secret."),
    ] = None
    diary: Annotated[
        Id | None, about("The one of `services` that knows moments for an `appointment`, and books them.")
    ] = None
    trace_s: Annotated[
        Annotated[float, Meta(ge=0, le=31_536_000)],
        about("So long `guichet flow replay` can show a session, digits masked."),
    ] = 604800
