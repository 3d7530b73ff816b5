"""`guichet policy`: what is alike is said once, and nothing is left out."""

import json

from router.cli import main


def test_channels_alike_share_their_sentences_and_json_has_every_line(capsys):
    assert main(["policy", "--shipped"]) == 0
    said = capsys.readouterr().out
    assert (
        "Requests by phone\nRequests for a call back\nRequests at the counter\n  Promised wait: 1\xa0min."
        in said
    )
    assert said.count("It is never laid aside.") == 3  # those of a minute, chat, those of an hour
    assert "policy decides name it" in said
    assert main(["policy", "--shipped", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len([line for line in lines if line["path"].endswith(".interrupted_by")]) == 7
    assert all(line["sentence"] in said for line in lines)


def test_what_is_as_shipped_is_told_to_be(capsys):
    assert main(["policy", "--shipped", "--changed"]) == 0
    assert capsys.readouterr().out.startswith("Everything is as shipped.")
