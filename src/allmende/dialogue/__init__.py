"""Dialogue: the town asks, people answer, and the town owes them an answer to everything they put in."""
