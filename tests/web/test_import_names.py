"""Names that the register does not know are settled once for a whole document, and known the next time."""

import pytest

from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible

ROWS = "".join(
    f"2024/{n}\tFormer les équipes numéro {n}.\tLa maison poulaga, Organisme inconnu\n" for n in range(1, 31)
)


@pytest.fixture
def coordinator(enter: Enter, office: Office) -> CheckingClient:
    return enter("coordination@myria.test")


def pasted(client: CheckingClient, text: str = ROWS) -> str:
    return str(client.send("/imports", text=text).location)


def said(first: str, second: str, **more: str) -> dict[str, str]:
    return {
        "names-0-as_written": "La maison poulaga",
        "names-0-body": first,
        "names-1-as_written": "Organisme inconnu",
        "names-1-body": second,
        "version": "1",
        **more,
    }


def test_a_name_is_said_once_for_all_drafts_and_known_in_the_next_document(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    assert "2 names are not in the register" in visible(coordinator.get(review))
    assert "in 30 drafts: 2024/1, 2024/2, 2024/3, …" in visible(coordinator.get(f"{review}/names"))

    coordinator.send(f"{review}/names", **said("Police", "", **{"names-1-is_new": "y"}))

    shown = visible(coordinator.get(review))
    assert "30 drafts were settled." in shown
    assert "not a known body" not in shown
    again = visible(coordinator.get(pasted(coordinator, ROWS.replace("2024", "2025"))))
    assert "known as La maison poulaga" in again
    assert "not a known body" not in again


def test_a_body_that_is_not_there_is_told_at_its_field_and_nothing_is_lost(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)

    answer = coordinator.send(f"{review}/names", 422, **said("Police", "Polise"))

    assert "There is no body of this name." in visible(answer)
    assert 'value="Polise"' in answer.text
    assert "2 names are not in the register" in visible(coordinator.get(review))


def test_names_are_not_settled_over_a_correction_nobody_saw(coordinator: CheckingClient) -> None:
    review = pasted(coordinator)
    coordinator.send(f"{review}/names", **said("Police", ""))

    answer = coordinator.send(f"{review}/names", 422, **said("Police", "Police"))

    assert "Someone corrected this import meanwhile" in visible(answer)


def test_everything_without_an_addressee_is_addressed_at_once(coordinator: CheckingClient) -> None:
    review = pasted(
        coordinator, "2024/1\tFormer les équipes.\n\n2024/2\tPublier les chiffres.\n\n2024/3\tAgir.\tPolice\n"
    )
    assert "2 recommendations name no addressee." in visible(coordinator.get(review))

    coordinator.send(f"{review}/address", on=review, body="magistrats", version="1")

    assert "2 drafts were addressed." in visible(coordinator.get(review))
