"""A public recommendation as data: codes and dates, texts in every language that there is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, jsonify

from tracker.domain.vocabulary import EntryKind
from tracker.models import Recommendation
from tracker.queries import splits
from tracker.queries.exchange import Spoken
from tracker.queries.public import Voices
from tracker.web.access import settings
from tracker.web.lineage import Line


def answer(
    of: Recommendation,
    voices: Sequence[Voices],
    exchanges: Mapping[int, list[Spoken]],
    withdrawn_on: date | None,
    line: Line,
) -> Response:
    """What is at `/r/{report}/{address}.json`."""
    whole, parts = splits.whole(of), splits.parts(of.id)
    return jsonify(
        url=_at(of),
        issuer=of.report.issuer.name,
        report={
            "slug": of.report.slug,
            "title": of.report.title,
            "language": of.report.language,
            "issued_on": of.report.issued_on.isoformat(),
        },
        section=of.section.title if of.section else None,
        code=of.code,
        texts={text.language: text.text for text in of.texts},
        withdrawn_on=_day(withdrawn_on),
        part_of=_at(whole) if whole else None,
        parts=[_at(part) for part in parts],
        first_asked_on=_day(line.first_on) if line.before else None,
        asked_before=[_other(one.recommendation) for one, _url in line.before],
        asked_again=[_other(one) for one, _url in line.again],
        addressees=[_addressee(one, exchanges.get(one.addressee_id, [])) for one in voices],
    )


def _at(of: Recommendation) -> str:
    """Its permanent address."""
    return f"{settings().base_url}/r/{of.report.slug}/{of.address}"


def _other(of: Recommendation) -> dict[str, Any]:
    """Another recommendation, by its address."""
    return {"url": _at(of), "code": of.code, "report": of.report.slug, "issued_on": of.report.issued_on.isoformat()}


def _addressee(one: Voices, lines: Sequence[Spoken]) -> dict[str, Any]:
    names = {name.language: name.name for name in one.body.names if not name.is_alias and name.until_on is None}
    return {
        "body": {"slug": one.body.slug, "names": names},
        "role": one.role.value,
        "as_written": {
            wording.language: {"text": wording.as_written, "qualifier": wording.qualifier} for wording in one.wordings
        },
        "response": one.response.value,
        "reported": one.reported.value if one.reported else None,
        "assessed": one.assessed.value if one.is_implementer else None,
        "disputed": one.is_disputed,
        "notice": one.notice.value or None,
        "reply_due_on": _day(one.due_on),
        "timeline": [_line(line) for line in lines],
    }


def _line(line: Spoken) -> dict[str, Any]:
    """Only what its kind has: an absent value is left out."""
    told: dict[str, Any] = {
        "kind": line.kind.value,
        "on": line.day.isoformat(),
        "response": line.response,
        "reported": line.reported,
        "assessed": line.assessed,
        "channel": line.channel if line.kind is EntryKind.ANSWERED else None,
        "since": _day(line.since),
        "reply_due_on": _day(line.due_on),
        "taken_over_by": line.body,
        "texts": list(line.words),
        "links": list(line.links),
        "text_removed": line.is_removed,
    }
    return {name: value for name, value in told.items() if value}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
