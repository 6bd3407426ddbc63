"""Words as each language sets and sorts them."""

from tracker import language


def test_names_are_sorted_as_readers_look_them_up() -> None:
    names = ["Services", "police", "Équipes ECOSOC", "Œuvre", "Office", "École", "Zone"]

    assert sorted(names, key=language.order_of) == [
        "École",
        "Équipes ECOSOC",
        "Œuvre",
        "Office",
        "police",
        "Services",
        "Zone",
    ]
