"""Answers about a run: why a result is what it is, what changed, whether golden cases hold."""
