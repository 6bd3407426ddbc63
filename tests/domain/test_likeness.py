"""How alike two wordings are, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import likeness


def test_the_same_words_in_another_form_are_alike_and_others_are_not() -> None:
    asked = "Former les policiers à la détection des victimes mineures."
    again = "Il faut former chaque policier à détecter les victimes qui sont mineures."
    other = "Saisir les avoirs des réseaux."

    assert likeness.likeness(asked, asked, {}) == 1
    assert likeness.likeness(asked, again, {}) > 0.6
    assert likeness.likeness(asked, other, {}) == 0


def test_a_rare_word_in_common_says_more_than_one_that_everybody_uses() -> None:
    weights = {"victim": likeness.weight(90, 100), "chaine": likeness.weight(1, 100)}

    rare = likeness.likeness("chaîne victimes", "chaîne réseaux", weights)
    common = likeness.likeness("chaîne victimes", "victimes réseaux", weights)

    assert rare > common


def test_what_is_shared_is_told_piece_by_piece_and_no_letter_is_lost() -> None:
    pieces = likeness.shared("Détecter les victimes, vite !", "La détection de chaque victime")

    assert "".join(piece for piece, _is_shared in pieces) == "Détecter les victimes, vite !"
    assert [piece for piece, is_shared in pieces if is_shared] == ["Détecter", "victimes"]


def test_the_same_stem_in_two_languages_is_found_apart() -> None:
    assert likeness.key("fr", "police") != likeness.key("nl", "police")
    assert 0 <= likeness.key("fr", "police") < 2**31


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared_either_way(one: str, other: str) -> None:
    measured = likeness.likeness(one, other, {})

    assert 0 <= measured <= 1.000001
    assert abs(measured - likeness.likeness(other, one, {})) < 1e-9
    assert "".join(piece for piece, _shared in likeness.shared(one, other)) == one
    assert len(likeness.telling(one)) <= likeness.TELLING
