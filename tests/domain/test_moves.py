"""Who may say what, and which reasons are owed."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.moves import (
    TEXT_LIMIT,
    Answer,
    check,
    problems_of_answer,
    problems_of_assessment,
    problems_of_question,
)
from tracker.domain.vocabulary import Channel, Implementation, Response
from tracker.errors import NotAllowed

TODAY, ISSUED = date(2026, 1, 10), date(2024, 1, 1)


def fields(answer: Answer) -> list[str]:
    return [problem.field for problem in problems_of_answer(answer, today=TODAY, issued_on=ISSUED)]


@pytest.mark.parametrize("response", [Response.NOT_ACCEPTED, Response.NOT_COMPETENT])
def test_a_refusal_owes_its_reason(response: Response) -> None:
    assert fields(Answer(response, None)) == ["reason"]
    assert fields(Answer(response, None, reason="Because.")) == []


@pytest.mark.parametrize("reported", [Implementation.FULLY, Implementation.CONTINUING, Implementation.PARTIALLY])
def test_a_report_of_progress_owes_an_account(reported: Implementation) -> None:
    assert fields(Answer(Response.ACCEPTED, reported)) == ["done"]
    assert fields(Answer(Response.ACCEPTED, reported, done="Two trainings.")) == []


def test_what_no_longer_applies_owes_its_reason() -> None:
    assert fields(Answer(Response.ACCEPTED, Implementation.OVERTAKEN)) == ["reason"]


def test_an_answer_needs_no_implementation() -> None:
    assert fields(Answer(Response.UNDER_CONSIDERATION, None)) == []


@pytest.mark.parametrize("reported", [Implementation.NOT_ASSESSED, Implementation.NOT_VERIFIABLE])
def test_a_body_reports_only_what_a_body_can(reported: Implementation) -> None:
    assert fields(Answer(Response.ACCEPTED, reported)) == ["reported"]


def test_awaited_is_no_answer() -> None:
    assert fields(Answer(Response.AWAITED, None)) == ["response"]


def test_since_when_is_not_in_the_future() -> None:
    assert fields(Answer(Response.ACCEPTED, None, since=date(2026, 1, 11))) == ["since"]


@pytest.mark.parametrize(("since", "wrong"), [(date(1994, 6, 1), []), (date(1993, 12, 31), ["since"])])
def test_since_when_is_not_generations_before_the_report(since: date, wrong: list[str]) -> None:
    assert fields(Answer(Response.ACCEPTED, None, since=since)) == wrong


@pytest.mark.parametrize("name", ["done", "reason"])
def test_a_text_has_a_limit(name: str) -> None:
    assert fields(replace(Answer(Response.ACCEPTED, None), **{name: "a" * TEXT_LIMIT})) == []
    assert fields(replace(Answer(Response.ACCEPTED, None), **{name: "a" * (TEXT_LIMIT + 1)})) == [name]


def test_reasons_and_questions_have_the_same_limit() -> None:
    long = "a" * (TEXT_LIMIT + 1)

    assert [one.field for one in problems_of_assessment(Implementation.PARTIALLY, long)] == ["reason"]
    assert [one.field for one in problems_of_question(long, date(2026, 2, 1), today=TODAY)] == ["question"]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "www.myria.be", "https://a b", "https://" + "a" * 2001])
def test_only_web_addresses_are_links(link: str) -> None:
    assert fields(Answer(Response.ACCEPTED, None, links=("https://myria.be", link))) == ["links"]


def test_ten_links_are_enough() -> None:
    assert fields(Answer(Response.ACCEPTED, None, links=("https://myria.be",) * 11)) == ["links"]


@pytest.mark.parametrize("received_on", [None, date(2026, 1, 11), date(2023, 12, 31)])
def test_paper_was_received_between_the_issue_and_today(received_on: date | None) -> None:
    assert fields(Answer(Response.ACCEPTED, None, channel=Channel.LETTER, received_on=received_on)) == ["received_on"]


@pytest.mark.parametrize("assessed", [Implementation.FULLY, Implementation.CONTINUING, Implementation.OVERTAKEN])
def test_a_finding_that_closes_owes_its_reason(assessed: Implementation) -> None:
    assert [problem.field for problem in problems_of_assessment(assessed, "")] == ["reason"]
    assert problems_of_assessment(assessed, "Seen.") == []


def test_not_assessed_is_no_finding() -> None:
    assert [problem.field for problem in problems_of_assessment(Implementation.NOT_ASSESSED, "x")] == ["assessed"]


def test_a_caller_without_a_form_is_refused_with_the_first_sentence() -> None:
    with pytest.raises(NotAllowed, match="does not accept"):
        check(problems_of_answer(Answer(Response.NOT_ACCEPTED, None), today=TODAY, issued_on=ISSUED))
