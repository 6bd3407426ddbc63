"""What every page is made of: each component once, in a page that a strict content security policy allows."""

import gzip
from datetime import date
from typing import Any

import pytest
from flask import Flask, flash, g, render_template, render_template_string
from flask_wtf import FlaskForm
from jinja2 import UndefinedError
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from tracker import language
from tracker.domain.vocabulary import SEVEN, Implementation
from tracker.web import assets, templating

FIELDS = """
{% extends "layouts/visitor.html" %}
{% from "components/button.html" import button, link_button, post_button %}
{% from "components/choice.html" import choice, choices %}
{% from "components/fields.html" import text_field, textarea, date_field, select_field, file_field, checkbox %}
{% from "components/form.html" import error_summary, hidden_fields, send_bar %}
{% block title %}Answer{% endblock %}
{% block content %}{{ error_summary(form) }}<h1>Answer</h1>
<form method="post" id="answer" novalidate>{{ hidden_fields(form) }}
{{ choice(form.where, hint="As of today.", reported="fully", standing="partially", in_columns=true) }}
{{ textarea(form.what, hint="Three sentences.", warning="No names.") }}{{ text_field(form.link, is_optional=true) }}
{{ date_field(form.due) }}{{ select_field(form.body) }}{{ file_field(form.document, accept=".pdf") }}
{{ checkbox(form.read, hint="One mail of each language.") }}{{ choices(form.languages) }}
{{ button("Send") }}{{ link_button("Back", "/") }}</form>{{ post_button("/hold", "Hold", about="the mail to Police") }}
{% endblock %}
{% block send %}{% call send_bar("Draft kept") %}{{ button("Send", form="answer") }}{% endcall %}{% endblock %}
"""
ROWS = """
{% extends "layouts/office.html" %}
{% from "components/addressee.html" import addressee %}
{% from "components/mark.html" import mark %}
{% from "components/page.html" import page_head, section_head, crumbs, tabs, figures, note, warning, empty_state,
   pagination, filters, filter_select, filter_search %}
{% from "components/stave.html" import stave, bar, legend, counts %}
{% from "components/status.html" import status, voice, response_pill, flag_gap, mail_state %}
{% from "components/table.html" import table %}
{% from "components/timeline.html" import timeline, timeline_year, timeline_entry, said, files %}
{% block title %}Recommendations{% endblock %}
{% block content %}
{{ crumbs([("Annual report", "/r")]) }}{{ page_head("All", note="Today") }}{{ section_head("Bodies", id="bodies") }}
{{ tabs([{"label": "All", "url": "/", "is_current": true, "count": 3}], "Filter") }}{{ mark("r-sign__mark") }}
{{ figures([{"number": 3, "name": "Overdue", "is_late": true, "of": "/ 9", "compared": "2 before", "url": "/"}]) }}
{{ legend("Myria") }}{{ stave(pairs) }}{{ bar({"fully": 2, "nothing": 1}, 3) }}{{ counts({"fully": 2}, {}, "Three") }}
{% call filters("/", clear_url="/") %}{{ filter_search("q", "Words", none) }}
{{ filter_select("s", "Status", [("", "All")], none) }}{% endcall %}
{% call table("Bodies", [{"label": "Body", "is_hidden": true},
  {"label": "Late", "is_number": true, "sort_url": "/", "sorted": "ascending"}]) %}
<tr role="row"><th role="rowheader" scope="row">Police</th><td role="cell" class="r-num" data-label="Late">1</td></tr>
{% endcall %}{{ pagination(none, "/next") }}
{{ response_pill("accepted") }}{{ flag_gap(today) }}{{ voice("body") }}
{{ mail_state("failed", "Failed") }}{{ status(none) }}
{% call addressee("Police", "Implementer", "fully", "partially", response="accepted", is_disputed=true, is_open=true) %}
{% call timeline("Myria") %}{{ timeline_year(2026) }}{{ timeline_entry("fact", "1 Sept", "asked") }}
{% call timeline_entry("body", "2 Sept", title="Answered") %}{{ said("Done.") }}
{% call files() %}<span>1</span>{% endcall %}
{% endcall %}{% endcall %}{% endcall %}
{{ note("Quiet.") }}{{ warning("Look.") }}{{ empty_state("None", "Later.", ("Rounds", "/rounds")) }}
{% endblock %}
"""


class AnswerForm(FlaskForm):
    where = RadioField(
        "Where is it?",
        choices=[SelectChoice(code.value, code.label, {"data-hint": "Give a reason."}) for code in SEVEN],
        validators=[InputRequired("Choose where it is")],
    )
    what = TextAreaField("What was done?", validators=[InputRequired("Say what was done")])
    link = StringField("A link", validators=[InputRequired("Give a link")])
    due = DateField("Due")
    body = SelectField("Body", choices=[SelectChoice("a", "Police")])
    document = FileField("Document")
    read = BooleanField("Read")
    languages = SelectMultipleField("Languages", choices=[SelectChoice("fr", "Français")])
    seen = IntegerField(widget=widgets.HiddenInput(), default=3)


@pytest.fixture
def app() -> Flask:
    app = Flask("tracker")
    app.config.update(SECRET_KEY="k" * 40, TESTING=True)
    assets.register(app)
    templating.register(app)
    return app


def render(app: Flask, source: str, path: str = "/page?x=1", **values: Any) -> HTMLParser:
    """The page as a browser would take it, checked for what every page must keep."""
    with app.test_request_context(path):
        g.issuer, g.me, g.is_held = "Myria", "Jeanne", True
        g.navigation = [{"label": "Rounds", "url": "/rounds", "is_current": True, "count": 2}]
        g.demo = {
            "today": date(2026, 11, 23),
            "forward_url": "/f",
            "here": "/",
            "accounts_url": "/demo",
            "mail_url": "/demo/mail",
        }
        flash("Saved.")
        page = HTMLParser(render_template_string(source, **values))
    check(page)
    return page


def texts(page: HTMLParser, selector: str) -> list[str]:
    return [node.text().strip() for node in page.css(selector)]


def check(page: HTMLParser) -> None:
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert sorted(ids) == sorted(set(ids))
    assert not page.css("style, [style], script:not([src])")
    assert not [node for node in page.css("*") if any(name.startswith("on") for name in node.attributes)]
    for name in ("for", "aria-describedby", "aria-labelledby", "form"):
        wanted = [word for node in page.css(f"[{name}]") for word in str(node.attributes[name]).split()]
        assert set(wanted) <= set(ids)
    assert {str(node.attributes["href"])[1:] for node in page.css("use, a[href^='#']")} <= set(ids)
    labelled = {node.attributes["for"] for node in page.css("label")}
    for control in page.css("input, textarea, select"):
        assert control.attributes.get("type") == "hidden" or control.attributes["id"] in labelled
    assert all(form.css_first("[name=csrf_token]") for form in page.css("form[method=post]"))
    assert all(svg.attributes.get("aria-label") or svg.attributes.get("aria-hidden") for svg in page.css("svg"))
    assert (len(page.css("main")), len(page.css("h1"))) == (1, 1)


def form_of(app: Flask, is_checked: bool) -> AnswerForm:
    with app.test_request_context("/"):
        form = AnswerForm(meta={"csrf": False})
        if is_checked:
            form.validate()
            form.form_errors.append("Somebody was faster.")
        return form


def test_fields_have_labels_hints_and_cells(app: Flask) -> None:
    page = render(app, FIELDS, form=form_of(app, is_checked=False))

    assert texts(page, "title") == ["Answer – Répons"]
    assert page.css_first("[name=seen]").attributes["value"] == "3"
    assert page.css_first("#what").attributes["aria-describedby"] == "what-hint what-warning"
    assert len(page.css("#answer fieldset use")) == len(SEVEN)
    assert texts(page, "label small") == ["stands today", "reported"]
    assert len(texts(page, ".r-choice__hint")) == len(SEVEN)
    assert not page.css(".govuk-error-summary")


def test_problems_are_told_in_the_title_at_the_top_and_at_the_field(app: Flask) -> None:
    page = render(app, FIELDS, form=form_of(app, is_checked=True))

    assert texts(page, "title") == ["Error: Answer – Répons"]
    links = {str(node.attributes["href"]): node.text() for node in page.css(".govuk-error-summary a")}
    assert links["#where-0"] == "Choose where it is"
    assert links["#what"] == "Say what was done"
    assert texts(page, ".govuk-error-summary li")[0] == "Somebody was faster."
    assert page.css_first("#link").attributes["aria-describedby"] == "link-error"
    assert page.css_first("#link").attributes["aria-invalid"] == "true"


def test_rows_staves_and_timelines(app: Flask) -> None:
    pairs = [(None, "not_assessed"), ("fully", "partially")]

    page = render(app, ROWS, pairs=pairs, today=date(2026, 9, 1))

    stave = page.css_first("svg.r-stave")
    assert stave.attributes["aria-label"] == (
        "Reported: 1 fully implemented; 1 nothing reported. "
        "Found: 1 partially implemented; 1 not yet assessed. Gaps: 1."
    )
    assert [use.attributes["href"] for use in stave.css("use")] == [
        "#st-fully", "#st-partially", "#st-nothing", "#st-not_assessed",
    ]  # fmt: skip
    assert len(stave.css(".k-gap")) == 1
    assert texts(page, "[role=status]") == ["Saved."]
    assert page.css_first(".r-nav [aria-current=page]").text() == "Rounds 2"


def test_a_long_stave_joins_the_cells_of_one_status(app: Flask) -> None:
    pairs = [("fully", "fully")] * 30 + [(None, "not_assessed")] * 11

    page = render(app, ROWS, pairs=pairs, today=date(2026, 9, 1))

    assert texts(page, "svg.r-stave .k-n")[:4] == ["30", "11", "30", "11"]


@pytest.mark.parametrize("status", [403, 404, 409, 413, 422, 429, 500, 503, 418])
def test_error_pages_say_what_to_do(app: Flask, status: int) -> None:
    with app.test_request_context("/nowhere"):
        page = HTMLParser(render_template("errors/error.html", status=status))
    check(page)
    assert texts(page, "h1")[0] in texts(page, "title")[0]


def test_a_refusal_speaks_for_itself(app: Flask) -> None:
    with app.test_request_context("/nowhere"):
        assert "No such round." in render_template("errors/error.html", status=404, sentence="No such round.")


def test_texts_may_hold_markup_and_values_may_not(app: Flask) -> None:
    with app.test_request_context("/"):
        shown = render_template_string("{{ _('<b>%(name)s</b>', name=n) }}{{ n }}", n="<i>")
    assert shown == "<b>&lt;i&gt;</b>&lt;i&gt;"


def test_a_value_that_was_forgotten_is_an_error(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(UndefinedError):
        render_template_string("{{ forgotten }}")


def test_the_same_page_in_another_language(app: Flask) -> None:
    with app.test_request_context("/r/2023/1?q=a b&lang=fr"), language.speaking("nl"):
        shown = render_template_string("{{ language }} {{ language_url('en') }}")
    assert shown == "nl /r/2023/1?q=a+b&amp;lang=en"


def test_files_are_kept_for_ever_under_the_name_of_their_content(app: Flask) -> None:
    with app.test_request_context("/"):
        named = assets.asset("look.css")
    client = app.test_client()

    with client.get(named) as kept, client.get("/static/look.css?v=old") as asked_again:
        assert kept.headers["Cache-Control"] == assets.FOR_EVER
        assert asked_again.headers["Cache-Control"] == "no-cache"


def test_text_files_travel_packed_where_a_browser_takes_it(app: Flask) -> None:
    client = app.test_client()

    with (
        client.get("/static/look.css", headers={"Accept-Encoding": "gzip"}) as packed,
        client.get("/static/look.css") as plain,
    ):
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) * 3 < len(plain.data)
        assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")


def test_every_status_has_a_cell(app: Flask) -> None:
    with app.test_request_context("/"):
        cells = HTMLParser(render_template("layouts/cells.html"))
    assert {node.attributes["id"] for node in cells.css("g[id]")} == {f"st-{c}" for c in [*Implementation, "nothing"]}


def test_components_of_govuk_frontend_can_be_used(app: Flask) -> None:
    with app.test_request_context("/"):
        shown = render_template_string("{{ govuk('details').govukDetails({'summaryText': 'More', 'text': 'a < b'}) }}")
    assert "a &lt; b" in shown
