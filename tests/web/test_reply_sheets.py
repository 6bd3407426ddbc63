"""The spreadsheet of a form: taken away, filled in, brought back, compared and taken over."""

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from tests.followed import TODAY
from tests.making import Office
from tests.reply_forms import fields_of, items_of, link_of, opened
from tests.web.checking import CheckingClient, Enter, visible
from tracker.domain.sheets import HEADS
from tracker.domain.vocabulary import Implementation, Response
from tracker.models import AnswerLink
from tracker.publishing.answer_sheets import written
from tracker.services import reply_forms
from tracker.settings import Settings


@pytest.fixture
def link(followed: Office, settings: Settings) -> AnswerLink:
    """To the form of the police, asked again after it has answered 2018/35 and 2023/8."""
    said = {"reported": Implementation.CONTINUING, "done": "=SUM(1) teams"}
    followed.answer(followed.addressee("2023/8", "police"), followed.police, at=TODAY - timedelta(days=3), **said)
    for report in ("myria-2018", "myria-2023"):
        followed.ask(report, at=TODAY)
    return link_of(followed, followed.police, "2018/35", "police", settings, TODAY)


@pytest.fixture
def client(enter: Enter, link: AnswerLink, settings: Settings) -> CheckingClient:
    client = enter()
    opened(client, link, settings)
    return client


def taken(client: CheckingClient, link: AnswerLink, language: str = "en") -> dict[str, dict[str, str]]:
    """The rows of the sheet as it is downloaded, by code; what its columns hold by their names."""
    client.get(f"/form/{link.id}?lang={language}")
    content = client.get(f"/form/{link.id}/sheet.xlsx").get_data()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return {str(row[0]): dict(zip(HEADS, map(str, row), strict=True)) for row in rows[1:]}


def bring(client: CheckingClient, link: AnswerLink, rows: object, status: int = 200) -> TestResponse:
    content = rows if isinstance(rows, bytes) else written(list(rows), {})  # type: ignore[call-overload]
    page = client.page(f"/form/{link.id}/sheet")
    token = page.css_first("form input[name=csrf_token]").attributes["value"]
    data = {"csrf_token": token, "file": (io.BytesIO(content), "filled.xlsx")}
    answered = client.post(f"/form/{link.id}/sheet", data=data, content_type="multipart/form-data")
    assert answered.status_code == status, visible(answered)[:1500]
    return answered


def accept(client: CheckingClient, link: AnswerLink, page: TestResponse, *take: int, status: int = 302) -> None:
    data = {**fields_of(page.text, f"/form/{link.id}/sheet/accept"), "take": [str(one) for one in take]}
    answered = client.post(f"/form/{link.id}/sheet/accept", data=data)
    assert answered.status_code == status, visible(answered)[:1500]


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_a_sheet_that_comes_back_as_it_was_says_nothing_new(
    client: CheckingClient, link: AnswerLink, language: str
) -> None:
    rows = taken(client, link, language)
    assert rows["2023/8"]["done"] == "=SUM(1) teams", "text, never a formula"
    client.get(f"/form/{link.id}?lang=en")

    assert "The file says nothing new." in visible(bring(client, link, rows.values()))


def test_what_was_filled_in_is_compared_and_taken_into_the_draft(client: CheckingClient, link: AnswerLink) -> None:
    rows, items = taken(client, link), items_of(link, TODAY)
    rows["2023/8"]["unchanged"] = "x"
    rows["2018/35"] |= {"response": "Acceptée en partie", "reported": "gedeeltelijk uitgevoerd", "done": "A module."}

    page = bring(client, link, rows.values())

    told = visible(page)
    assert "2 rows say something new." in told
    assert "Accepted in part" in told
    accept(client, link, page, items["2023/8"].id, items["2018/35"].id)
    kept = items_of(link, TODAY)
    assert kept["2023/8"].draft is not None
    assert kept["2023/8"].draft.is_unchanged
    answer = kept["2018/35"].answer
    assert answer is not None
    assert (answer.response, answer.reported) == (Response.ACCEPTED_IN_PART, Implementation.PARTIALLY)
    assert "Send 2 answers" in visible(client.get(f"/form/{link.id}/send"))


def test_what_was_written_in_the_form_meanwhile_stands_beside_and_is_not_ticked(
    client: CheckingClient, link: AnswerLink
) -> None:
    rows, item = taken(client, link), items_of(link, TODAY)["2018/35"]
    rows["2018/35"]["done"] = "From the file."
    reply_forms.write(link.id, item.id, {"response": "accepted", "done": "From the form."}, version=0, at=TODAY)

    page = bring(client, link, rows.values())

    for said in ("From the file.", "From the form.", "after you downloaded the file"):
        assert said in visible(page)
    assert "checked" not in page.text.split(f'id="take-{item.id}"')[1].split(">")[0]
    accept(client, link, page)
    assert (items_of(link, TODAY)["2018/35"].answer or pytest.fail("no draft")).done == "From the form."
    reply_forms.write(link.id, item.id, {"response": "accepted", "done": "Once more."}, version=1, at=TODAY)
    accept(client, link, page, item.id, status=409)
    assert (items_of(link, TODAY)["2018/35"].answer or pytest.fail("no draft")).done == "Once more."


def test_what_is_no_sheet_of_ours_is_refused_in_a_sentence(client: CheckingClient, link: AnswerLink) -> None:
    assert "Choose a file." in visible(client.send(f"/form/{link.id}/sheet", 422))
    assert "This is not the spreadsheet of this form." in visible(bring(client, link, b"a;b\n1;2\n", 422))
    assert "damaged" in visible(bring(client, link, b"PK\x03\x04 broken", 422))
    rows = taken(client, link)
    rows["2018/35"] |= {"key": "x" * 26 + ".0"}
    rows["2023/8"]["response"] = "perhaps"
    told = visible(bring(client, link, rows.values()))
    assert "Not in this form, and left out: rows" in told
    assert "“perhaps” is none of the choices of this column." in told
