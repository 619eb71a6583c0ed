"""The kinds of document: what may stand in each, and how it is read."""
