"""A client that looks at every page it fetches, so that no test passes over a broken one."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse


class CheckingClient(FlaskClient):
    """Fetches pages as a browser would, and fails on markup that shuts people out."""

    def open(self, *args: Any, **values: Any) -> TestResponse:
        response = super().open(*args, **values)
        is_page = response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308)
        if is_page and "sandbox" not in response.headers["Content-Security-Policy"]:
            check(response)
        return response

    def page(self, url: str, status: int = 200) -> LexborHTMLParser:
        """A page that answers with `status`, parsed."""
        response = self.get(url)
        assert response.status_code == status, f"{url} answered {response.status}: {response.text[:2000]}"
        return LexborHTMLParser(response.text)

    def send(self, url: str, status: int = 302, **fields: Any) -> TestResponse:
        """Post a form with its CSRF token, which stands on the page at `url` or on the page `on`."""
        page = LexborHTMLParser(self.get(fields.pop("on", url)).text)
        token = page.css_first("input[name=csrf_token]").attributes["value"]
        sent = {name.rstrip("_"): value for name, value in fields.items() if value is not None}
        response = self.post(url, data={"csrf_token": token, **sent}, content_type="multipart/form-data")
        assert response.status_code == status, f"{url} answered {response.status}: {visible(response)[:2000]}"
        return response


Enter = Callable[..., CheckingClient]
"""A browser in which the person with an address is signed in; without one nobody is."""


def visible(response: TestResponse) -> str:
    """What a reader sees of a page, with single blanks."""
    main = LexborHTMLParser(response.text).css_first("main")
    return " ".join(main.text(separator=" ").split()) if main else response.text


def check(response: TestResponse) -> None:
    """Every problem of a page that a machine can see."""
    page = LexborHTMLParser(response.text)
    problems = [*_of_document(page), *_of_fields(page), *_of_links(page)]
    policy = response.headers["Content-Security-Policy"]
    if "unsafe" in policy or "'none'" not in policy:
        problems.append(f"the content security policy is loose: {policy}")
    assert not problems, f"{response.request.path}: {'; '.join(problems)}"


def _of_document(page: LexborHTMLParser) -> list[str]:
    problems = []
    title = page.css_first("title")
    if title is None or len(title.text().strip()) < 10:
        problems.append("no title")
    if (n := len(page.css("h1"))) != 1:
        problems.append(f"{n} first headings")
    if not (page.root and page.root.attributes.get("lang")):
        problems.append("no language")
    if len(page.css("main")) != 1:
        problems.append("no main part")
    twice = [name for name, n in Counter(node.attributes["id"] for node in page.css("[id]")).items() if n > 1]
    if twice:
        problems.append(f"ids twice: {twice}")
    if page.css("[style], style, script:not([src])"):
        problems.append("inline style or script")
    levels = [int((node.tag or "h1")[1]) for node in page.css("h1, h2, h3, h4")]
    if any(after - before > 1 for before, after in pairwise(levels)):
        problems.append(f"headings skip a level: {levels}")
    return problems


def _of_fields(page: LexborHTMLParser) -> list[str]:
    problems = []
    labelled = {label.attributes.get("for") for label in page.css("label")}
    for field in page.css("input, select, textarea"):
        kind = field.attributes.get("type")
        if kind in ("hidden", "submit"):
            continue
        if field.attributes.get("id") not in labelled and "aria-label" not in field.attributes:
            problems.append(f"no label for {field.attributes.get('name')}")
    for form in page.css("form[method=post]"):
        if form.css_first("input[name=csrf_token]") is None:
            problems.append("a form without a token")
    known = {node.attributes["id"] for node in page.css("[id]")}
    for node in page.css("[aria-describedby], [aria-labelledby]"):
        for name in _references(node):
            if name not in known:
                problems.append(f"“{name}” is described nowhere")
    return problems


def _references(node: LexborNode) -> list[str]:
    found = [node.attributes.get("aria-describedby"), node.attributes.get("aria-labelledby")]
    return " ".join(one or "" for one in found).split()


def _of_links(page: LexborHTMLParser) -> list[str]:
    problems = []
    known = {node.attributes["id"] for node in page.css("[id]")}
    for link in page.css("a[href]"):
        address = link.attributes["href"] or ""
        if address.startswith("#") and address[1:] not in known:
            problems.append(f"a link to {address}, which is nowhere")
        if not link.text().strip() and "aria-label" not in link.attributes:
            problems.append(f"a link without words to {address}")
    return problems
