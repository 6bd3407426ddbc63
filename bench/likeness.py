"""How long it takes to find the earlier recommendations most like a text, among 100,000: a bar of `make intake`.

`python -m bench.likeness DATABASE_URL` measures it on another database, which has to be empty.
"""

import random
import sys
import time
from datetime import date, timedelta

from sqlalchemy import insert

from tracker import database
from tracker.domain import likeness
from tracker.models import Issuer, Recommendation, RecommendationStem, RecommendationText, Report
from tracker.queries.likeness import like
from tracker.services import schema

WORDINGS, IN_A_REPORT, TEXTS = 100_000, 50, 9
_ONSETS = ("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "ch", "pr", "tr")
_RIMES = ("a", "e", "i", "o", "u", "ai", "an", "en", "on", "ou", "eur", "ique")
_FIRST = date(1990, 1, 1)


def _vocabulary(chance: random.Random) -> list[str]:
    return ["".join(chance.choice(_ONSETS) + chance.choice(_RIMES) for _ in range(4)) for _ in range(8_000)]


def load(chance: random.Random) -> list[str]:
    """A register of reports by one issuer, its words as unevenly common as those of a language; all its texts."""
    words = _vocabulary(chance)
    weights = [0.0]
    for place in range(len(words)):
        weights.append(weights[-1] + 1 / (place + 3))
    texts = [
        " ".join(chance.choices(words, cum_weights=weights[1:], k=chance.randint(15, 45))) for _ in range(WORDINGS)
    ]
    reports = range(1, WORDINGS // IN_A_REPORT + 1)
    with database.transaction() as session:
        session.execute(insert(Issuer), [{"id": 1, "slug": "issuer", "name": "Issuer"}])
        session.execute(insert(Report), [
            {"id": n, "issuer_id": 1, "slug": f"report-{n}", "title": f"Report {n}", "language": "fr",
             "issued_on": _FIRST + timedelta(days=n)} for n in reports
        ])  # fmt: skip
        session.execute(insert(Recommendation), [
            {"id": n + 1, "uid": f"r{n:025d}", "report_id": n // IN_A_REPORT + 1, "position": n % IN_A_REPORT,
             "code": str(n), "address": str(n)} for n in range(WORDINGS)
        ])  # fmt: skip
        session.execute(insert(RecommendationText), [
            {"recommendation_id": n + 1, "language": "fr", "text": text} for n, text in enumerate(texts)
        ])  # fmt: skip
        session.execute(insert(RecommendationStem), [
            {"stem": likeness.key("fr", stem), "recommendation_id": n + 1}
            for n, text in enumerate(texts) for stem in likeness.telling(text)
        ])  # fmt: skip
    return texts


def slowest() -> float:
    """Milliseconds that the slowest of some texts takes, in the empty database that is connected."""
    chance = random.Random(4)  # noqa: S311  # the same register each time
    texts, took = load(chance), []
    for n in chance.sample(range(WORDINGS), TEXTS):
        with database.reading():
            at = time.perf_counter()
            found = like(1, date(2100, 1, 1), {"fr": texts[n]})
            took.append((time.perf_counter() - at) * 1000)
            if found[0].recommendation.id != n + 1:
                raise RuntimeError("the text itself is not the likest")
    return max(took)


if __name__ == "__main__":
    database.connect(sys.argv[1])
    schema.migrate()
    print(f"likeness of one text against {WORDINGS:,}, slowest of {TEXTS}: {slowest():.0f} ms")
    database.close()
