"""How channels reach the outside: the phone, by Asterisk's manager interface and FastAGI; e-mail; chats."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from config.chat import Chat
from config.mail import Mail
from config.types import Endpoint, Host, Id, Number, Path, Port, Sound, Text, about


class Tls(Struct, frozen=True, forbid_unknown_fields=True):
    """Encryption of the manager interface. Its certificate is checked, also against `host`."""

    ca_file: Annotated[Path, about("Certificate of the authority that signed Asterisk's, or Asterisk's own.")]


class Ami(Struct, frozen=True, forbid_unknown_fields=True):
    """Asterisk's manager interface, to which Guichet connects."""

    secret_file: Annotated[Path, about("File that holds the secret of the user, one line.")]
    host: Annotated[Host, about("Where Asterisk listens.")] = "127.0.0.1"
    port: Annotated[Port, about("Its manager port.")] = 5038
    user: Annotated[Text, about("Name in manager.conf.")] = "guichet"
    tls: Annotated[
        Tls | None, about("Encrypt; `port` is then Asterisk's tlsbindaddr. Needed off loopback.")
    ] = None


class Agi(Struct, frozen=True, forbid_unknown_fields=True):
    """The FastAGI server, to which Asterisk connects with each call. It is not encrypted: keep it private."""

    host: Annotated[Host, about("Address to listen on.")] = "127.0.0.1"
    port: Annotated[Port, about("Port to listen on; 0 takes a free one.")] = 4573
    allow: Annotated[tuple[Host, ...], about("Addresses that may connect; every other is cut off.")] = (
        "127.0.0.1",
        "::1",
    )
    connections: Annotated[
        Annotated[int, Meta(ge=1, le=10_000)],
        about("Calls in the menu at once; more go to the native queue."),
    ] = 500
    secret_file: Annotated[
        Path | None,
        about("File with GUICHET_AGI_SECRET of the dialplan; without it whoever may connect is believed."),
    ] = None


class Menu(Struct, frozen=True, forbid_unknown_fields=True):
    """The built-in menu: a question for the language, one for the topic."""

    tries: Annotated[Annotated[int, Meta(ge=1, le=9)], about("After these the first choice stands.")] = 2
    wait_s: Annotated[
        Annotated[float, Meta(ge=1, le=60)], about("Silence after the prompt that ends a try.")
    ] = 5
    prompts: Annotated[
        dict[Literal["language", "topic", "again"], tuple[Sound, ...]],
        about("Sound files said one after the other. `again`: before a second try. None: see phone.md."),
    ] = field(default_factory=dict)


class Recording(Struct, frozen=True, forbid_unknown_fields=True):
    """Recordings of conversations, which an agent starts, pauses and stops."""

    allowed: Annotated[
        bool, about("Agents may record. The citizen must be told before, and the law must allow it.")
    ] = False
    folder: Annotated[
        Path | None,
        about("Asterisk's `monitor` folder as Guichet sees it. None: the site deletes recordings itself."),
    ] = None
    keep_days: Annotated[
        Annotated[float, Meta(ge=0.04, le=3660)],
        about("Older ones are deleted from `folder`, each hour."),
    ] = 30


class Phone(Struct, frozen=True, forbid_unknown_fields=True):
    """The telephone gateway."""

    service_number: Annotated[Number, about("The number citizens call.")]
    ami: Annotated[Ami, about("Asterisk's manager interface.")]
    agi: Annotated[Agi, about("The FastAGI server.")] = field(default_factory=Agi)
    menu: Annotated[Menu, about("The built-in menu.")] = field(default_factory=Menu)
    ring_s: Annotated[
        Annotated[float, Meta(ge=1, le=600)],
        about("An agent's phone rings this long; 3 s below the pool's offer_expiry_s or less."),
    ] = 12
    announce_s: Annotated[
        Annotated[float, Meta(ge=0, le=3600)],
        about("So often a waiting caller hears their place in line and the wait to expect; 0: never."),
    ] = 30
    compare_s: Annotated[
        Annotated[float, Meta(ge=1, le=3600)],
        about("So often Asterisk's channels are compared with the state, also while all is well."),
    ] = 60
    supervisors: Annotated[
        tuple[Endpoint, ...],
        about("Supervisors' telephones: beside agents', they alone may listen, whisper and barge in."),
    ] = ()
    recording: Annotated[Recording, about("Recordings.")] = field(default_factory=Recording)


class Gateways(Struct, frozen=True, forbid_unknown_fields=True):
    """The channels' ways in and out. One left out is off."""

    phone: Annotated[Phone | None, about("Telephone by Asterisk, under the name `phone`.")] = None
    phones: Annotated[
        dict[Id, Phone],
        about("Further Asterisks by name. An agent's endpoint has the same name on each."),
    ] = field(default_factory=dict)
    mail: Annotated[Mail | None, about("E-mail: a mailbox in, `notify.smtp` out.")] = None
    chat: Annotated[Chat | None, about("Chats.")] = None

    def asterisks(self) -> dict[str, Phone]:
        """Every telephone gateway by its name."""
        return ({"phone": self.phone} if self.phone is not None else {}) | self.phones
