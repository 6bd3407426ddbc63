"""The demonstration: both annexes of Myria, invented answers, mail that stays on this machine."""
