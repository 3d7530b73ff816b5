"""Letters of strangers: whatever bytes come, a bounded letter of plain text, and nothing silently dropped."""

from __future__ import annotations

import base64
import io
import time
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.mail.mime import Limits
from router.mail.read import read

HEAD = b"From: Zo\xc3\xa9 <zoe@example.org>\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n"
HEAD += b"Message-ID: <a1@example.org>\r\n"


def letter(*parts: tuple[str, bytes], head: bytes = HEAD) -> bytes:
    """A multipart message of these types and bodies."""
    body = b"".join(b"--b\r\n" + kind.encode() + b"\r\n\r\n" + said + b"\r\n" for kind, said in parts)
    return head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + body + b"--b--\r\n"


def test_an_ordinary_letter():
    found = read(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour,\r\n\r\nma demande\r\n")
    assert (found.sender.address, found.sender.name, found.subject) == ("zoe@example.org", "Zoé", "Café")
    assert (found.text, found.quoted, found.automatic) == ("Bonjour,\n\nma demande", "", "")
    assert found.message_id == "<a1@example.org>"


def test_what_the_library_writes_is_read():
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "Élise <e@example.org>", "Été", "<1@x>"
    message.set_content("déjà\n")
    message.add_alternative("<p>d&eacute;j&agrave; <b>html</b></p>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="récépissé.pdf")
    found = read(message.as_bytes())
    assert found.text == "déjà"
    [pdf] = found.attached
    assert (pdf.name, pdf.type, pdf.data) == ("récépissé.pdf", "application/pdf", b"%PDF-")


def test_html_alone_becomes_text():
    page = b"<html><head><title>no</title><style>p{}</style></head><body><p>Un &amp; <b>deux</b></p>"
    page += b"<script>alert(1)</script><a href='https://example.org/x'>ici</a><!-- no --></body></html>"
    found = read(HEAD + b"Content-Type: text/html\r\n\r\n" + page)
    assert found.text == "Un & deux\nici <https://example.org/x>"


def test_quoted_text_is_folded_not_dropped():
    found = read(
        HEAD + b"\r\nMerci.\r\n\r\nLe 3 mai 2026, Guichet a \xc3\xa9crit :\r\n> Bonjour\r\n> encore\r\n"
    )
    assert found.text == "Merci."
    assert "> Bonjour" in found.quoted
    only = read(HEAD + b"\r\n> all of it\r\n> quoted\r\n")
    assert only.text == "> all of it\n> quoted"


@pytest.mark.parametrize(
    "charset", ["utf-8", "no-such", "unicode_escape", "zlib_codec", "utf-7", "x" * 500, "\\x00"]
)
def test_a_broken_charset_is_still_read(charset):
    said = "caf\xe9".encode("latin-1")
    found = read(HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + said)
    assert found.text == "café"


def test_script_in_every_field_is_text():
    evil = "<script>alert('x')</script>"
    raw = f'From: "{evil}" <x@example.org>\r\nSubject: {evil}\r\nMessage-ID: <{"a" * 5}@x>\r\n'.encode()
    found = read(letter(("Content-Type: text/plain", evil.encode()),
                        (f'Content-Type: text/html; name="{evil}.html"', b"<b>x</b>"), head=raw))  # fmt: skip
    assert found.subject == evil
    assert found.text == evil
    assert "/" not in found.attached[0].name
    assert "risky" in found.notes


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/abs", "a\0b", "C:\\x\\y.txt"])
def test_a_file_name_is_never_a_path(name):
    found = read(letter((f'Content-Type: application/pdf; name="{name}"', b"x")))
    assert not {"/", "\\", "\0"} & set(found.attached[0].name)


def test_a_nested_archive_is_kept_as_it_is():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", b"\0" * 5_000_000)
    packed = inner.getvalue()
    head = 'Content-Type: application/zip; name="b.zip"\r\nContent-Transfer-Encoding: base64'
    found = read(letter((head, base64.b64encode(packed))))
    assert found.attached[0].data == packed
    assert "archive" in found.notes


def test_a_deep_message_ends():
    raw = b"innermost"
    for level in range(500):
        raw = b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (level, level) + raw
    found = read(HEAD + raw)
    assert "too_deep" in found.notes
    rfc822 = b"Content-Type: message/rfc822\r\n\r\n" * 5000
    assert "too_deep" in read(HEAD + rfc822 + b"x").notes


def test_very_many_parts_end():
    found = read(letter(*[("Content-Type: text/plain", b"x")] * 20_000))
    assert "too_many_parts" in found.notes
    assert len(found.attached) <= Limits().attachments


def test_a_large_attachment_is_named_though_not_kept():
    head = 'Content-Type: application/pdf; name="big.pdf"\r\nContent-Transfer-Encoding: base64'
    found = read(
        letter(("Content-Type: text/plain", b"see below"), (head, base64.b64encode(b"\0" * 17_000_000)))
    )
    assert found.text == "see below"
    assert found.attached[0].data is None
    assert found.attached[0].size > 17_000_000
    assert "attachment_too_large" in found.notes
    fifty = read(letter(("Content-Type: text/plain", b"see"), (head, base64.b64encode(b"\0" * 50_000_000))))
    assert {"too_large", "attachment_too_large"} <= set(fifty.notes)
    assert fifty.attached[0].name == "big.pdf"
    assert fifty.text == "see"


def test_a_calendar_invitation_is_told_in_words():
    ics = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Rendez-vous\\, lundi\r\nDTSTART:20260301T0900\r\n"
    found = read(letter(("Content-Type: text/calendar; method=REQUEST", ics)))
    assert "Summary: Rendez-vous, lundi" in found.text
    assert "invitation" in found.notes
    assert len(found.attached) == 1


def test_winmail_is_named():
    found = read(letter(('Content-Type: application/ms-tnef; name="winmail.dat"', b"\x78\x9f\x3e\x22")))
    assert "winmail" in found.notes


def test_hostile_bytes_take_no_time():
    """Each is some megabytes made to take the square of its length."""
    many = 400_000
    cases = [
        HEAD + b"\r\n" + b"x" * 1_000_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<" * 1_000_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a " * many,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<script>" * 100_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"&" * 1_000_000,
        HEAD + b"\r\n" + b">\n" * many,
        HEAD + b"\r\n" + b"\n" * 1_000_000,
        HEAD + b"\r\n" + b"On " * many,
        b"Subject: " + b"=?utf-8?q?a?=" * 100_000 + b"\r\n\r\nx",
        b"From: " + b"<a@b.org>," * 100_000 + b"\r\n\r\nx",
        b"From: " + b'"' * 60_000 + b"\r\n\r\nx",
        b"From: " + b"(" * 60_000 + b"\r\n\r\nx",
        b"References: " + b"<a@b> " * 10_000 + b"\r\n\r\nx",
        b"".join(b"H%d: x\r\n" % n for n in range(100_000)) + b"\r\nx",
        letter(*[("Content-Type: text/plain" + ';"' * 30_000, b"x")] * 90),
        HEAD + b'Content-Type: multipart/mixed; boundary="-"\r\n\r\n' + b"---\r\n" * many,
        HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a" * 2_000_000,
    ]
    for number, raw in enumerate(cases):
        began = time.process_time()
        found = read(raw)
        took = time.process_time() - began
        assert took < 10, number  # the square of any of them would be minutes
        assert len(found.text) <= Limits().text


@given(st.binary(max_size=2_000))
def test_any_bytes_make_a_letter(raw):
    found = read(raw)
    assert len(found.text) + len(found.quoted) <= 2 * Limits().text


@given(st.text(max_size=200), st.text(max_size=200), st.binary(max_size=200))
def test_any_header_makes_a_letter(name, subject, body):
    raw = f"From: {name} <x@y.org>\r\nSubject: {subject}\r\n\r\n".encode("utf-8", "surrogatepass") + body
    found = read(raw)
    for text in (found.subject, found.sender.name):
        assert not {"\n", "\r", "\0", "\u202e"} & set(text)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("Auto-Submitted: auto-replied", "replied"),
        ("Auto-Submitted: auto-replied; vacation", "replied"),
        ("Auto-Submitted: auto-generated", "generated"),
        ("Auto-Submitted: no", ""),
        ("Precedence: bulk", "bulk"),
        ("List-Id: <news.example.org>", "list"),
        ("Return-Path: <>", "bounce"),
        ("X-Auto-Response-Suppress: All", "generated"),
        ("X-Guichet: c-1", "ourselves"),
        ("X-Other: 1", ""),
    ],
)
def test_what_a_machine_sent_is_known(lines, kind):
    assert read(HEAD + lines.encode() + b"\r\n\r\nhello").automatic == kind


def test_a_report_of_delivery_names_our_letter():
    status = (
        b"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    )
    raw = (
        b"Return-Path: <>\r\nFrom: mailer-daemon@mx\r\nContent-Type: multipart/report;"
        b" report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nnobody\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" + status + b"\r\n--b\r\n"
        b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <ours@guichet.test>\r\n\r\nhi\r\n--b--\r\n"
    )
    found = read(raw)
    assert found.bounce is not None
    assert (found.bounce.about, found.bounce.failed, found.bounce.status) == (
        "<ours@guichet.test>",
        True,
        "5.1.1",
    )
    assert found.text == "nobody"


def test_only_our_own_server_vouches():
    said = b"Authentication-Results: mx.agency.test; spf=pass; dmarc=pass header.from=example.org\r\n"
    assert read(HEAD + said + b"\r\nx", vouches="mx.agency.test").vouched
    assert not read(HEAD + said + b"\r\nx").vouched
    forged = b"Authentication-Results: mx.agency.test; dmarc=fail\r\n" + said
    assert not read(HEAD + forged + b"\r\nx", vouches="mx.agency.test").vouched
