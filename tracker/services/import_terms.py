"""Says in a review which themes, groups and priority what is accepted gets, by section."""

import json
from collections.abc import Mapping, Sequence

from tracker.database import transaction
from tracker.models import Person
from tracker.services import imports, terms


def plan(import_id: int, chosen: Mapping[str, Sequence[int]], *, by: Person) -> None:
    """Give these terms when the import is accepted: by the title of a section, and under an empty one to everything."""
    with transaction() as session:
        import_ = imports.under_review(session, import_id, by)
        for ids in chosen.values():
            terms.check(import_.issuer_id, {*ids, *chosen.get("", ())})
        import_.terms = json.dumps({section: sorted(ids) for section, ids in chosen.items() if ids})
