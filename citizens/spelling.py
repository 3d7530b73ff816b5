"""The one spelling of each identifier, or why there is none. Pure; it never guesses.

What people cannot tell apart is treated on purpose: other ways to write the same number or address become
one (full-width digits, capitals, composed accents), letters of another script do not: `pаypal` with a
Cyrillic letter is another address, and `odd` says so.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import idna
import phonenumbers

from citizens.identifier import Identifier, Kind, Unusable

LONGEST = 254  # characters of what is looked at: the longest mail address
# What networks and Asterisk write where there is no number.
WITHHELD = frozenset({"", "anonymous", "unknown", "private", "restricted", "unavailable", "withheld"})
_NO_PERSON = frozenset(  # a call from one of these is no person's; calling it back costs the agency money
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.VOICEMAIL,
    }
)
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\\\]\x00-\x20\x7f]{1,64}")
_SUBJECT = re.compile(r"[A-Za-z0-9_.:-]{16,255}")
_HANDLE = re.compile(r"([a-z0-9][a-z0-9-]{0,31}):(\S{1,128})")
_SPACES = re.compile(r"[\s.\-/]+")


def spell(kind: Kind, given: str, region: str = "FR") -> Identifier:
    """The identifier that was given in whatever way. Raises Unusable."""
    text = given.strip()
    if len(text) > LONGEST:
        raise Unusable(kind, "too_long")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") for sign in text):
        raise Unusable(kind, "hidden_signs")  # bidi overrides, zero widths: made to deceive a reader
    match kind:
        case "phone":
            value = _phone(text, region)
        case "email":
            value = _email(text)
        case "beneficiary":
            value = _beneficiary(text)
        case "franceconnect":
            if not _SUBJECT.fullmatch(text):
                raise Unusable(kind, "not_a_subject")
            value = text
        case "handle":
            value = _handle(text)
    return Identifier(kind, value)


def key_of(number: str) -> str:
    """The check key of a beneficiary number: 97 less the remainder by 97, as French social numbers have."""
    return f"{97 - int(number) % 97:02d}"


def odd(identifier: Identifier) -> Literal["", "mixed_scripts", "not_latin"]:
    """Whether its letters may deceive a reader: shown beside it, never a reason to refuse anybody."""
    text = identifier.value
    if identifier.kind == "email":
        name, _, domain = text.rpartition("@")
        labels = [idna.decode(part) if part.startswith("xn--") else part for part in domain.split(".")]
        text = f"{name}.{'.'.join(labels)}"
    scripts = {_script(sign) for sign in text if sign.isalpha()}
    if len(scripts) > 1:
        return "mixed_scripts"
    return "not_latin" if scripts - {"LATIN"} else ""


def _script(sign: str) -> str:
    return unicodedata.name(sign, "UNKNOWN").partition(" ")[0]


def _phone(text: str, region: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain in WITHHELD:
        raise Unusable("phone", "withheld")
    if any(sign.isalpha() for sign in plain):
        raise Unusable("phone", "not_a_number")
    if len(re.sub(r"\D", "", plain)) <= 6:
        raise Unusable("phone", "short")  # service and emergency numbers, extensions of the house
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        raise Unusable("phone", "not_a_number") from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise Unusable("phone", "not_a_number")
    if phonenumbers.number_type(number) in _NO_PERSON:
        raise Unusable("phone", "premium")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(text: str) -> str:
    local, at, domain = unicodedata.normalize("NFC", text).rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise Unusable("email", "not_an_address")
    try:
        # IDNA 2008 without transitional mapping: `faß.example` and `fass.example` are two domains.
        ascii_domain = idna.encode(domain, uts46=True, transitional=False).decode()
    except idna.IDNAError:
        raise Unusable("email", "not_an_address") from None
    if "." not in ascii_domain:
        raise Unusable("email", "not_an_address")
    value = f"{unicodedata.normalize('NFC', local.casefold())}@{ascii_domain}"
    if len(value) > LONGEST:
        raise Unusable("email", "too_long")
    return value


def _beneficiary(text: str) -> str:
    digits = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{7,15}", digits):
        raise Unusable("beneficiary", "not_a_number")
    if digits[-2:] != key_of(digits[:-2]):
        raise Unusable("beneficiary", "key_wrong")
    return digits


def _handle(text: str) -> str:
    found = _HANDLE.fullmatch(unicodedata.normalize("NFC", text))
    if not found:
        raise Unusable("handle", "not_a_handle")
    return f"{found[1]}:{unicodedata.normalize('NFC', found[2].casefold())}"
