"""From bytes of a stranger to a typed value, or a Problem that names the wrong field and the nearest known.

Bounded in size and depth; nothing unknown is silently dropped.
"""

from __future__ import annotations

import asyncio
import difflib
from typing import TYPE_CHECKING, TypeVar, cast

import msgspec

from router.api.problems import Problem

if TYPE_CHECKING:
    from aiohttp import web

T = TypeVar("T")

ENUM = "Invalid enum value"
SLOWEST = 10  # seconds a body may take to arrive


async def read_body(request: web.Request, shape: object, longest: int) -> object:
    """The decoded body; for a route without one, only an empty body or `{}` passes."""
    raw = await bounded(request, longest)
    if shape is None:
        if raw.strip() not in (b"", b"{}"):
            raise Problem("unknown_field", "this operation takes no body")
        return None
    if request.content_type != "application/json":
        raise Problem("not_json", "send Content-Type: application/json")
    if request.charset not in (None, "utf-8", "UTF-8"):
        raise Problem("not_json", "send the body in UTF-8")
    try:
        plain = msgspec.json.decode(raw)
    except msgspec.ValidationError as error:
        raise Problem("bad_field", str(error)) from None  # JSON, but a number beyond all bounds
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem("bad_json", f"the body is not JSON in UTF-8: {error}") from None
    except RecursionError:
        raise Problem("bad_json", "the body is nested too deep") from None
    return convert(_whole(plain), cast("type[object]", shape))


def read_query(request: web.Request, shape: object) -> object:
    """The decoded query string; each name at most once."""
    given: dict[str, str] = {}
    for name, value in request.query.items():
        if name in given:
            raise Problem("bad_field", "given twice", field=name)
        given[name] = value
    if shape is None:
        if given:
            raise Problem("unknown_field", "this operation takes no query")
        return None
    return convert(given, cast("type[object]", shape), strict=False)


def convert(plain: object, shape: type[T], *, strict: bool = True) -> T:
    """`plain` as a value of `shape`."""
    try:
        value = msgspec.convert(plain, shape, strict=strict)
    except msgspec.ValidationError as error:
        what, located, where = str(error).rpartition(" - at `")
        if not located:
            what, where = where, ""
        if what.startswith(ENUM):
            what = "Not one of the values known here"  # msgspec repeats it, and it may be somebody's name
        raise Problem("bad_field", what, field=where.rstrip("`").removeprefix("$").lstrip(".")) from None
    except (RecursionError, OverflowError):
        raise Problem("bad_field", "a value is out of bounds") from None
    refuse_unknown(plain, value)
    return value


def _whole(plain: object) -> object:
    """10.0 is an integer to JSON Schema, so it is one here."""
    if isinstance(plain, float) and plain.is_integer() and abs(plain) < 2**53:
        return int(plain)
    if isinstance(plain, dict):
        return {name: _whole(inner) for name, inner in plain.items()}
    if isinstance(plain, list):
        return [_whole(inner) for inner in plain]
    return plain


def refuse_unknown(plain: object, value: object, path: str = "") -> None:
    """Raise for the first field of `plain` that the typed `value` has no place for."""
    if isinstance(value, msgspec.Struct) and isinstance(plain, dict):
        known = value.__struct_fields__
        tag = value.__struct_config__.tag_field
        for name, inner in plain.items():
            if name in known:
                refuse_unknown(inner, getattr(value, name), f"{path}.{name}".lstrip("."))
            elif name != tag:
                raise unknown_name(name, (*known, *([tag] if tag else [])), path)
    elif isinstance(value, dict) and isinstance(plain, dict):
        for name, inner in plain.items():
            refuse_unknown(inner, value.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(value, (list, tuple)) and isinstance(plain, (list, tuple)):
        for i, (a, b) in enumerate(zip(plain, value, strict=True)):
            refuse_unknown(a, b, f"{path}[{i}]")


def unknown_name(name: str, known: tuple[str, ...], path: str = "", code: str = "unknown_field") -> Problem:
    """The Problem for a name that is not among `known`, with the nearest one."""
    near = difflib.get_close_matches(name[:64], known, n=1)
    mend = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(sorted(known)[:20])}"
    field = path if code == "bad_field" else f"{path}.{name[:64]}".strip(".")
    return Problem(code, f"not known; {mend}", field=field)


async def bounded(request: web.Request, longest: int) -> bytes:
    """The body, or 413 as soon as it is known to be too long."""
    too_large = Problem("too_large", f"at most {longest} bytes are read", headers={"Connection": "close"})
    if (request.content_length or 0) > longest:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > longest:
                    raise too_large
    except TimeoutError:
        raise Problem(
            "bad_request", f"the body did not arrive within {SLOWEST} s", headers={"Connection": "close"}
        ) from None
    return bytes(body)
