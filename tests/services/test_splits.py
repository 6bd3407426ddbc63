"""A recommendation that holds several demands is split: each part is asked, answered and counted by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.making import BEGIN, Office
from tests.services.test_lineage import of, restate
from tracker import clock, database
from tracker.domain import references
from tracker.domain.vocabulary import Response
from tracker.errors import NotAllowed, NotFound, Refusal, TimelineMoved
from tracker.models import Addressee, ExpectedReply, Recommendation
from tracker.queries import addressees, figures, public, splits
from tracker.queries import lineage as lines
from tracker.queries.figures import By
from tracker.queries.filters import Filters
from tracker.queries.verify import verify
from tracker.services import ends
from tracker.services import splits as service
from tracker.services.splits import Demand

LATER = BEGIN + timedelta(days=10)
CODE = "2023/8"


@pytest.fixture(autouse=True)
def today(office: Office) -> None:
    clock.use(lambda: LATER)


def asked(code: str = CODE) -> list[int]:
    with database.reading():
        return [row.addressee.id for row in addressees.of_recommendation(of(code).id, LATER.date())]


def demands(code: str = CODE) -> list[Demand]:
    """Two: the first of everybody, the second of the first addressee alone."""
    ids = asked(code)
    return [
        Demand({"fr": "Former les équipes."}, frozenset(ids)),
        Demand({"fr": "Tenir un registre."}, frozenset(ids[:1])),
    ]


def split(office: Office, *wanted: Demand, code: str = CODE) -> list[Recommendation]:
    return service.split(of(code).id, wanted or demands(code), by=office.coordinator, at=LATER)


def counted(day: int) -> int:
    with database.reading():
        filters = Filters((BEGIN + timedelta(days=day)).date(), report="myria-2023", issuer_ids=frozenset({1}))
        return figures.figures(By.REPORT, filters)[1].addressees


def test_each_part_has_its_own_code_text_addressees_and_place(office: Office) -> None:
    n = len(asked())
    assert [part.code for part in split(office)] == ["2023/8.a", "2023/8.b"]

    with database.reading() as session:
        report = select(Recommendation).where(Recommendation.report_id == of(CODE).report_id)
        printed = [one.code for one in session.scalars(report.order_by(Recommendation.position))]
        at = printed.index("2023/8")
        assert printed[at : at + 4] == ["2023/8", "2023/8.a", "2023/8.b", "2023/9"]
        assert len(set(printed)) == 14
        first, second = splits.parts(of(CODE).id)
        assert (first.address, first.texts[0].text) == ("2023-8.a", "Former les équipes.")
        told = [len(addressees.of_recommendation(one.id, LATER.date())) for one in (first, second)]
        assert told == [n, 1]
        wordings = session.scalars(select(Addressee).filter_by(recommendation_id=second.id)).one().wordings
        assert wordings[0].as_written  # as the annex has it
        assert verify().ok


def test_figures_of_earlier_days_stay_and_from_today_parts_count(office: Office) -> None:
    before, n = counted(9), len(asked())
    split(office)

    assert counted(9) == before
    assert counted(10) == before + 1
    assert asked() == []
    assert n == len(asked("2023/8.a"))


def test_a_reply_that_is_awaited_is_awaited_of_each_part_by_the_same_day(office: Office) -> None:
    office.ask()
    ids = asked()
    with database.reading() as session:
        due = {one.due_on for one in session.scalars(select(ExpectedReply).where(ExpectedReply.addressee_id.in_(ids)))}
    split(office)

    with database.reading() as session:
        waiting = session.scalars(select(ExpectedReply).filter_by(is_open=True)).all()
        of_parts = [one for one in waiting if (one.addressee.recommendation.code or "").startswith("2023/8")]
        assert len(of_parts) == len(ids) + 1
        assert {one.due_on for one in of_parts} == due
        assert verify().ok
    office.answer(office.addressee("2023/8.a", "police"), office.police, at=LATER, response=Response.ACCEPTED)
    with database.reading():
        assert verify().ok


def test_the_next_round_asks_the_parts_and_not_the_whole(office: Office) -> None:
    split(office)
    office.ask(at=LATER, due_on=LATER.date() + timedelta(days=90))

    with database.reading() as session:
        codes = {one.addressee.recommendation.code for one in session.scalars(select(ExpectedReply))}
    assert {"2023/8.a", "2023/8.b"} <= codes
    assert "2023/8" not in codes


def test_after_a_first_answer_it_is_refused(office: Office) -> None:
    office.answer(office.addressee(CODE, "police"), office.police)

    with pytest.raises(NotAllowed, match="no longer be split"):
        split(office)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ([], "at least two"),
        ([({"fr": "Un."}, 9), ({"fr": " "}, 9)], "a text in every language"),
        ([({"fr": "Un."}, 9), ({"fr": "Un."}, 9)], "same text"),
        ([({"fr": "Un."}, 9), ({"fr": "Deux."}, 0)], "who is asked"),
        ([({"fr": "Un."}, 1), ({"fr": "Deux."}, 1)], "asked by no part"),
    ],
)
def test_parts_that_lack_something_are_refused_in_a_sentence(
    office: Office, wanted: list[tuple[dict[str, str], int]], why: str
) -> None:
    code = "2023/2"
    ids = asked(code)
    assert len(ids) > 1

    with pytest.raises(Refusal, match=why):
        service.split(
            of(code).id,
            [Demand(texts, frozenset(ids[:n])) for texts, n in wanted],
            by=office.coordinator,
            at=LATER,
        )
    assert asked(code) == ids


def test_who_may_not_and_what_cannot_be_split_again(office: Office) -> None:
    for person in (office.reader, office.police):
        with pytest.raises(NotFound):
            service.split(of(CODE).id, demands(), by=person, at=LATER)
    stranger = [Demand({"fr": "Un."}, frozenset({10**6})), Demand({"fr": "Deux."}, frozenset(asked()))]
    with pytest.raises(TimelineMoved):
        split(office, *stranger)
    split(office)
    with pytest.raises(NotAllowed, match="split before"):
        split(office)
    with pytest.raises(NotAllowed, match="part already"):
        split(office, code="2023/8.a")
    with pytest.raises(NotAllowed, match="one by one"):
        ends.withdraw(of(CODE).id, "No.", by=office.coordinator, at=LATER)
    ends.withdraw(of("2023/8.b").id, "No.", by=office.coordinator, at=LATER)
    with pytest.raises(NotAllowed, match="withdrawn before"):
        ends.withdraw(of("2023/8.b").id, "Again.", by=office.coordinator, at=LATER)


def test_the_same_document_again_adds_nothing_and_an_undone_import_takes_parts_along(office: Office) -> None:
    split(office)
    again = office.accept("2023")
    assert (again.added, again.links, again.known) == (0, 0, 12)

    import_id = of(CODE).import_id
    assert import_id is not None
    ends.undo_import(import_id, by=office.coordinator, at=LATER)
    with database.reading():
        assert splits.parts(of("2018/40").id) == []
        assert verify().ok


def test_what_was_asked_before_is_told_with_what_its_parts_were_answered(office: Office) -> None:
    split(office, code="2018/40")
    restate(office, "2023/4", "2018/40")

    with database.reading():
        [before] = lines.told(lines.earlier(of("2023/4").id), LATER.date())
        assert len(before.said) == len(asked("2018/40.a")) + 1
        assert public.withdrawn_on([of("2018/40").id]) == {}


def test_references_of_parts_are_letters() -> None:
    assert (references.part("2019/14", 0), references.part("2019-14", 25)) == ("2019/14.a", "2019-14.z")
    assert references.address(references.part("2019/14", 1)) == "2019-14.b"
    assert sorted(["2019/14.b", "2019/14", "2019/2", "2019/14.a"], key=references.code_order) == [
        "2019/2", "2019/14", "2019/14.a", "2019/14.b"
    ]  # fmt: skip
