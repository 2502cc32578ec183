"""Decisions of councils, read by OParl 1.0 and 1.1 (https://dev.oparl.org/spezifikation).

`shapes` reads what a server says, `client` asks it, `walking` goes through all of it, `keeping` keeps what was decided;
`sources` and `decisions` are the verbs of people.
"""
