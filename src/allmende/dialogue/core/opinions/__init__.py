"""The opinion map: who votes alike on statements, what every group shares, what divides them.

Small, Bjorkegren, Erkkilä, Shaw, Megill (2021): Polis: Scaling deliberation by mapping high dimensional opinion spaces,
Recerca 26(2), doi 10.6035/recerca.5516; docs/reference/opinion-map.md says the method and where it departs from theirs.

`exports.read` reads files, `mapping.compute` makes the map, `placing` puts newcomers on it, `routing` says which
statement comes next (the last two without scikit-learn). Nothing is imported here: numpy costs time at every start.
"""
