"""What a coordinator must settle, found at reading and again after each correction."""

from dataclasses import replace

import pytest

from tests.intake.annexes import REGISTER, annex, reading_of
from tracker.intake import check, read, rematch

ROW = "{code}\tFormer les magistrats.\t{to}\n"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (ROW.format(code="2018/1", to="Police") + "\n" + ROW.format(code="2018/1", to="SIRS"), "doubled_code", 3),
        (ROW.format(code="2018/1", to="Police") + ROW.format(code="2018-1", to="SIRS"), "address_clash", 2),
        ("2018/1\tFormer les magistrats.\n", "no_addressee", 1),
        ("\n" + ROW.format(code="2018/1", to="Régie des mines"), "unknown_body", 2),
        (ROW.format(code="2018/1", to="Service des Tuteles"), "likely_body", 1),
        (ROW.format(code="2018/1", to="Police, services de police"), "same_body", 1),
        ("2018/1\t\tPolice\n", "empty_text", 1),
        (ROW.format(code="2018/1", to="Régie " + "très " * 120 + "grande"), "too_long", 1),
    ],
)
def test_what_is_wrong_stops_with_its_line(text: str, code: str, line: int) -> None:
    found = [finding for draft in reading_of(text).drafts for finding in draft.findings if finding.stops]

    assert (code, line) in [(one.code, one.line) for one in found]
    assert all(one.sentence.endswith(".") for one in found)


def test_every_problem_is_told_at_once() -> None:
    reading = reading_of("2018/1\tFormer.\tRégie des mines, Comité des fêtes\n2018/1\tInformer.\n")

    assert [[one.code for one in draft.findings] for draft in reading.drafts] == [
        ["unknown_body", "unknown_body"],
        ["doubled_code", "no_addressee"],
    ]


def test_a_correction_settles_its_finding_and_no_other() -> None:
    first, second = reading_of("2018/1\tFormer.\tRégie des mines\n2018/1\tInformer.\tPolice\n").drafts

    corrected = check([replace(first, addressees=(rematch("Police", REGISTER),)), second])

    assert [[one.code for one in draft.findings] for draft in corrected] == [[], ["doubled_code"]]


def test_a_body_that_a_coordinator_chose_is_settled() -> None:
    [draft] = reading_of(ROW.format(code="2018/1", to="Service des Tuteles")).drafts

    [settled] = check([replace(draft, addressees=(replace(draft.addressees[0], match="exact"),))])

    assert settled.findings == ()


def test_the_question_of_the_group_is_settled_by_keeping_one_reading() -> None:
    draft = next(one for one in read(annex(2018), "annex.txt", REGISTER).drafts if one.alternatives)

    [kept] = check([replace(draft, alternatives=())])

    assert kept.findings == ()


def test_checking_again_changes_nothing() -> None:
    drafts = list(read(annex(2018), "annex.txt", REGISTER).drafts)

    assert check(drafts) == drafts
