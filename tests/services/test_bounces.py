"""What came back is read from a folder and from a mailbox, each message once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.faults.sending import put
from tests.mail import imap_peer
from tests.mail.notices import away, notice
from tests.mail.peer import Peer, running
from tracker import clock, database, scheduler
from tracker.errors import Misconfigured
from tracker.mail import mailbox
from tracker.models import MailAttempt, OutgoingMail, Tick
from tracker.queries import mailing
from tracker.services import bounces, installation
from tracker.services.checkup.mail import returned_mail
from tracker.services.handover import send_waiting
from tracker.settings import Settings


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as found:
        yield found


@pytest.fixture
def sent(database_url: str, peer: Peer) -> tuple[Settings, OutgoingMail]:
    """One mail that a server took over."""
    installation.release(at=clock.wall())
    settings = Settings(
        secret_key="k" * 40,
        database_url=database_url,
        smtp_url=peer.url,
        mail_from="Myria <suivi@myria.example>",
        _env_file=None,
    )
    put(settings, 1)
    send_waiting(settings, "one")
    with database.reading() as session:
        return settings, session.scalars(select(OutgoingMail)).one()


def state() -> tuple[str, str | None]:
    with database.reading() as session:
        mail = session.scalars(select(OutgoingMail)).one()
        return mail.state, mail.why


def test_a_folder_is_read_once_and_sorted(sent: tuple[Settings, OutgoingMail], tmp_path: Path) -> None:
    settings, mail = sent
    (tmp_path / "1.eml").write_bytes(notice(mail.message_id, "5.1.1"))
    (tmp_path / "2.eml").write_bytes(away(mail.message_id))
    settings = settings.model_copy(update={"bounces_url": type(settings.bounces_url)(tmp_path.as_uri())})

    scheduler.come_back(settings, "test")

    assert state() == ("failed", "bounced")
    assert [one.name for one in (tmp_path / "read").iterdir()] == ["1.eml"]
    assert [one.name for one in (tmp_path / "ignored").iterdir()] == ["2.eml"]
    assert bounces.look(settings, at=clock.wall()) == 0
    with database.reading() as session:
        assert session.get(Tick, "bounces") is not None
        last = session.scalars(select(MailAttempt).order_by(MailAttempt.number.desc())).first()
        assert last is not None
        assert (last.number, last.phase, last.code, last.host) == (2, "bounce", 550, "relay.example")
        assert "no such user" in mailing.troubles(session)[0].sentence
    assert returned_mail(settings).state.value == "fine"


def test_a_mailbox_is_read_over_imap_and_keeps_its_messages(sent: tuple[Settings, OutgoingMail]) -> None:
    settings, mail = sent
    with imap_peer.running() as box:
        box.messages = [away(mail.message_id), notice(mail.message_id, "5.2.2")]
        settings = settings.model_copy(update={"bounces_url": type(settings.bounces_url)(box.url)})

        assert bounces.look(settings, at=clock.wall()) == 2
        assert bounces.look(settings, at=clock.wall()) == 0

    assert box.seen == {1, 2}
    assert state() == ("failed", "bounced")


def test_a_wrong_password_reads_nothing_and_the_doctor_says_so(sent: tuple[Settings, OutgoingMail]) -> None:
    settings, mail = sent
    with imap_peer.running() as box:
        box.messages, url = [notice(mail.message_id, "5.1.1")], box.url.replace("sesame", "barley")
        settings = settings.model_copy(update={"bounces_url": type(settings.bounces_url)(url)})

        assert returned_mail(settings).state.value == "wrong"
    assert state() == ("accepted", None)


def test_mails_name_the_address_to_which_notices_go(sent: tuple[Settings, OutgoingMail], peer: Peer) -> None:
    settings, _mail = sent
    peer.replies["MAIL"] = lambda address: "" if address == "retours@myria.example" else "550 who is that"

    put(settings, 1, again="/2")
    send_waiting(settings.model_copy(update={"bounce_address": "retours@myria.example"}), "one")

    assert peer.messages[-1]["From"] == "Myria <suivi@myria.example>"
    assert len(peer.accepted) == 2


@pytest.mark.parametrize("url", ["imap://a:b@mail.example", "imaps://mail.example", "pop3://a:b@x", "file:"])
def test_a_wrong_address_is_refused_with_examples(url: str) -> None:
    with pytest.raises(Misconfigured, match="imaps://user"):
        mailbox.place(url)
