"""An annex from upload to acceptance, as a coordinator does it in a browser."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy import func, select

from tests.making import ANNEXES, BEGIN, Office
from tests.web.checking import CheckingClient, visible
from tracker import database
from tracker.models import Addressee, Body, BodyName, Draft, Entry, Import, Issuer, OutgoingMail, Recommendation, Report
from tracker.services import imports

ROW = "2024/1\tFormer la police.\tPolice\n2024/2\tFormer les magistrats.\tmagistrats\n"
REPORT = {"title": "Rapport annuel 2024", "slug": "myria-2024", "issued_on": "2024-10-18"}


@pytest.fixture
def office(database_url: str) -> Office:
    """An issuer with nothing on record yet."""
    return Office.set_up(is_imported=False)


@pytest.fixture
def coordinator(office: Office, enter: Callable[[str], CheckingClient]) -> CheckingClient:
    """The coordinator's browser."""
    return enter("coordination@myria.test")


def annex(year: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO((ANNEXES / f"myria-{year}.txt").read_bytes()), f"myria-{year}.txt"


def pasted(client: CheckingClient, text: str = ROW) -> str:
    """The address of the review of a text that was pasted."""
    return str(client.send("/imports", text=text).location)


def on_record() -> tuple[int, ...]:
    """How many rows stand of everything that accepting writes, and of mails."""
    with database.reading() as session:
        tables = (Report, Recommendation, Addressee, Entry, OutgoingMail)
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def flashed(client: CheckingClient) -> str:
    """What the next page will say of the last act."""
    with client.session_transaction() as cookie:
        return " ".join(str(message) for _category, message in cookie.get("_flashes", ()))


def cards(page: LexborHTMLParser) -> list[LexborNode]:
    return page.css("article.r-draft")


def code_of(card: LexborNode) -> str:
    found = card.css_first(".r-code")
    return found.text() if found else ""


def card(page: LexborHTMLParser, code: str) -> LexborNode:
    return next(one for one in cards(page) if code_of(one) == code)


def answer(client: CheckingClient, review: str, code: str, value: str, status: int = 302) -> Any:
    """Press the button of a card that sends `value`."""
    form = card(client.page(review), code).css_first("form")
    values = [one.attributes["value"] for one in form.css("button[name=answer]")]
    assert value == "drop" or value in values, f"{code} has only {values}"
    seen = form.css_first("input[name=seen]").attributes["value"]
    return client.send(form.attributes["action"] or "", status, on=review, answer=value, seen=seen)


def accept(client: CheckingClient, review: str, status: int = 302, **fields: str) -> Any:
    """Press the button that accepts, on the page as it is now."""
    version = client.page(review).css_first("#report input[name=version]").attributes["value"]
    return client.send(f"{review}/accept", status, on=review, **{**REPORT, "version": version, **fields})


def fields(client: CheckingClient, url: str) -> dict[str, str]:
    """What stands in the form of a draft, as a browser would send it."""
    found: dict[str, str] = {}
    for one in client.page(url).css("#draft input, #draft textarea, #draft select"):
        name = one.attributes.get("name") or ""
        if one.tag == "select":
            chosen = one.css_first("option[selected]")
            found[name] = (chosen.attributes["value"] or "") if chosen else ""
        elif name != "csrf_token":
            found[name] = one.text().strip() if one.tag == "textarea" else one.attributes.get("value") or ""
    return found


def test_an_empty_list_says_what_to_do(coordinator: CheckingClient) -> None:
    page = coordinator.page("/imports")
    assert "No annex has been read yet." in page.body.text()
    assert page.css_first("input[type=file]")
    assert page.css_first("textarea[name=text]")


@pytest.mark.parametrize(("year", "count", "links"), [("2018", 11, 23), ("2023", 12, 26)])
def test_an_annex_is_read_and_nothing_is_written(
    coordinator: CheckingClient, year: str, count: int, links: int
) -> None:
    review = coordinator.send("/imports", file=annex(year)).location
    page = coordinator.page(review)
    told = " ".join(page.css_first(".r-found").text().split())
    assert told.startswith(f"{count} recommendations")
    assert f"with {links} addressees" in told
    assert len(cards(page)) == count
    assert page.css_first("input[name=slug]").attributes["value"] == f"myria-{year}"
    assert on_record() == (0, 0, 0, 0, 0)


def test_every_line_is_shown_with_what_became_of_it(coordinator: CheckingClient) -> None:
    page = coordinator.page(coordinator.send("/imports", file=annex("2018")).location)
    shown = page.css(".r-page > li")
    assert len(shown) == 22
    assert "Section heading" in shown[4].text()
    assert "Column heads" in shown[6].text()
    draft = card(page, "2018/32").attributes["id"]
    assert shown[7].css_first("a").attributes["href"] == f"#{draft}"


def test_doubts_come_first_unless_the_order_is_the_printed_one(coordinator: CheckingClient) -> None:
    review = coordinator.send("/imports", file=annex("2018")).location
    assert [code_of(one) for one in cards(coordinator.page(review))][:3] == ["2018/33", "2018/39", "2018/32"]
    assert code_of(cards(coordinator.page(f"{review}?order=printed"))[0]) == "2018/32"
    assert [code_of(one) for one in cards(coordinator.page(f"{review}?order=only"))] == ["2018/33", "2018/39"]


def test_a_doubt_is_answered_with_one_button(coordinator: CheckingClient) -> None:
    review = coordinator.send("/imports", file=annex("2018")).location
    assert "‘niveau politique’ wordt bewaard" in card(coordinator.page(f"{review}?lang=nl"), "2018/33").text()
    key = "qualifier niveau politique Cellule interdépartementale de coordination"
    answer(coordinator, review, "2018/33", f"right {key}")
    answer(coordinator, review, "2018/39", "keep")
    page = coordinator.page(f"{review}?lang=en")
    assert "No doubts." in page.css_first(".r-found").text()
    assert len(card(page, "2018/39").css(".r-chip")) == 5


def test_the_group_is_taken_as_printed_and_then_stops_until_it_has_a_body(coordinator: CheckingClient) -> None:
    review = coordinator.send("/imports", file=annex("2018")).location
    answer(coordinator, review, "2018/39", "take 0")
    of = card(coordinator.page(review), "2018/39")
    assert len(of.css(".r-chip")) == 2
    assert "is not a known body" in of.text()

    form = next(one.attributes["href"] for one in of.css("a") if "Choose a body" in one.text())
    url, field = (form or "").split("#")
    sent = {**fields(coordinator, url), field: "ministre-de-la-justice"}
    assert coordinator.send(url, **sent).location.startswith(review)
    assert not card(coordinator.page(review), "2018/39").css(".r-ask")


def test_accepting_adds_everything_sends_nothing_and_says_what_is_next(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    done = accept(coordinator, review)
    assert done.location == "/recommendations?report=myria-2024"
    assert on_record() == (1, 2, 2, 4, 0)
    told = flashed(coordinator)
    assert "2 recommendations were added with 2 addressees. Nothing was sent." in told
    assert "/rounds" in told
    page = coordinator.page(review)
    assert "Accepted on" in page.css_first(".r-found").text()
    assert page.css_first("article form") is None


def test_accepting_again_adds_nothing_and_says_so(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    accept(coordinator, review)
    before = on_record()
    coordinator.send(f"{review}/accept", on="/imports", **REPORT)
    assert "This import is on record. Nothing was added twice." in flashed(coordinator)

    again = pasted(coordinator)
    assert again != review
    page = coordinator.page(again)
    assert page.css_first("input[name=title]").attributes["value"] == REPORT["title"]
    assert page.css_first("input[name=issued_on]").attributes["value"] == REPORT["issued_on"]
    assert "Everything is on record already: accepting adds nothing." in page.css_first(".r-found").text()
    assert "Accept 2" not in page.body.text()
    accept(coordinator, again)
    assert on_record() == before
    assert "Nothing was added: all 2 recommendations were there already." in flashed(coordinator)


def test_the_report_must_be_told_before_accepting(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    refused = coordinator.send(f"{review}/accept", 422, on=review, **{**REPORT, "issued_on": "31.2.2024"})
    assert "“31.2.2024” is not a date" in visible(refused)
    assert REPORT["title"] in refused.text
    refused = coordinator.send(f"{review}/report", 422, on=review, **{**REPORT, "slug": "Myria 2024"})
    assert "lower-case letters" in visible(refused)
    assert LexborHTMLParser(refused.text).css_first("input[name=slug]").attributes["value"] == "myria-2024"
    assert coordinator.get(f"{review}/accept").location == review
    assert on_record()[0] == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2024/1\tA b c.\tPolice\n\n2024/1\tD e f.\tPolice\n", "Line 3: 2024/1 is on line 1 too."),
        ("2024/1\tA b c.\tPolice\n2024/2\tD e f.\tCommission des Étoiles\n", "Line 2: “Commission des Étoiles” is not"),
        ("2024/1\tA b c.\tPolice\n2024/2\tD e f.\n", "Line 2: No addressee was found."),
        ("2024/1\tA b c.\tServices de polices\n", "Line 1: “Services de polices” is close to a known name"),
        ("Rien du tout ici.\n", "No recommendation was found."),
    ],
)
def test_what_stops_is_named_with_its_line(coordinator: CheckingClient, text: str, told: str) -> None:
    review = pasted(coordinator, text)
    refused = accept(coordinator, review, 422)
    summary = LexborHTMLParser(refused.text).css_first(".govuk-error-summary")
    assert told in " ".join(summary.text().split())
    assert on_record() == (0, 0, 0, 0, 0)


def test_a_code_that_is_on_record_with_another_text_stops_until_it_is_left_out(coordinator: CheckingClient) -> None:
    first = pasted(coordinator)
    accept(coordinator, first)
    review = pasted(coordinator, "2024/1\tFormer toute la police.\tPolice\n2024/3\tInformer.\tPolice\n")
    refused = accept(coordinator, review, 422)
    assert "2024/1 is in this report already, with another text" in visible(refused)

    answer(coordinator, review, "2024/1", "drop")
    accept(coordinator, review)
    assert on_record()[1] == 3


def test_a_code_that_is_on_record_with_other_addressees_stops(coordinator: CheckingClient) -> None:
    accept(coordinator, pasted(coordinator))
    review = pasted(coordinator, "2024/1\tFormer la police.\tmagistrats\n")
    refused = accept(coordinator, review, 422)
    assert "2024/1 is in this report already, addressed to Police" in visible(refused)
    assert "On record already" not in visible(refused)

    sent = {**fields(coordinator, f"{review}/drafts/0"), "addressees-0-body": "police"}
    coordinator.send(f"{review}/drafts/0", **sent)
    assert "On record already" in coordinator.page(review).css_first("article").text()
    accept(coordinator, review)
    assert on_record()[1] == 2


def test_what_changed_since_the_page_was_loaded_is_shown_before_it_is_accepted(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    version = coordinator.page(review).css_first("#report input[name=version]").attributes["value"]
    answer(coordinator, review, "2024/2", "drop")
    refused = coordinator.send(f"{review}/accept", 409, on=review, **REPORT, version=version)
    assert "Someone corrected this import meanwhile." in visible(refused)
    assert [code_of(one) for one in cards(LexborHTMLParser(refused.text))] == ["2024/1"]
    assert LexborHTMLParser(refused.text).css_first("input[name=title]").attributes["value"] == REPORT["title"]
    assert coordinator.send(f"{review}/accept", 409, on=review, **REPORT)
    assert on_record()[0] == 0

    accept(coordinator, review)
    assert on_record()[1] == 1


def test_a_likely_body_is_confirmed_with_one_button(coordinator: CheckingClient) -> None:
    review = pasted(coordinator, "2024/1\tA b c.\tServices de polices\n")
    answer(coordinator, review, "2024/1", "confirm 0")
    coordinator.send(f"{review}/report", on=review, version="2", **REPORT)
    assert "Nothing stops it." in coordinator.page(review).css_first(".r-found").text()


def test_a_body_that_came_into_the_register_is_looked_up_again(coordinator: CheckingClient) -> None:
    review = pasted(coordinator, "2024/1\tA b c.\tCommission des Étoiles\n")
    with database.transaction() as session:
        name = BodyName(language="fr", name="Commission des Étoiles", status="translated")
        session.add(Body(slug="etoiles", type="other", role="implementer", names=[name]))
    answer(coordinator, review, "2024/1", "look 0")
    assert not card(coordinator.page(review), "2024/1").css(".r-ask")


def test_a_draft_is_corrected_by_hand(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    url = f"{review}/drafts/0"
    sent = fields(coordinator, url)
    grown = coordinator.send(url, 200, **{**sent, "text": "Former mieux la police.", "add": "1"})
    page = LexborHTMLParser(grown.text)
    assert len(page.css("fieldset.r-row")) == 2
    assert page.css_first("textarea").text().strip() == "Former mieux la police."

    sent |= {"text": "Former mieux la police.", "addressees-1-as_written": "Parquet fédéral (ECOFIN)"}
    sent |= {"addressees-1-body": "", "addressees-1-qualifier": "", "addressees-1-role": "relay"}
    assert coordinator.send(url, **sent).location.startswith(f"{review}#draft-0")
    of = card(coordinator.page(review), "2024/1")
    assert "Former mieux la police." in of.text()
    assert "ECOFIN" in of.css(".r-chip")[1].text()
    assert "relay" in of.css(".r-chip")[1].text()
    assert on_record() == (0, 0, 0, 0, 0)


def test_a_row_is_removed_and_nothing_else_is_lost(coordinator: CheckingClient) -> None:
    url = pasted(coordinator, "2024/1\tA b c.\tPolice - magistrats\n") + "/drafts/0"
    shrunk = coordinator.send(url, 200, **{**fields(coordinator, url), "remove": "0", "code": "2024/9"})
    page = LexborHTMLParser(shrunk.text)
    assert [one.attributes["value"] for one in page.css("input[name$=as_written]")] == ["magistrats"]
    assert page.css_first("input[name=code]").attributes["value"] == "2024/9"


def test_two_who_correct_the_same_draft_see_both_versions(coordinator: CheckingClient) -> None:
    url = f"{pasted(coordinator)}/drafts/0"
    first = fields(coordinator, url)
    coordinator.send(url, **{**first, "text": "La version de l’une."})

    refused = coordinator.send(url, 409, **{**first, "text": "La version de l’autre."})
    assert "La version de l’une." in visible(refused)
    assert "La version de l’autre." in refused.text
    seen = LexborHTMLParser(refused.text).css_first("#draft input[name=seen]").attributes["value"]
    coordinator.send(url, **{**first, "text": "La version de l’autre.", "seen": seen})


def test_two_who_correct_different_drafts_do_not_refuse_each_other(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    first, second = fields(coordinator, f"{review}/drafts/0"), fields(coordinator, f"{review}/drafts/1")
    coordinator.send(f"{review}/drafts/0", **{**first, "text": "Un."})
    coordinator.send(f"{review}/drafts/1", **{**second, "text": "Deux."})


def test_an_answer_to_a_draft_that_changed_is_refused(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    refused = coordinator.send(f"{review}/drafts/0/answer", 409, on=review, answer="drop", seen="old")
    assert "Someone corrected 2024/1 meanwhile." in visible(refused)
    assert len(cards(coordinator.page(review))) == 2


def test_a_draft_that_is_left_out_can_be_put_back(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    typed = fields(coordinator, f"{review}/drafts/0")
    answer(coordinator, review, "2024/1", "drop")
    page = coordinator.page(review)
    assert [code_of(one) for one in cards(page)] == ["2024/2"]
    assert "Left out by a coordinator" in page.css("ol.r-page > li")[0].text()
    undo = page.css_first(".r-flash button").attributes["form"]
    assert page.css_first(f"#{undo}")
    assert "Someone left this out" in visible(coordinator.send(f"{review}/drafts/0", 409, on=review, **typed))

    assert "Someone corrected" in visible(coordinator.send(f"{review}/drafts/0/restore", 409, on=review, version="1"))
    coordinator.send(f"{review}/drafts/0/restore", on=review, version="2")
    page = coordinator.page(review)
    assert sorted(code_of(one) for one in cards(page)) == ["2024/1", "2024/2"]
    assert "Left out" not in page.css_first("ol.r-page").text()


def test_a_discarded_import_is_taken_up_where_it_was_left(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    coordinator.send(f"{review}/drafts/0", **{**fields(coordinator, f"{review}/drafts/0"), "text": "Corrigé."})
    coordinator.send(f"{review}/discard", on=review, version="2")
    listed = coordinator.page("/imports")
    assert "Discarded" in listed.css_first("table").text()
    assert listed.css_first(f"#{listed.css_first('.r-flash button').attributes['form']}")
    assert coordinator.send(f"{review}/drafts/0/restore", 422, on="/imports")

    coordinator.send(f"{review}/resume", on=review)
    assert "Corrigé." in visible(coordinator.get(review))


def test_the_same_document_again_opens_the_review_under_way(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    assert pasted(coordinator) == review
    assert "was read before and is still under review" in visible(coordinator.get(review))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 \x00\x01\x02", "The file is damaged."),
        (b"\x00\x01\x02\x03" * 50, "This is not a text"),
        (b" \n \n", "The file is empty."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    coordinator: CheckingClient, content: bytes, sentence: str
) -> None:
    refused = coordinator.send("/imports", 422, file=(io.BytesIO(content), "annex.pdf"))
    field = LexborHTMLParser(refused.text).css_first("#file-error")
    assert sentence in field.text()


def test_what_was_pasted_stays_on_a_form_that_is_refused(coordinator: CheckingClient) -> None:
    refused = coordinator.send("/imports", 422, text=ROW, file=(io.BytesIO(b"x"), "x.txt"), language="fr")
    assert "not both" in visible(refused)
    page = LexborHTMLParser(refused.text)
    assert "Former la police." in page.css_first("textarea").text()
    assert page.css_first("option[selected]").attributes["value"] == "fr"
    assert "Choose the file" in visible(coordinator.send("/imports", 422, text="  "))


def test_a_long_annex_can_be_pasted(coordinator: CheckingClient) -> None:
    long = "".join(f"2024/{n}\t{'Former la police. ' * 60}\tPolice\n" for n in range(1, 600))
    token = coordinator.page("/imports").css_first("input[name=csrf_token]").attributes["value"]
    assert coordinator.post("/imports", data={"csrf_token": token, "text": long}).status_code == 302


def test_a_doubt_about_the_document_goes_when_somebody_has_looked(coordinator: CheckingClient) -> None:
    content = ROW.encode().replace(b"Former la", b"Form\xe9r la")
    review = coordinator.send("/imports", file=(io.BytesIO(content), "a.txt")).location
    assert "Check the letters with accents" in visible(coordinator.get(review))
    assert coordinator.send(f"{review}/settle", 409, on=review, version="0", code="encoding")
    coordinator.send(f"{review}/settle", on=review, version="1", code="encoding")
    assert "Check the letters with accents" not in visible(coordinator.get(review))


def test_the_document_is_kept_byte_for_byte(coordinator: CheckingClient) -> None:
    review = coordinator.send("/imports", file=annex("2018")).location
    answered = coordinator.get(f"{review}/document")
    assert answered.data == (ANNEXES / "myria-2018.txt").read_bytes()
    assert answered.headers["Content-Disposition"].startswith("attachment")


def test_markup_in_a_document_is_shown_as_text(coordinator: CheckingClient) -> None:
    review = pasted(coordinator, "2024/1\t<script>alert(1)</script> Former.\t<b>Police</b>\n")
    page = coordinator.page(review)
    assert "<script>alert(1)" in page.css_first(".r-draft__text").text()
    assert page.css_first("article script") is None


def test_the_import_of_another_issuer_is_not_found(office: Office, coordinator: CheckingClient) -> None:
    with database.transaction() as session:
        other = Issuer(slug="unia", name="Unia")
        session.add(other)
        session.flush()
    theirs = imports.read(other.id, ROW.encode(), "unia.txt", by=None, at=BEGIN)
    review = f"/imports/{theirs.id}"
    for url in (review, f"{review}/document", f"{review}/drafts/0"):
        coordinator.page(url, 404)
    for url in ("report", "accept", "settle", "discard", "resume", "drafts/0", "drafts/0/answer", "drafts/0/restore"):
        coordinator.send(f"{review}/{url}", 404, on="/imports", answer="drop", **REPORT)
    with database.reading() as session:
        assert session.get_one(Import, theirs.id).state == "draft"
        assert session.scalar(select(func.count(Draft.id))) == 2
    assert "unia.txt" not in coordinator.get("/imports").text


def test_imports_are_for_coordinators(office: Office, enter: Callable[[str], CheckingClient]) -> None:
    import_ = imports.read(office.issuer.id, ROW.encode(), "a.txt", by=None, at=BEGIN)
    for email in ("reader@myria.test", "police@bodies.test"):
        enter(email).page("/imports", 403)
        enter(email).page(f"/imports/{import_.id}", 403)
    assert enter("").get("/imports").location == "/sign-in"


def test_a_document_is_read_in_another_encoding_and_with_other_columns(coordinator: CheckingClient) -> None:
    rows = "".join(f"2024/{n};Former les équipes numéro {n}.;Police\n" for n in range(1, 7))
    review = pasted(coordinator, f"Cote;Objet;Pour\n{rows}")
    assert "Read it otherwise" in visible(coordinator.get(review))
    columns = {"column-0-0-holds": "code", "column-0-1-holds": "text", "column-0-2-holds": "addressee"}
    sent = {"language": "nl", "encoding": "cp1252", "version": "1"}

    done = coordinator.send(f"{review}/otherwise", **sent, **columns)

    assert done.location == review
    shown = visible(coordinator.get(review))
    assert "Former les Ã©quipes numÃ©ro 1." in shown
    assert "Nederlands · CP1252" in shown


def test_a_table_needs_a_column_with_the_text(coordinator: CheckingClient) -> None:
    rows = "".join(f"2024/{n};Former les équipes numéro {n}.;Police\n" for n in range(1, 7))
    review = pasted(coordinator, f"Cote;Objet;Pour\n{rows}")
    columns = {"column-0-0-holds": "code", "column-0-1-holds": "other", "column-0-2-holds": "addressee"}

    answer = coordinator.send(f"{review}/otherwise", 422, language="fr", encoding="", version="1", **columns)

    assert "Say which column has the text" in visible(answer)


def test_a_long_document_is_reviewed_page_by_page(coordinator: CheckingClient) -> None:
    rows = "".join(f"2024/{n}\tFormer les équipes numéro {n}.\tPolice\n" for n in range(1, 401))
    review = pasted(coordinator, f"{rows}2024/401\tÉtudier ceci.\tOrganisme inconnu\n")

    first = coordinator.get(review)
    last = coordinator.get(f"{review}?order=printed&page=17")

    assert len(first.text) < 200_000
    assert "2024/401" in visible(first).split("What was understood")[1].split("2024/1 ")[0]
    assert [f"2024/{n}" in visible(last) for n in (2, 401)] == [False, True]  # its name is its first line
    assert "The lines round the drafts of this page are shown." in visible(last)


def test_the_answers_of_a_response_sheet_are_looked_at_and_recorded(coordinator: CheckingClient) -> None:
    accept(coordinator, pasted(coordinator))
    sheet = "N°;Recommandation;Destinataire;Réponse;Statut\n2024/1;Former la police.;Police;Formée.;Peut-être\n"
    review = pasted(coordinator, sheet)
    page = coordinator.page(review)
    (link,) = [one for one in page.css("a") if one.attributes["href"] == f"{review}/answers"]
    assert link.text() == "Look at the answers"

    answers = f"{review}/answers"
    refused = coordinator.send(answers, 422, **{"wordings-0-status": "Peut-être", "wordings-0-response": ""})
    assert "Line 2: Say what “Peut-être” means." in visible(refused)

    said = {"wordings-0-status": "Peut-être", "wordings-0-response": "accepted", "wordings-0-reported": "fully"}
    coordinator.send(answers, **said, received_on="2025-01-15", channel="letter")
    assert flashed(coordinator) == "One answer was recorded."
    coordinator.send(answers, **said, received_on="2025-01-15", channel="letter")
    assert "No answer was added. One was there already." in flashed(coordinator)


def test_a_document_without_answers_says_so(coordinator: CheckingClient) -> None:
    assert "This document holds no answers." in visible(coordinator.get(f"{pasted(coordinator)}/answers"))


def test_two_languages_stand_side_by_side(coordinator: CheckingClient) -> None:
    accept(coordinator, pasted(coordinator))
    dutch = "2024/1\tLeid de politie op.\tPolitie\n2024/2\tLeid de magistraten op.\tmagistraten\n"
    review = str(coordinator.send("/imports", text=dutch, language="nl").location)
    first = card(coordinator.page(review), "2024/1")
    assert [one.attributes["lang"] for one in first.css(".r-texts .r-draft__text")] == ["nl", "fr"]
    accept(coordinator, review)
    assert flashed(coordinator).endswith("2 recommendations have their text in another language too.")


def test_a_pasted_text_is_called_by_its_first_line_in_every_language(coordinator: CheckingClient) -> None:
    review = pasted(coordinator, "\n\x02\n" + ROW)
    for code in ("fr", "nl", "en"):
        assert "2024/1 Former la police. Police" in visible(coordinator.get(f"{review}?lang={code}"))
