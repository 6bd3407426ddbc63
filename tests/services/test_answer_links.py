"""An answer link from its mail to its end: kept as a digest, spent by nobody, dead when it should be."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from re import findall

import pytest
from sqlalchemy import select

from tests.mail.peer import Peer, running
from tests.making import BEGIN, Office
from tests.reply_forms import interleaved, items_of, link_of, token_of
from tracker import clock, database
from tracker.errors import NotFound, Refusal
from tracker.mail import messages
from tracker.models import AnswerLink, FocalPoint, OutgoingMail
from tracker.queries import answer_links as queries
from tracker.services import answer_links, focal_points, handover, installation, people, reminders, reply_forms
from tracker.settings import Settings

LATER = BEGIN + timedelta(days=1)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as found:
        yield found


@pytest.fixture
def settings(database_url: str, peer: Peer) -> Settings:
    return Settings(
        secret_key="k" * 40,
        database_url=database_url,
        smtp_url=peer.url,
        mail_from="Myria <suivi@myria.example>",
        base_url="https://suivi.example",
        _env_file=None,
    )


@pytest.fixture
def asked(office: Office) -> Office:
    """The 2023 annex asked; the police may be written to."""
    office.ask()
    installation.release(at=BEGIN)
    clock.use(lambda: LATER)
    return office


def opens(token: str, at: datetime = LATER) -> AnswerLink:
    with database.reading():
        return queries.by_token(token, at=at)


def refusal(token: str, at: datetime = LATER) -> str:
    with pytest.raises(NotFound) as refused:
        opens(token, at)
    return str(refused.value)


def links_in(mail: bytes) -> set[str]:
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts = [part.get_content() for part in message.iter_parts()]
    assert len(parts) == 2
    found = [set(findall(r"https://suivi\.example/answer\?link=([\w@-]+)", part)) for part in parts]
    assert found[0] == found[1]
    return found[0]


@pytest.mark.proves("S08")
def test_the_mail_that_leaves_holds_the_token_and_what_is_kept_a_placeholder(
    asked: Office, settings: Settings, peer: Peer
) -> None:
    reminders.plan(LATER, settings)
    handover.send_waiting(settings, "test")

    (sent,) = [content for recipient, content in peer.accepted if recipient == "police@bodies.test"]
    (token,) = links_in(sent)
    link = opens(token)
    assert (link.person_id, link.round_id is not None) == (asked.police.id, True)
    assert len(token) == 32
    with database.reading() as session:
        mail = session.scalars(select(OutgoingMail).filter_by(person_id=asked.police.id)).one()
        assert links_in(mail.content) == {messages.placeholder_of(link.uid)}
        assert token.encode() not in mail.content
        assert token not in repr(vars(session.get_one(AnswerLink, link.id)))
    assert len(mail.content.rstrip()) == len(sent.rstrip())


def test_a_placeholder_is_filled_wherever_a_line_breaks() -> None:
    uid, token = "a" * 26, "T" * 31 + "_"
    placeholder = messages.placeholder_of(uid).encode()
    for at in range(1, 32):
        broken = b"x" + placeholder[:at] + b"=\r\n" + placeholder[at:] + b"y"
        filled = messages.with_tokens(broken, {uid: token})
        assert filled.replace(b"=\r\n", b"") == b"x" + token.encode() + b"y"
        assert filled.index(b"=\r\n") == at + 1


def test_every_mail_of_a_round_leads_by_the_same_link_and_a_new_round_by_a_new_one(
    asked: Office, settings: Settings
) -> None:
    first = link_of(asked, asked.police, "2023/8", "police", settings, BEGIN)
    again = link_of(asked, asked.police, "2023/8", "police", settings, LATER)
    asked.ask("myria-2018", at=LATER)
    newer = link_of(asked, asked.police, "2023/8", "police", settings, LATER)

    assert (again.id, newer.id == first.id) == (first.id, False)
    assert opens(token_of(first, settings))
    answer_links.enter(token_of(newer, settings), at=LATER)
    assert "A newer mail has a newer link" in refusal(token_of(first, settings))


@pytest.mark.proves("S08")
def test_a_link_ends_with_its_time_its_person_and_when_it_is_tampered_with(asked: Office, settings: Settings) -> None:
    link = link_of(asked, asked.police, "2023/8", "police", settings, LATER)
    token = token_of(link, settings)

    assert opens(token, link.expires_at - timedelta(seconds=1))
    assert "worked until" in refusal(token, link.expires_at)
    assert "opens no form" in refusal(token[:-1] + ("A" if token[-1] != "A" else "B"))
    for other in ("", link.uid, messages.placeholder_of(link.uid), token.lower(), token + "A"):
        assert "opens no form" in refusal(other)
    with database.reading() as session:
        row = session.scalars(select(FocalPoint).filter_by(person_id=asked.police.id)).one()
    focal_points.end(row.id, LATER.date(), by=asked.coordinator, at=LATER)
    assert "does not answer for this body any more" in refusal(token)


def test_a_closed_account_has_no_link(asked: Office, settings: Settings) -> None:
    token = token_of(link_of(asked, asked.police, "2023/8", "police", settings, LATER), settings)
    people.disable(asked.police.id, by=None, at=LATER)

    assert "does not answer for this body any more" in refusal(token)


def test_an_earlier_key_opens_what_it_made(asked: Office, settings: Settings) -> None:
    link = link_of(asked, asked.police, "2023/8", "police", settings, LATER)
    rotated = settings.model_copy(update={"secret_key_fallbacks": settings.secret_key})
    rotated = rotated.model_copy(update={"secret_key": type(settings.secret_key)("n" * 40)})

    assert answer_links.tokens([link.uid], rotated) == {link.uid: token_of(link, settings)}
    assert link_of(asked, asked.police, "2023/8", "police", rotated, LATER).id == link.id


def test_a_colleague_gets_a_link_of_their_own_to_the_same_draft_and_loses_it_with_the_giver(
    asked: Office, settings: Settings, peer: Peer
) -> None:
    link = link_of(asked, asked.police, "2023/8", "police", settings, LATER)
    given = answer_links.hand_on(link.id, "Head@bodies.test", "Head", "Please send.", at=LATER, settings=settings)
    again = answer_links.hand_on(link.id, "head@bodies.test", "Head", "", at=LATER, settings=settings)
    handover.send_waiting(settings, "test")

    assert again.id == given.id
    tokens = set().union(
        *(links_in(content) for recipient, content in peer.accepted if recipient == "head@bodies.test")
    )
    assert tokens == {token_of(given, settings)}
    assert "Please send." in str(message_from_bytes(peer.accepted[0][1], policy=policy.default).get_body(("plain",)))
    with pytest.raises(Refusal, match="Only a focal point hands the form on"):
        answer_links.hand_on(given.id, "other@bodies.test", "Other", "", at=LATER, settings=settings)

    item = items_of(given, LATER)["2023/8"]
    reply_forms.write(given.id, item.id, {"response": "accepted", "done": "By the head."}, version=0, at=LATER)
    seen = items_of(link, LATER)["2023/8"].draft
    assert seen is not None
    assert (seen.saved_by, (seen.fields or {})["done"]) == ("Head", "By the head.")

    with database.reading() as session:
        row = session.scalars(select(FocalPoint).filter_by(person_id=asked.police.id)).one()
    answer_links.withdraw(row.id, by=asked.coordinator, at=LATER)
    assert "was withdrawn" in refusal(token_of(link, settings))
    assert "handed this form on to you works no more" in refusal(token_of(given, settings))


def test_a_link_that_was_handed_on_is_taken_back_and_what_was_written_stays(asked: Office, settings: Settings) -> None:
    link = link_of(asked, asked.police, "2023/8", "police", settings, LATER)
    given = answer_links.hand_on(link.id, "colleague@bodies.test", "Colleague", "", at=LATER, settings=settings)
    item = items_of(given, LATER)["2023/8"]
    reply_forms.write(given.id, item.id, {"done": "Half"}, version=0, at=LATER)

    answer_links.take_back(link.id, given.id, at=LATER)

    assert "was withdrawn" in refusal(token_of(given, settings))
    with pytest.raises(NotFound):
        reply_forms.write(given.id, item.id, {"done": "More"}, version=1, at=LATER)
    assert items_of(link, LATER)["2023/8"].is_begun


def test_two_people_who_write_on_one_item_in_any_order_lose_nothing(asked: Office, settings: Settings) -> None:
    link = link_of(asked, asked.police, "2023/8", "police", settings, LATER)
    given = answer_links.hand_on(link.id, "colleague@bodies.test", "Colleague", "", at=LATER, settings=settings)

    assert interleaved([link, given], "2023/8", LATER, times=20) == []
