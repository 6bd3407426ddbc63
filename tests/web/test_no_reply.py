"""Silence is told as such, with since when, and never by an empty place."""

import pytest

from tests.making import Office
from tests.web.checking import Enter, visible

READER = "reader@myria.test"
SINCE = "o reply since 4 May 2026"


@pytest.mark.parametrize(
    "page",
    [
        "/recommendations?body=magistrats",
        "/recommendations/myria-2023/2023-3",
        "/bodies?show=no_reply",
        "/bodies/magistrats",
        "/dashboard",
    ],
)
def test_every_page_tells_since_when_a_body_has_not_replied(enter: Enter, followed: Office, page: str) -> None:
    assert SINCE in visible(enter(READER).get(page))


def test_who_has_replied_once_is_not_told_as_silent(enter: Enter, followed: Office) -> None:
    shown = enter(READER).page("/recommendations?body=parquet-federal&flag=answered")

    assert SINCE not in shown.css_first("tbody").text()


def test_who_cannot_be_written_to_is_told_apart_from_silence(enter: Enter, followed: Office) -> None:
    shown = enter(READER).page("/recommendations?flag=no_focal_point").css_first("tbody").text()

    assert "no focal point" in shown
    assert SINCE not in shown


def test_who_was_never_asked_is_not_told_as_silent(enter: Enter, office: Office) -> None:
    shown = visible(enter(READER).get("/bodies/police"))

    assert "has not been asked for a reply yet" in shown
    assert "not asked yet" in visible(enter(READER).get("/recommendations?body=police"))


def test_on_a_day_before_it_was_asked_nobody_was_silent(enter: Enter, followed: Office) -> None:
    assert SINCE not in visible(enter(READER).get("/recommendations?body=magistrats&as_of=2026-05-03"))
