"""What can be done: one verb, one transaction each, the same from every door."""
