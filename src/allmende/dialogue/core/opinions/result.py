"""The map as JSON: plain numbers rounded to six places, everything in the order of ids.

The text of a statement is given only if it was moderated in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .exports import Conversation
from .figures import Representative
from .mapping import ALGORITHM, DIGITS, VERSION, OpinionMap, libraries
from .votes import natural


def as_json(made: OpinionMap) -> dict[str, Any]:
    """What a run found, and what it was made from."""
    votes = made.votes
    return {
        "run": {
            "algorithm": ALGORITHM,
            "version": VERSION,
            "libraries": libraries(),
            "input_sha256": votes.digest(),
            "seed": made.options.seed,
            "parameters": {
                "k": made.options.k,
                "dimensions": made.options.dimensions,
                "most_groups": made.options.most_groups,
                "min_votes": made.min_votes,
                "resamples": made.options.resamples,
            },
            "counts": {
                "people": len(votes.people),
                "people_in_groups": int((made.labels >= 0).sum()),
                "statements": len(votes.statements),
                "statements_in_map": len(made.columns),
                "votes": len(votes.value),
            },
        },
        "dimensions": {"used": made.points.shape[1], "above_chance": made.above_chance},
        "k": made.k,
        "scores": [
            {
                "k": one.k,
                "silhouette": _round(one.silhouette),
                "stability": None if one.stability is None else _round(one.stability),
                "score": one.score,
                "smallest": one.smallest,
                "eligible": one.eligible,
            }
            for one in made.scores
        ],
        "groups": [_group(made, number) for number in range(made.k)],
        "consensus": _shared(made, 0),
        "consensus_against": _shared(made, 1),
        "minority": _minority(made),
        "statements": _statements(made),
        "people": _people(made),
    }


def conversation_json(conversation: Conversation, made: OpinionMap) -> dict[str, Any]:
    """What the files say besides the votes, and how near our groups are to those that Polis gave."""
    agreement = made.agreement(conversation.official)
    return {
        "topic": conversation.topic,
        "sign": conversation.sign,
        "notes": [one.as_json() for one in conversation.notes],
        "official": None
        if agreement is None
        else {
            "groups": len(set(conversation.official.values())),
            "people": agreement[0],
            "adjusted_rand_index": _round(agreement[1]),
        },
    }


def _round(value: float) -> float:
    return round(float(value), DIGITS) + 0.0  # no -0.0


def _group(made: OpinionMap, number: int) -> dict[str, Any]:
    members = sorted((made.votes.people[at] for at in np.flatnonzero(made.labels == number)), key=natural)
    return {
        "id": number + 1,
        "size": len(members),
        "stability": _round(made.likeness[:, number].mean()) if len(made.likeness) else None,
        "x": _round(made.centres[number, 0]),
        "y": _round(made.centres[number, 1]),
        "members": members,
        "representative": [_representative(made, one) for one in made.figures.representative[number]],
    }


def _id(made: OpinionMap, place: int) -> str:
    """Of a statement of the map."""
    return made.votes.statements[made.columns[place]].id


def _representative(made: OpinionMap, one: Representative) -> dict[str, Any]:
    return {
        "statement": _id(made, one.statement),
        "side": one.side,
        "votes": one.votes,
        "of": one.cast,
        "probability": _round(one.probability),
        "probability_others": _round(one.probability_others),
        "ratio": _round(one.ratio),
        "z_majority": _round(one.z_majority),
        "z_difference": _round(one.z_difference),
        "false_discovery": _round(one.false_discovery),
    }


def _shared(made: OpinionMap, side: int) -> list[str]:
    """Statements that every group agrees or disagrees with, the strongest first."""
    name = ("consensus", "consensus_against")[side]
    found = [place for place, kinds in enumerate(made.figures.kinds) if name in kinds]
    strength = made.figures.consensus[side]
    ordered = sorted(found, key=lambda place: (-round(float(strength[place]), 9), natural(_id(made, place))))
    return [_id(made, place) for place in ordered]


def _minority(made: OpinionMap) -> list[dict[str, Any]]:
    found = [(natural(_id(made, place)), group + 1, side) for place, group, side in made.figures.minority]
    return [{"statement": id[2], "group": group, "side": side} for id, group, side in sorted(found)]


def _statements(made: OpinionMap) -> list[dict[str, Any]]:
    votes, figures = made.votes, made.figures
    size = len(votes.statements)
    agrees, passes, disagrees = (
        np.bincount(votes.statement[votes.value == value], minlength=size).tolist() for value in (1, 0, -1)
    )
    place = {int(at): number for number, at in enumerate(made.columns)}
    extremity = np.linalg.norm(made.space.axes[:, :2], axis=1)
    largest = extremity.max(initial=0.0)
    listed = []
    for at in sorted(range(size), key=lambda at: natural(votes.statements[at].id)):
        one, number = votes.statements[at], place.get(at)
        row: dict[str, Any] = {
            "id": one.id,
            "text": one.text if one.moderated == 1 else None,
            "moderated": one.moderated,
            "meta": one.meta,
            "in_map": number is not None,
            "agrees": agrees[at],
            "disagrees": disagrees[at],
            "passes": passes[at],
            "groups": [],
            "consensus": None,
            "consensus_against": None,
            "divisiveness": None,
            "extremity": None,
            "kinds": [],
        }
        if number is not None and made.k:
            row["groups"] = [_in_group(made, group, number) for group in range(made.k)]
            row["consensus"] = _round(figures.consensus[0][number])
            row["consensus_against"] = _round(figures.consensus[1][number])
            row["divisiveness"] = _round(figures.divisiveness[number])
            row["extremity"] = _round(extremity[number] / largest) if largest else 0.0
            row["kinds"] = figures.kinds[number]
        listed.append(row)
    return listed


def _in_group(made: OpinionMap, group: int, number: int) -> dict[str, Any]:
    counts = made.figures.counts
    agrees, disagrees = (int(side[group, number]) for side in counts.sides)
    return {
        "group": group + 1,
        "agrees": agrees,
        "disagrees": disagrees,
        "passes": int(counts.cast[group, number]) - agrees - disagrees,
    }


def _people(made: OpinionMap) -> list[dict[str, Any]]:
    cast = np.bincount(made.votes.person, minlength=len(made.votes.people)).tolist()
    points, labels = made.points, made.labels.tolist()
    return [
        {
            "id": made.votes.people[at],
            "x": _round(points[at, 0]),
            "y": _round(points[at, 1]),
            "group": labels[at] + 1 if labels[at] >= 0 else None,
            "votes": cast[at],
        }
        for at in sorted(range(len(cast)), key=lambda at: natural(made.votes.people[at]))
    ]
