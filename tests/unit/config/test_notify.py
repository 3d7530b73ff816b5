"""What a configuration of messages and agencies is refused for, with the mend; and what it becomes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from citizens.quiet import allowed_from
from config.fault import Faults
from config.loader import load
from router.serve.agencies import open_agencies
from router.serve.notify import quiet_of, rules_of, ways_of

NOTIFY = """
notify:
  smtp: {host: 127.0.0.1, port: 2525, security: none}
  sender: guichet@agency.example
  sms: {url: "http://127.0.0.1:9/messages", sender: GUICHET}
  quiet: {night: "21:00-09:00", days: [saturday, sunday], holidays: "75"}
  messages:
    appointment:
      variables: {date: When}
      texts:
        fr: {subject: RDV, text: "Le {date}", sms: "RDV {date}"}
"""
AGENCIES = """
pools: {main: {pools: {north: {}, south: {}}}}
topics: {housing: {needs: {housing: 1}}, health: {needs: {health: 1}}}
agents:
  ag01: {pool: north, skills: {housing: 5, health: 5}}
  ag02: {pool: south, skills: {housing: 5, health: 5}}
agencies:
  caf: {name: Family, topics: [housing], pool: north, shares: {cpam: [context, address]}}
  cpam:
    name: Health
    topics: [health]
    pool: south
    facts: {url: "https://facts.example/v1", kinds: [address]}
"""


def faults(folder: Path, text: str) -> str:
    (folder / "guichet.yaml").write_text(text)
    try:
        loaded = load(folder)
    except Faults as wrong:
        return str(wrong)
    return "\n".join(map(str, loaded.warnings))


def test_both_are_right(tmp_path: Path) -> None:
    assert faults(tmp_path, NOTIFY + AGENCIES) == ""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Le {date}", "Le {dtae}", "no variable `dtae`: did you mean `date`?"),
        ("Le {date}", "Le {date", "a brace that belongs to nothing"),
        ("Le {date}", "Le {date.__class__}", "a brace that belongs to nothing"),
        ('sms: "RDV {date}"', "sms: " + "x" * 500, "longer than 3 parts"),
        (', sms: "RDV {date}"', "", "the way `sms` needs `sms` here"),
        ("127.0.0.1, port", "mail.example, port", "in the clear: use `starttls` or `tls`"),
        ("http://127.0.0.1:9", "http://sms.example", "in the clear: use https"),
        ("http://127.0.0.1:9/messages", "https://user:pass@sms.example", "an address such as https://host"),
        ("  sender: guichet@agency.example\n", "", "e-mail needs a `sender`"),
        ("guichet@agency.example", '"a@b.example\\r\\nBcc: x"', "an e-mail address"),
        ("  smtp:", "  voice: {dial: 'PJSIP/{number}@trunk'}\n  smtp:", "no telephone gateway `phone`"),
        ("  smtp:", "  time_zone: Paris\n  smtp:", "no time zone `Paris`"),
        ('holidays: "75"', 'holidays: "00"', "`00`"),
        ("variables: {date: When}", "ways: [voice]", "nobody can be told this"),
        ("topics: [health]", "topics: [helth]", "no topic `helth`: did you mean `health`?"),
        ("topics: [health]", "topics: [health, housing]", "`housing` is a topic of `caf` already"),
        ("topics: [health]", "topics: []", "no agency is competent for it"),
        (
            "pool: south\n    facts",
            "pool: nrth\n    facts",
            "no pool `nrth` inside another: did you",
        ),
        ("pool: south\n    facts", "pool: north\n    facts", "the pool of `caf` already"),
        ("shares: {cpam", "shares: {cpma", "no other agency `cpma`: did you mean `cpam`?"),
        ("shares: {cpam", "shares: {caf", "no other agency `caf`"),
        ("[context, address]}", "[health]}", "known: address, context"),
        ("https://facts", "http://facts", "in the clear: use https"),
    ],
)
def test_what_is_wrong_is_told_with_its_mend(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = NOTIFY + AGENCIES
    assert old in text
    assert says in faults(tmp_path, text.replace(old, new))


def test_what_it_becomes(tmp_path: Path) -> None:
    (tmp_path / "guichet.yaml").write_text(NOTIFY + AGENCIES)
    tree = load(tmp_path).tree
    assert set(ways_of(tree.notify, None)) == {"email", "sms"}
    told = rules_of(tree.notify).messages["appointment"]
    assert (told.ways, told.variables, told.texts["fr"].sms) == (("sms", "email"), {"date"}, "RDV {date}")
    paris = ZoneInfo("Europe/Paris")
    friday = dt.datetime(2026, 12, 24, 22, tzinfo=paris)  # then Christmas, then a weekend
    allowed = allowed_from(quiet_of(tree.notify.quiet), paris, round(friday.timestamp() * 1e6))
    assert dt.datetime.fromtimestamp(allowed / 1e6, paris) == dt.datetime(2026, 12, 28, 9, tzinfo=paris)
    agencies = open_agencies(tree, None).agencies  # type: ignore[arg-type]
    assert agencies.told("caf", "cpam", agreed=True) == {"context", "address"}
    assert agencies.competent("health") is agencies.of_pool("south")
