"""Two people on one item of a form: 500 interleavings, of which none loses what the other wrote."""

from datetime import timedelta
from functools import partial

import pytest

from tests.faults.together import at_once
from tests.making import BEGIN, Office
from tests.measuring import Measure
from tests.reply_forms import interleaved, items_of, link_of
from tracker.errors import ChangedMeanwhile
from tracker.models import AnswerLink
from tracker.services import answer_links, reply_forms
from tracker.settings import Settings

AT = BEGIN + timedelta(days=1)


@pytest.mark.proves("D08")
def test_of_two_people_on_one_item_nobody_is_written_over(
    office: Office, settings: Settings, measure: Measure, is_full: bool
) -> None:
    office.ask()
    link = link_of(office, office.police, "2023/8", "police", settings, AT)
    given = answer_links.hand_on(link.id, "colleague@bodies.test", "Colleague", "", at=AT, settings=settings)
    times = 500 if is_full else 20

    lost = interleaved([link, given], "2023/8", AT, times=times)
    both, rounds = 0, times // 10
    for n in range(rounds):
        both += _at_once([link, given], n) != 1

    measure("D08", "texts of one item written over unseen", len(lost), f"of {times} interleavings", "= 0")
    measure("D08", "saves in the same moment of which not exactly one is taken", both, f"of {rounds}", "= 0")
    assert (lost, both) == ([], 0)


def _at_once(links: list[AnswerLink], n: int) -> int:
    """How many of two people who save what both read are taken."""
    item = items_of(links[0], AT)["2023/8"]

    def save(link: AnswerLink) -> bool:
        try:
            reply_forms.write(link.id, item.id, {"done": f"{link.id} {n}"}, version=item.version, at=AT)
        except ChangedMeanwhile:
            return False
        return True

    return sum(at_once(*(partial(save, link) for link in links)))
