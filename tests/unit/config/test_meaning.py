"""What contradicts itself in a well-formed configuration, and what is merely odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.fault import Faults
from config.loader import load

if TYPE_CHECKING:
    from pathlib import Path

TAX = "topics: {tax: {needs: {tax: 1}}}\nagents: {ag01: {pool: main, skills: {tax: 3}}}\n"
PHONE = "gateways: {phone: {service_number: '3230', ami: {secret_file: s}, ring_s: %s}}\n"
SHA = "a" * 64


def told(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "f.yaml").write_text(text)
    try:
        return [str(fault) for fault in load(tmp_path / "f.yaml").warnings]
    except Faults as faults:
        return [str(fault) for fault in faults.faults]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "topics: {a: {needs: {}, target: quik}}\ntargets: {quick: {wait_s: 1}}",
            "error: no target `quik`: did you mean `quick`?",
        ),
        ("channels: {chat: {target: quick}}", "error: no target `quick`: none is defined"),
        ("agents: {ag01: {pool: mian, skills: {}}}", "error: no pool `mian`: did you mean `main`?"),
        (
            "pools: {main: {pools: {south: {}}}}\n"
            "agents: {ag01: {pool: suoth, skills: {}}, ag02: {pool: south, skills: {}}}",
            "error: no pool `suoth`: did you mean `south`?",
        ),
        (
            "pools: {main: {pools: {south: {}}}}\nagents: {ag01: {pool: main, skills: {}}}",
            "1:31: warning: no agent has this `pool`: nobody serves what is brought to it",
        ),
        (
            "pools: {main: {pools: {main: {}}}}",
            "1:30: error: `pools.main` has that name: an agent's `pool` must tell them apart",
        ),
        (
            "pools: {main: {pools: {north: {}, south: {overflow_after_s: 9, overflow_to: nroth}}}}",
            "1:77: error: no other pool `nroth` in `main`: did you mean `north`?",
        ),
        (
            "pools: {main: {pools: {north: {}, south: {overflow_to: north}}}}",
            "1:56: error: nothing overflows without `overflow_after_s`",
        ),
        (
            "agents: {ag01: {pool: main, skills: {'lang:fr': 9}}}\nlanguages: {en: {needs: {}}}",
            "1:49: error: no language `fr`: known: en",
        ),
        (
            "agents: {ag01: &a {pool: main, skills: {}, endpoint: x}, ag02: *a}",
            "error: `x` is the endpoint of agent `ag01` too",
        ),
        (
            "agents:\n  ag01: {pool: main, skills: {}, endpoint: [x, y]}\n"
            "  ag02: {pool: main, skills: {}, endpoint: y}",
            "error: `y` is the endpoint of agent `ag01` too",
        ),
        ("hours: {time_zone: Europe/Pari, weekly: {}}", "error: no time zone `Europe/Pari`"),
        ("hours: {time_zone: ../etc, weekly: {}}", "error: no time zone `../etc`"),
        (
            "hours: {time_zone: UTC, weekly: {monday: ['22:00-06:00']}}",
            "error: `22:00-06:00` ends before it starts: split it at midnight",
        ),
        (
            "hours: {time_zone: UTC, weekly: {monday: ['08:00-12:00', '11:00-13:00']}}",
            "error: `11:00-13:00` begins before `08:00-12:00` is over",
        ),
        (
            "hours: {time_zone: UTC, weekly: {}, closures: [{date: 2026-12-25, until: 2026-12-24}]}",
            "error: lies before its `date`",
        ),
        ("http: {tokens: [{role: operator}]}", "error: a token has either `sha256` or"),
        (
            f"http: {{tokens: [{{role: operator, sha256: {SHA}, demo: demo-x}}]}}",
            "error: a token has either `sha256` or",
        ),
        (
            f"http: {{tokens: [{{role: operator, sha256: {SHA}}}, {{role: designer, sha256: {SHA}}}]}}",
            "error: the same token as `http.tokens[1]`",
        ),
        (
            f"http: {{tokens: [{{role: agent, sha256: {SHA}}}]}}",
            "error: a token of role agent names its `agent`",
        ),
        (
            f"http: {{tokens: [{{role: agent, agent: ag01, sha256: {SHA}}}]}}",
            "error: no agent `ag01`: none is defined",
        ),
        (
            f"http: {{tokens: [{{role: operator, agent: ag01, sha256: {SHA}}}]}}",
            "error: only a token of role agent names an agent",
        ),
        ("log: {password_file: p}", "error: the owned Redis has no password"),
        (
            "topics: {a: {needs: {tax: 4}}}\nagents: {ag01: {pool: main, skills: {tax: 3}}}",
            "1:27: warning: needs `tax` 4, the best agent has 3",
        ),
        (
            "topics: {a: {needs: {tex: 1}}}\nagents: {ag01: {pool: main, skills: {tax: 3}}}",
            "warning: needs `tex` 1, no agent has it: did you mean `tax`?",
        ),
        (
            "topics: {a: {needs: {housing: 1}}}\n"
            "agents: {ag01: {pool: main, skills: {housing: 3, housnig: 3}}}",
            "warning: no topic or language needs `housnig`: did you mean `housing`?",
        ),
        (
            "topics: {a: {needs: {grief: 1}}}\npools: {main: {hard: [grieff]}}",
            "warning: no topic or language needs `grieff`: did you mean `grief`?",
        ),
        (f"{TAX}groups: {{g: {{topics: [tix], agents: [ag01]}}}}", "no topic `tix`: did you mean `tax`?"),
        (f"{TAX}groups: {{g: {{topics: [tax], agents: [ag02]}}}}", "no agent `ag02`: did you mean `ag01`?"),
        (
            f"{TAX}groups: {{g: {{topics: [tax], skill: txa}}}}",
            "warning: no agent has `txa`: did you mean `tax`?",
        ),
        (f"{TAX}groups: {{g: {{topics: [tax]}}}}", "nobody is in it: name `agents`, or a `skill`"),
        (
            f"{TAX}groups: {{g: {{topics: [tax], skill: tax}}, h: {{topics: [tax], skill: tax}}}}",
            "`tax` is in group `g` already",
        ),
        (
            f"{TAX}groups: {{g: {{topics: [tax], skill: tax, open_below: 90, close_above: 80}}}}",
            "lies below `open_below`",
        ),
        ("channels: {phone: {interrupted_by: [email]}}", "a citizen is there: only work without one"),
        ("channels: {email: {interrupted_by: [email]}}", "`email` cannot interrupt itself"),
        ("pools: {main: {offer_expiry_s: 99999999}}", "`offer_expiry_s` takes a number from 1 to 3 600"),
        ("pools: {main: {credit_cap_s: 999999999}}", "`credit_cap_s` takes a number from 0 to 86 400"),
        ("targets: {t: {wait_s: 999999998}}", "`wait_s` takes a number from 1 to 31 622 400"),
        (
            "gateways: {phones: {a: {service_number: '1', ami: {secret_file: s}}, "
            "b: {service_number: '1', ami: {secret_file: s}, agi: {port: 4574}}}}",
            "the same Asterisk as `a`: one gateway steers each",
        ),
        (
            "gateways: {phones: {a: {service_number: '1', ami: {secret_file: s}}, "
            "b: {service_number: '1', ami: {secret_file: s, port: 5039}}}}",
            "the same port as `a`: each takes its own calls",
        ),
        (
            "gateways: {phone: {service_number: '1', ami: {secret_file: s}}, phones: "
            "{phone: {service_number: '1', ami: {secret_file: s, port: 5039}, agi: {port: 4574}}}}",
            "this name is that of `gateways.phone`",
        ),
        (PHONE % 13, "warning: 13 s is less than 3 s below offer_expiry_s of pool `main`"),
        (
            PHONE % 12 + f"topics: {{{', '.join(f't{n}: {{needs: {{}}}}' for n in range(10))}}}",
            "warning: callers cannot choose it: the menu ends at 9",
        ),
    ],
)
def test_each_contradiction_is_told(tmp_path, text: str, fault: str):
    faults = told(tmp_path, text)
    assert len(faults) == 1, faults
    assert fault in faults[0]


def test_ringing_that_ends_in_time_is_no_oddity(tmp_path):
    assert told(tmp_path, PHONE % 12) == []


def test_warnings_alone_do_not_stop(tmp_path):
    (tmp_path / "f.yaml").write_text(
        "topics: {a: {needs: {x: 1}}}\nagents: {ag01: {pool: main, skills: {y: 1}}}"
    )
    loaded = load(tmp_path / "f.yaml")
    assert list(loaded.tree.topics) == ["a"]
    assert len(loaded.warnings) == 1
