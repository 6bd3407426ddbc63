"""What a mail is made of: both parts, its headers, and nothing that a name or a title could smuggle in."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.mail import messages
from tracker.mail.messages import PLACEHOLDER, Composed, compose, with_secret

AT = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
COMMON: dict[str, Any] = {
    "recipient": "police@bodies.example",
    "sender": "Myria <suivi@myria.example>",
    "message_id": "<abc@myria.example>",
    "at": AT,
    "base_url": "https://suivi.example",
}


def item(**values: Any) -> SimpleNamespace:
    late = {"code": "2023/8", "text": "Detect groups of victims & <b>more</b>", "due_on": date(2026, 11, 16)}
    answer = {"days_late": 8, "answered_on": date(2025, 11, 14), "last_answer": "Accepted", "question": ""}
    return SimpleNamespace(**{**late, **answer, **values})


def digest(language: str = "en", **values: Any) -> Composed:
    items = values.pop("items", [item(), item(code="2023/9", days_late=0, answered_on=None)])
    facts = {
        "issuer": "Myria",
        "n": 2,
        "n_overdue": 1,
        "n_questions": 0,
        "may_confirm": True,
        "is_new": False,
        "only_body": "Police",
        "first_due_on": date(2026, 11, 16),
        "asked_on": date(2026, 9, 1),
        "answers_url": "https://suivi.example/answers",
        "forms": [{"body": "Police", "url": "https://suivi.example/answer?link=x"}],
        "expires_on": date(2027, 2, 14),
        "groups": [SimpleNamespace(body="Police", report="Report 2023", items=items)],
    }
    return compose("digest", language, **{**COMMON, **facts, **values})


def weekly(language: str = "en", **values: Any) -> Composed:
    facts = {
        "issuer": "Myria",
        "week_of": date(2026, 11, 23),
        "n_unreviewed": 3,
        "arrived": [SimpleNamespace(code=f"2023/{n}", body="Police", response="Accepted") for n in range(30)],
        "overdue": [SimpleNamespace(body="SIRS", n=2, oldest_due_on=date(2026, 11, 1))],
        "without_focal_point": [SimpleNamespace(body="Governors", n=1)],
        "troubles": [SimpleNamespace(recipient="x@y.example", sentence="Refused")],
        "head_seq": 812,
        "head_hash": "ab" * 32,
        "review_url": "https://suivi.example/review",
        "reminders_url": "https://suivi.example/reminders",
    }
    return compose("weekly", language, **{**COMMON, **facts, **values})


def code(language: str = "en", **values: Any) -> Composed:
    return compose("code", language, **{**COMMON, "code": PLACEHOLDER, "minutes": 10, **values})


def read(composed: Composed) -> EmailMessage:
    message = message_from_bytes(composed.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(composed: Composed, kind: str) -> str:
    body = read(composed).get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("write", [code, digest, weekly])
@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_every_mail_has_both_parts_and_says_that_a_machine_wrote_it(write, language):
    composed = write(language)
    message = read(composed)

    assert message["Subject"] == composed.subject
    assert message["From"] == "Myria <suivi@myria.example>"
    assert message["To"] == "police@bodies.example"
    assert message["Message-ID"] == "<abc@myria.example>"
    assert message["Date"].datetime == AT
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]
    assert f'<html lang="{language}">' in part(composed, "html")
    assert message["List-Unsubscribe"] is None
    assert (message["List-Id"] is None) == (write is code)


@pytest.mark.parametrize("write", [code, digest, weekly])
def test_the_same_facts_are_the_same_bytes_in_lines_that_every_server_takes(write):
    content = write().content

    assert content == write().content
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert content.isascii()


def test_the_digest_names_each_recommendation_with_its_due_date_and_last_answer():
    text = part(digest(), "plain")

    assert "One is overdue: it was due by" in text
    assert "  2023/8  Detect groups of victims & <b>more</b>\n" in text
    assert "overdue by 8 days\n    Last answer," in text
    assert "No answer yet" in text
    assert "https://suivi.example/answers\n" in text
    assert all(len(line) <= 72 for line in text.splitlines())


def test_names_and_texts_are_escaped_in_html_and_styles_stand_in_each_element():
    html = part(digest(only_body="<script>x</script>"), "html")

    assert "<script>" not in html
    assert "Detect groups of victims &amp; &lt;b&gt;more&lt;/b&gt;" in html
    assert '<main class="sheet" style="max-width: 560px' in html
    assert "prefers-color-scheme: dark" in html


def test_a_long_week_is_cut_and_says_how_much_is_left():
    assert "and 5 more" in part(weekly(), "plain")
    assert "ab" * 32 in part(weekly(), "html")


def test_the_code_takes_the_place_of_its_placeholder_and_nothing_else_changes():
    stored = code().content

    sent = with_secret(stored, "123456")

    assert stored.count(PLACEHOLDER.encode()) == sent.count(b"123456") == 2
    assert len(sent) == len(stored)
    assert sent.replace(b"123456", PLACEHOLDER.encode()) == stored
    with pytest.raises(ValueError, match="width"):
        with_secret(stored, "1234567")


BREAKS = st.sampled_from(["\r\n", "\n", "\r", "\x00", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
INJECTED = st.builds(
    lambda before, end, after: f"{before}{end}Bcc: evil@example.org{end}{end}{after}",
    *(st.text(max_size=20), BREAKS, st.text(max_size=20)),
)


@settings(max_examples=60, deadline=None)
@given(INJECTED)
def test_no_name_or_title_adds_a_header_or_a_recipient(injected):
    composed = digest(issuer=injected, only_body=injected, items=[item(text=injected, code=injected)])
    message = read(composed)

    assert message["Bcc"] is None
    assert [str(one) for one in message["To"].addresses] == ["police@bodies.example"]
    assert sorted(message.keys()) == sorted(read(digest()).keys())
    assert len(composed.subject) <= messages.SUBJECT_LIMIT
    assert composed.subject.isprintable() or not any(end in composed.subject for end in "\r\n\x00\u2028\u2029\x85")


@settings(max_examples=40, deadline=None)
@given(BREAKS)
def test_an_address_of_two_lines_is_refused(end):
    with pytest.raises(ValueError, match="one line"):
        code(recipient=f"a@b.example{end}Bcc: evil@example.org")
    with pytest.raises(ValueError, match="one line"):
        code(sender=f"Myria{end}Bcc: evil@example.org <a@b.example>")


@pytest.mark.parametrize(
    ("language", "subject"),
    [("fr", "une question sur votre"), ("nl", "een vraag over uw"), ("en", "a question on your answer")],
)
def test_a_question_stands_in_the_mail_and_in_its_subject(language: str, subject: str) -> None:
    asked = item(days_late=0, question="How many <lists>?")
    composed = digest(language, n=1, n_overdue=0, n_questions=1, items=[asked])
    assert subject in read(composed)["Subject"]
    assert "How many <lists>?" in part(composed, "plain")
    assert "How many &lt;lists&gt;?" in part(composed, "html")


def test_only_who_answered_before_is_told_that_the_answer_may_be_confirmed() -> None:
    sentence = "confirm it as it stands"

    assert sentence in part(digest(), "plain")
    assert sentence in part(digest(), "html")
    assert sentence not in part(digest(may_confirm=False), "plain") + part(digest(may_confirm=False), "html")
