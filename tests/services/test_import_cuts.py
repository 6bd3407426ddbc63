"""The drafts of an import are split, joined, left out and put back; each step can be taken back until accepted."""

import json
import random

import pytest

from tests.making import BEGIN, Office
from tracker import database
from tracker.errors import ChangedMeanwhile, NotFound, Refusal
from tracker.intake import Reading, editing
from tracker.models import Import
from tracker.queries import imports as of_imports
from tracker.queries.imports import Review
from tracker.services import import_cuts, import_names, imports

ANNEX = """CHAPITRE UN

2024/1\tFormer la police.\tPolice
Former aussi les magistrats,
chaque année.

AUTRE CHAPITRE

2024/2\tPublier les chiffres.\tPolice
2024/3\tLes compter.\tMagistrats
"""


@pytest.fixture
def office(database_url: str) -> Office:
    return Office.set_up(is_imported=False)


@pytest.fixture
def import_id(office: Office) -> int:
    return imports.read(office.issuer.id, ANNEX.encode(), "annex.txt", by=office.coordinator, at=BEGIN).id


def review(import_id: int) -> Review:
    with database.reading():
        return of_imports.review(import_id)


def version(import_id: int) -> int:
    return review(import_id).import_.version


def codes(import_id: int) -> list[str | None]:
    return [draft.code for draft in review(import_id).reading.drafts]


def lines_are_whole(reading: Reading) -> bool:
    """Whether each line is in one draft, or left over once."""
    inside = [number for draft in reading.drafts for number in range(draft.lines[0], draft.lines[1] + 1)]
    return sorted([*inside, *(one.line for one in reading.leftover)]) == list(range(1, len(reading.lines) + 1))


def state(import_id: int) -> tuple[object, ...]:
    found = review(import_id)
    return found.reading.drafts, found.reading.leftover, found.dropped


def test_a_split_and_its_way_back(office: Office, import_id: int) -> None:
    before = state(import_id)
    new = import_cuts.split(import_id, 0, 4, version=1, by=office.coordinator)
    drafts = review(import_id).reading.drafts
    assert [(one.code, one.lines) for one in drafts] == [
        ("2024/1", (3, 3)),
        (None, (4, 5)),
        ("2024/2", (9, 9)),
        ("2024/3", (10, 10)),
    ]
    assert review(import_id).positions == (0, new, 1, 2)
    assert lines_are_whole(review(import_id).reading)

    step = import_cuts.take_back(import_id, version=2, by=office.coordinator)
    assert (step.what, step.about) == ("split", "2024/1")
    assert state(import_id) == before


def test_joining_takes_the_lines_between(office: Office, import_id: int) -> None:
    before = state(import_id)
    import_cuts.join(import_id, 0, 1, version=1, by=office.coordinator)
    assert [one.lines for one in review(import_id).reading.drafts] == [(3, 9), (10, 10)]
    assert lines_are_whole(review(import_id).reading)
    import_cuts.take_back(import_id, version=2, by=office.coordinator)
    assert state(import_id) == before


def test_a_draft_left_out_between_two_becomes_part_of_them_and_comes_back(office: Office, import_id: int) -> None:
    imports.drop(import_id, 1, version=1, by=office.coordinator)
    import_cuts.join(import_id, 0, 2, version=2, by=office.coordinator)
    assert review(import_id).dropped == ()
    assert lines_are_whole(review(import_id).reading)
    import_cuts.take_back(import_id, version=3, by=office.coordinator)
    assert [position for position, _draft in review(import_id).dropped] == [1]
    import_cuts.take_back(import_id, version=4, by=office.coordinator)
    assert codes(import_id) == ["2024/1", "2024/2", "2024/3"]
    with pytest.raises(NotFound, match="no change left"):
        import_cuts.take_back(import_id, version=5, by=office.coordinator)


def test_only_neighbours_are_joined_and_only_inside_is_split(office: Office, import_id: int) -> None:
    with pytest.raises(Refusal, match="follow each other"):
        import_cuts.join(import_id, 0, 2, version=1, by=office.coordinator)
    with pytest.raises(Refusal, match="follow each other"):
        import_cuts.join(import_id, 1, 0, version=1, by=office.coordinator)
    for line in (3, 6, 99):
        with pytest.raises(Refusal, match="Choose a place inside"):
            import_cuts.split(import_id, 0, line, version=1, by=office.coordinator)
    assert version(import_id) == 1


def test_a_line_with_two_sentences_is_split_between_them_and_both_have_it(office: Office) -> None:
    text = "2024/1\tFormer la police. Publier les chiffres.\tPolice\n2024/2\tLes compter.\tMagistrats\n"
    import_id = imports.read(office.issuer.id, text.encode(), "a.txt", by=office.coordinator, at=BEGIN).id
    before = state(import_id)
    [first] = editing.ends_of_sentences(text.split("\n")[0])

    new = import_cuts.split(import_id, 0, 1, within=first, version=1, by=office.coordinator)

    drafts = review(import_id).reading.drafts
    assert [(one.code, one.text, one.lines) for one in drafts] == [
        ("2024/1", "Former la police.", (1, 1)),
        (None, "Publier les chiffres.", (1, 1)),
        ("2024/2", "Les compter.", (2, 2)),
    ]
    assert [[one.body for one in draft.addressees] for draft in drafts[:2]] == [["police"], ["police"]]
    split = state(import_id)
    imports.drop(import_id, new, version=2, by=office.coordinator)
    assert [one.line for one in review(import_id).reading.leftover if one.why == "dropped"] == []
    imports.drop(import_id, 0, version=3, by=office.coordinator)
    assert [one.line for one in review(import_id).reading.leftover if one.why == "dropped"] == [1]
    imports.restore(import_id, new, version=4, by=office.coordinator)
    imports.restore(import_id, 0, version=5, by=office.coordinator)
    assert state(import_id) == split
    with pytest.raises(Refusal, match="follow each other"):
        import_cuts.join(import_id, 0, 1, version=6, by=office.coordinator)
    import_cuts.join(import_id, 0, new, version=6, by=office.coordinator)
    assert review(import_id).draft(0).text == "Former la police.\nPublier les chiffres."
    for version in (7, 8, 9, 10, 11, 12):
        import_cuts.take_back(import_id, version=version, by=office.coordinator)
    assert state(import_id) == before


def test_an_old_page_is_refused(office: Office, import_id: int) -> None:
    import_cuts.split(import_id, 0, 4, version=1, by=office.coordinator)
    for act in (
        lambda: import_cuts.split(import_id, 0, 4, version=1, by=office.coordinator),
        lambda: import_cuts.join(import_id, 0, 1, version=1, by=office.coordinator),
        lambda: import_cuts.take_back(import_id, version=1, by=office.coordinator),
    ):
        with pytest.raises(ChangedMeanwhile):
            act()


def test_what_was_said_of_names_is_taken_back_too(office: Office, import_id: int) -> None:
    before = state(import_id)
    with database.transaction() as session:
        import_ = session.get_one(Import, import_id)
        for row in import_.drafts:
            row.reading = json.dumps({**json.loads(row.reading), "addressees": []})
    without = state(import_id)
    assert import_names.address(import_id, "police", version=1, by=office.coordinator) == 3
    import_cuts.take_back(import_id, version=2, by=office.coordinator)
    assert state(import_id) == without != before


def test_nothing_can_be_taken_back_once_it_is_read_anew(office: Office, import_id: int) -> None:
    imports.drop(import_id, 1, version=1, by=office.coordinator)
    imports.read_again(import_id, chosen={}, version=2, by=office.coordinator)
    with pytest.raises(NotFound):
        import_cuts.take_back(import_id, version=3, by=office.coordinator)


def test_whatever_is_done_no_line_is_lost_and_everything_can_be_taken_back(office: Office, import_id: int) -> None:
    chance = random.Random(4)  # noqa: S311  # the same each time
    states = [state(import_id)]
    for _step in range(25):
        now = review(import_id)
        of = {"version": now.import_.version, "by": office.coordinator}
        position = chance.choice(now.positions)
        first, last = now.draft(position).lines
        neighbours = list(zip(now.positions, now.positions[1:], strict=False))
        if now.dropped and chance.random() < 0.4:
            imports.restore(import_id, now.dropped[0][0], **of)
        elif first < last and chance.random() < 0.6:
            import_cuts.split(import_id, position, chance.randint(first + 1, last), **of)
        elif neighbours and chance.random() < 0.5:
            import_cuts.join(import_id, *chance.choice(neighbours), **of)
        elif len(now.positions) > 1:
            imports.drop(import_id, position, **of)
        else:
            continue
        states.append(state(import_id))
        assert lines_are_whole(review(import_id).reading)
    assert len(states) > 10
    for before in reversed(states[:-1]):
        import_cuts.take_back(import_id, version=version(import_id), by=office.coordinator)
        assert state(import_id) == before
