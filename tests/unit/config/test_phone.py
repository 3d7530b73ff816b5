"""The configuration's words for the phone reach the gateway's settings, and wrong ones are told."""

import pytest

from config.fault import Faults
from config.loader import load
from router.phone.settings import AgiSettings, AmiSettings, MenuSettings
from router.serve.phone import phone_settings

WORDS = """\
gateways:
  phone:
    service_number: "3230"
    ami: {host: pbx, port: 5039, user: me, secret_file: s, tls: {ca_file: ca.pem}}
    agi: {host: 10.0.0.5, port: 4574, allow: [10.0.0.6], connections: 9, secret_file: token}
    menu: {tries: 3, wait_s: 4, prompts: {language: [agency/language], again: [agency/sorry, agency/again]}}
"""


def settings(tmp_path, text):
    path = tmp_path / "guichet.yaml"
    path.write_text(text)
    tree = load(path).tree
    return phone_settings(tree, "phone", tree.gateways.phone, "main")


def test_each_word_reaches_its_setting(tmp_path):
    got = settings(tmp_path, WORDS)
    assert (got.ami.host, got.ami.port, got.ami.user) == ("pbx", 5039, "me")
    assert got.ami.ca_file.endswith("ca.pem")
    assert got.agi == AgiSettings("10.0.0.5", 4574, ("10.0.0.6",), 9, got.agi.secret_file)
    assert got.agi.secret_file.endswith("token")
    prompts = {"language": ("agency/language",), "again": ("agency/sorry", "agency/again")}
    assert got.menu == MenuSettings(3, 4, prompts)


def test_what_is_left_out_is_usual(tmp_path):
    got = settings(tmp_path, 'gateways: {phone: {service_number: "1", ami: {secret_file: s}}}\n')
    assert got.ami == AmiSettings(secret_file=got.ami.secret_file)
    assert (got.agi.connections, got.agi.secret_file, got.menu) == (500, "", MenuSettings())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[agency/language]", '["a&b"]'),
        ("[agency/language]", '["../secret"]'),
        ("language: [", "topics: ["),
        ("connections: 9", "connections: 0"),
        ("ca_file: ca.pem", "verify: false"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, old, new):
    assert old in WORDS
    with pytest.raises(Faults):
        settings(tmp_path, WORDS.replace(old, new))
