"""Whether somebody has an address here is told neither by what the sign-in page says nor by how long it takes."""

import re
import time
from statistics import median

import pytest
from flask import Flask
from sqlalchemy import delete

from tests.making import Office
from tests.measuring import Measure
from tests.web.checking import CheckingClient
from tracker import database
from tracker.models import LimitedAct, SignInCode

ADDRESSES = {True: "police@bodies.test", False: "nobody@bodies.test"}


@pytest.mark.proves("S12")
def test_known_and_unknown_addresses_are_answered_alike_and_as_fast(
    app: Flask, office: Office, is_full: bool, measure: Measure
) -> None:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    page = client.page("/sign-in?lang=en")
    token = page.css_first("input[name=csrf_token]").attributes["value"]
    took: dict[tuple[str, bool], list[float]] = {}
    said: dict[tuple[str, bool], set[str]] = {}

    def send(path: str, is_known: bool, form: dict[str, str | None]) -> None:
        begun = time.perf_counter()
        answered = client.post(path, data={"csrf_token": token, **form})
        took.setdefault((path, is_known), []).append((time.perf_counter() - begun) * 1000)
        headers = sorted((name, value) for name, value in answered.headers if name != "Set-Cookie")
        text = re.sub(r'(csrf_token"[^>]*value=)"[^"]+"', r"\1", answered.text).replace(ADDRESSES[is_known], "ADDRESS")
        said.setdefault((path, is_known), set()).add(f"{answered.status} {headers} {text}")

    for n in range(500 if is_full else 10):
        for is_known in (True, False) if n % 2 else (False, True):
            with database.transaction() as session:
                # The limits are another question; they see to it that few codes are open at once.
                session.execute(delete(LimitedAct))
                session.execute(delete(SignInCode))
            send("/sign-in", is_known, {"email": ADDRESSES[is_known]})
            send("/sign-in/code", is_known, {"code": "000000"})

    for path, what in (("/sign-in", "a code is asked for"), ("/sign-in/code", "a wrong code is typed")):
        assert said[path, True] == said[path, False]
        assert len(said[path, True]) == 1
        gap = abs(median(took[path, True]) - median(took[path, False]))
        # A machine that tests share with other work tells no milliseconds: the bar is for a full run.
        bar = "≤ 5" if is_full else ""
        measure("S12", f"median gap of known and unknown addresses when {what}", round(gap, 2), "ms", bar)
