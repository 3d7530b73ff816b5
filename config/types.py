"""The kinds of value a key can take. Each has a title: the words that errors and the reference use.

No key is defined here, and nothing is read: these are names for shapes only.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9_-]{0,39}\Z", title="an id (a-z, 0-9, _ -)")]
Skill = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9_:-]{0,63}\Z", title="a skill (a-z, 0-9, _ : -)")]
Language = Annotated[
    str, Meta(pattern=r"\A[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}\Z", title="a language tag such as fr")
]
Endpoint = Annotated[
    str, Meta(pattern=r"\A[a-z0-9][a-z0-9_-]{0,39}\Z", title="an endpoint (a-z, 0-9, _ -, at most 40)")
]
Number = Annotated[str, Meta(pattern=r"\A\+?[0-9*#]{1,20}\Z", title="a telephone number")]
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z", title="a SHA-256 in 64 hex digits")]
DemoToken = Annotated[str, Meta(pattern=r"\Ademo-[a-z0-9-]{1,60}\Z", title="a text that begins with demo-")]
RedisAddress = Annotated[
    str,
    Meta(
        pattern=r"\A(owned|rediss?://[^\s@]+|unix:///[^\s@]+)\Z",
        title="`owned` or an address without password",
    ),
]
Text = Annotated[str, Meta(min_length=1, max_length=200, title="text of at most 200 characters")]
Path = Annotated[str, Meta(min_length=1, max_length=1000, title="a path")]
Host = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9.:_-]{1,253}\Z", title="a host name or address")]
Sound = Annotated[
    str, Meta(pattern=r"\A[A-Za-z0-9_-][A-Za-z0-9/_.-]{0,199}\Z", title="a sound's name, without its ending")
]
MailAddress = Annotated[
    str, Meta(pattern=r"\A[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,189}\Z", title="an e-mail address")
]
WebAddress = Annotated[
    str,
    Meta(
        pattern=r"\Ahttps?://[A-Za-z0-9.:\[\]-]{1,253}(/[A-Za-z0-9._~/-]{0,500})?\Z",
        title="an address such as https://host/path",
    ),
]
Variable = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_]{0,39}\Z", title="a variable's name (a-z, 0-9, _)")]
Origin = Annotated[
    str,
    Meta(
        pattern=r"\Ahttps?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?\Z",
        title="a web site such as https://a.example",
    ),
]
Port = Annotated[int, Meta(ge=0, le=65535)]
Span = Annotated[
    str,
    Meta(
        pattern=r"\A([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)\Z",
        title='hours such as "08:30-12:00"',
    ),
]

Departement = Annotated[
    str,
    Meta(
        pattern=r"\A(0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-8]|984|98[678])\Z",
        title="a French département such as 75, 2A or 974",
    ),
]

Level = Annotated[int, Meta(ge=1, le=10, title="a level from 1 to 10")]
Levels = dict[Skill, Level]
Days = Annotated[int, Meta(ge=1, le=36500)]
Delay = Annotated[float, Meta(ge=1, le=999_999_999)]
Seconds = Annotated[float, Meta(ge=0, le=999_999_999)]
Ringing = Annotated[float, Meta(ge=1, le=3_600)]  # an hour: nobody rings longer
Credit = Annotated[float, Meta(ge=0, le=86_400)]  # a day ahead of others
Patience = Annotated[float, Meta(ge=1, le=2_678_400)]  # 31 days: how long one agent is waited for
Promise = Annotated[float, Meta(ge=1, le=31_622_400)]  # a year
Points = Annotated[int, Meta(ge=0, le=1_000_000)]
Misses = Annotated[int, Meta(ge=1, le=100)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Share = Annotated[int, Meta(ge=1, le=1000)]  # per cent of something that may be more than kept
Many = Annotated[int, Meta(ge=0, le=100)]

ChannelName = Literal["phone", "chat", "email", "callback", "counter", "appointment", "outreach"]
Overflow = Literal["refuse", "divert", "relax"]
Role = Literal["agent", "supervisor", "designer", "operator", "auditor"]


def about(words: str, *, quiet: bool = False) -> Meta:
    """Documentation of a key. `quiet`: a wrong value is not repeated in an error, it may be a secret."""
    return Meta(description=words, extra={"quiet": True} if quiet else None)
