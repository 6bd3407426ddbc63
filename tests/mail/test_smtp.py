"""Which server an address names, what travels, and that nothing leaves without the fence or in clear."""

import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.mail.peer import Peer, free_port, running
from tracker.errors import Misconfigured
from tracker.mail import smtp
from tracker.mail.smtp import Line, Server, Timeouts, server, stuffed

QUICK = Timeouts(connect=2, command=2, dot=1)
MAIL = b"Subject: x\r\n\r\nOne\r\n.two\r\n..three\r\n.\r\nend\r\n"


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as found:
        yield found


def hand_over(line: Line, to: str = "a@b.example", *, fenced: bool = True) -> smtp.Outcome:
    return line.hand_over("us@myria.example", to, MAIL, lambda: fenced)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://127.0.0.1", Server("127.0.0.1", 25)),
        ("smtp://mail.example:2525", Server("mail.example", 2525)),
        ("smtp://u:p%40ss@mail.example?starttls=true", Server("mail.example", 587, "start", "u", "p@ss")),
        ("smtps://u:p@mail.example", Server("mail.example", 465, "whole", "u", "p")),
        ("smtp://u:p@localhost:1025", Server("localhost", 1025, "none", "u", "p")),
    ],
)
def test_an_address_names_a_server(url, found):
    assert server(url) == found


@pytest.mark.parametrize(
    "url", ["", "mail.example", "http://x", "smtp://", "smtp://x:99999", "smtp://x?tls=yes", "smtp://x/path"]
)
def test_a_wrong_address_is_refused_with_examples(url):
    with pytest.raises(Misconfigured, match=r"It looks like smtp://127\.0\.0\.1:25"):
        server(url)


def test_a_password_never_goes_in_clear_over_a_network():
    with pytest.raises(Misconfigured, match="in clear"):
        server("smtp://u:p@mail.example")


def test_lines_that_begin_with_a_dot_arrive_as_they_were(peer):
    assert stuffed(b".a\r\nb.\r\n.") == b"..a\r\nb.\r\n..\r\n"

    line = Line(server(peer.url), timeouts=QUICK)
    assert hand_over(line).is_accepted
    line.close()

    assert peer.accepted == [("a@b.example", MAIL)]


def test_without_the_fence_nothing_arrives_and_the_next_mail_does(peer):
    line = Line(server(peer.url), timeouts=QUICK)

    refused = hand_over(line, fenced=False)
    accepted = hand_over(line, "c@d.example")
    line.close()

    assert (refused.phase, refused.code, accepted.is_accepted) == ("fence", None, True)
    assert peer.recipients == ["c@d.example"]


def test_a_fence_that_fails_hangs_up_at_once_and_the_next_mail_leaves(peer):
    line = Line(server(peer.url), timeouts=Timeouts(connect=2, command=60, dot=60))

    def fence() -> bool:
        raise LookupError("no database")

    begun = time.monotonic()
    with pytest.raises(LookupError):
        line.hand_over("suivi@myria.example", "a@b.example", MAIL, fence)
    line.close()

    assert time.monotonic() - begun < 10  # a QUIT within the message would wait for a reply that never comes
    assert peer.accepted == []
    assert hand_over(line).is_accepted
    line.close()
    assert len(peer.accepted) == 1


def test_one_line_carries_many_mails_past_a_refusal_and_not_more_than_fifty(peer):
    peer.refuse("RCPT", "550 no", only="bad")
    line = Line(server(peer.url), timeouts=QUICK)

    outcomes = [hand_over(line, f"{'bad' if n == 3 else 'n'}{n}@d.example") for n in range(52)]
    line.close()

    assert [outcome.phase for outcome in outcomes if not outcome.is_accepted] == ["to"]
    assert len(peer.connections) == 2


def test_silence_after_the_dot_is_doubt_and_before_it_is_not(peer):
    peer.refuse("DATA", None)
    line = Line(server(peer.url), timeouts=QUICK)
    after = hand_over(line)
    peer.refuse("RCPT", "451 later")
    before = hand_over(line)
    line.close()

    assert (after.phase, after.is_uncertain) == ("dot", True)
    assert (before.phase, before.code, before.is_uncertain) == ("to", 451, False)


def test_a_server_that_is_not_there_is_an_outcome():
    outcome = hand_over(Line(Server("127.0.0.1", free_port()), timeouts=QUICK))

    assert (outcome.phase, outcome.code) == ("connect", None)


def test_an_address_that_no_plain_server_takes_fails_alone(peer):
    line = Line(server(peer.url), timeouts=QUICK)

    outcome = hand_over(line, "é@b.example")
    line.close()

    assert (outcome.phase, outcome.code) == ("to", 553)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `localhost` that nobody vouches for but itself, with its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    made = subprocess.run(["openssl", *command.split(), *files], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("needs the openssl command to make a certificate")
    return folder


@pytest.fixture
def safe_peer(certificate: Path) -> Iterator[Peer]:
    """A peer that offers STARTTLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    peer = Peer(port=free_port())
    controller = Controller(peer, hostname="localhost", port=peer.port, tls_context=context, require_starttls=True)
    controller.start()
    yield peer
    controller.stop()


def test_a_certificate_that_is_vouched_for_carries_the_mail(safe_peer, certificate):
    url = f"smtp://localhost:{safe_peer.port}?starttls=true&ca={certificate / 'cert.pem'}"
    line = Line(server(url), timeouts=QUICK)

    outcome = hand_over(line)
    line.close()

    assert outcome.is_accepted, outcome


def test_a_certificate_that_nobody_vouches_for_stops_everything(safe_peer):
    outcome = hand_over(Line(server(f"smtp://localhost:{safe_peer.port}?starttls=true"), timeouts=QUICK))

    assert (outcome.phase, outcome.code) == ("tls", None)
    assert "certificate verify failed" in outcome.text
    assert safe_peer.accepted == []


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(peer):
    outcome = hand_over(Line(server(f"{peer.url}?starttls=true"), timeouts=QUICK))

    assert (outcome.phase, outcome.is_accepted, peer.accepted) == ("tls", False, [])
