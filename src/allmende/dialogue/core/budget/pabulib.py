"""Reading Pabulib's `.pb` files (sections.py says the format), and the checks of what is in them.

Files that others have published are read leniently: what can be counted is counted, and what is odd is a Finding. Where
the meaning of a ballot is not certain (an unknown project, a voter twice), nothing is counted and the line is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from .amounts import NotANumber, number, plain
from .limits import check_ballots
from .model import APPROVAL, ORDINAL, POINTS, VOTE_TYPES, Ballot, Election, Finding, Project, Unreadable
from .sections import Section, sections

_CODES = {"not_a_number": "not_a_number", "ambiguous": "ambiguous_number", "too_big": "number_too_big"}


def read(data: bytes, strict: bool = False) -> Election:
    """The election in the bytes of a `.pb` or `.pb.gz` file. Raises Unreadable, naming the line.

    `strict` refuses files with ballots that break the limits of META, instead of counting and reporting them.
    """
    findings: list[Finding] = []
    found = sections(data, findings)
    meta, lines = _meta(found["META"], findings)
    vote_type = _asked(meta, "vote_type", found["META"]).strip().lower()
    if vote_type not in VOTE_TYPES:
        raise Unreadable("vote_type", lines["vote_type"], value=vote_type, known=", ".join(sorted(VOTE_TYPES)))
    budget = _amount(_asked(meta, "budget", found["META"]), "budget", lines["budget"], findings)
    if "min_project_score_threshold" in meta:
        key = "min_project_score_threshold"
        _amount(meta[key], key, lines[key], findings)
    projects = _projects(found["PROJECTS"], budget, findings)
    ballots = _ballots(found["VOTES"], vote_type, {one.id for one in projects}, findings)
    election = Election(meta, budget, vote_type, projects, ballots)
    broken = check_ballots(election, lines)
    if strict and (first := next((one for one in broken if one.ballot), None)):
        count = len({one.line for one in broken if one.ballot})
        raise Unreadable("strict", count=count, first=(first.text("de"), first.text("en")))
    findings += broken + _sums(election, lines)
    return Election(meta, budget, vote_type, projects, ballots, tuple(findings))


def _meta(section: Section, findings: list[Finding]) -> tuple[dict[str, str], dict[str, int]]:
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, cells in section.rows:
        key, value = cells[0].strip(), ";".join(cells[1:]).strip()
        if len(cells) == 1 and ":" in key:  # "rule: greedy", as Pabulib's own example has it
            key, value = (part.strip() for part in key.split(":", 1))
        value = value.rstrip(";").strip() if len(cells) > 2 else value
        if not key or not value:
            findings.append(Finding("meta_line", line, {"value": key}))
        elif key not in meta:
            meta[key], lines[key] = value, line
        elif meta[key] != value and key in ("budget", "vote_type", "min_project_score_threshold"):
            raise Unreadable("meta_contradicts", line, key=key)
        else:
            findings.append(Finding("meta_twice", line, {"key": key}))
    return meta, lines


def _asked(meta: Mapping[str, str], key: str, section: Section) -> str:
    if key not in meta:
        raise Unreadable("no_meta", section.line, key=key)
    return meta[key]


def _number(text: str, what: str, line: int, findings: list[Finding]) -> Fraction:
    try:
        value = number(text)
    except NotANumber as exc:
        raise Unreadable(_CODES[exc.code], line, what=what, value=text) from None
    if "," in text:
        findings.append(Finding("decimal_comma", line, {"what": what, "value": text, "read": plain(value)}))
    return value


def _amount(text: str, what: str, line: int, findings: list[Finding]) -> Fraction:
    value = _number(text, what, line, findings)
    if value < 0:
        raise Unreadable("negative", line, what=what, value=text)
    return value


def _rows(section: Section, title: str, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Column → cell without the empty ones, for each line."""
    for column in needed:
        if column not in section.columns:
            raise Unreadable("no_column", section.line + 1, name=title, column=column)
    for column in section.columns:
        if column and section.columns.count(column) > 1:
            raise Unreadable("column_twice", section.line + 1, name=title, column=column)
    rows = []
    for line, cells in section.rows:
        stripped = [cell.strip() for cell in cells]
        if any(stripped[len(section.columns) :]):
            raise Unreadable("too_many_cells", line)
        row = {column: cell for column, cell in zip(section.columns, stripped, strict=False) if column and cell}
        rows.append((line, row))
    return rows


def _projects(section: Section, budget: Fraction, findings: list[Finding]) -> tuple[Project, ...]:
    projects: dict[str, Project] = {}
    for line, row in _rows(section, "PROJECTS", ("project_id", "cost")):
        key = row.pop("project_id", "")
        if not key:
            raise Unreadable("no_id", line, name="PROJECTS")
        if "," in key:
            raise Unreadable("comma_in_id", line, value=key)
        if key in projects:
            raise Unreadable("project_twice", line, value=key, first=projects[key].line)
        cost = _amount(row.pop("cost", ""), "cost", line, findings)
        if cost == 0:
            findings.append(Finding("free", line, {"project": key}))
        elif cost > budget:
            findings.append(Finding("above_budget", line, {"project": key}))
        projects[key] = Project(key, cost, row.pop("name", ""), row, line)
    if not projects:
        findings.append(Finding("no_projects"))
    return tuple(projects.values())


def _ballots(section: Section, vote_type: str, known: set[str], findings: list[Finding]) -> tuple[Ballot, ...]:
    needed = ("voter_id", "vote", "points") if vote_type in POINTS and section.rows else ("voter_id", "vote")
    ballots: dict[str, Ballot] = {}
    for line, row in _rows(section, "VOTES", needed):
        voter = row.pop("voter_id", "")
        if not voter:
            raise Unreadable("no_id", line, name="VOTES")
        if voter in ballots:
            raise Unreadable("voter_twice", line, value=voter, first=ballots[voter].line)
        projects = _named(row.pop("vote", ""), voter, vote_type, known, line, findings)
        points = None
        # Approval ballots have no points; a column of that name is some other column there.
        if vote_type not in APPROVAL and ("points" in row or vote_type in POINTS):
            points = _points(row.pop("points", ""), voter, projects, vote_type, line, findings)
        ballots[voter] = Ballot(voter, projects, points, row, line)
    if not ballots:
        findings.append(Finding("no_ballots"))
    return tuple(ballots.values())


def _named(
    cell: str, voter: str, vote_type: str, known: set[str], line: int, findings: list[Finding]
) -> tuple[str, ...]:
    named = [part.strip() for part in cell.split(",") if part.strip()]
    for project in named:
        if project not in known:
            raise Unreadable("unknown_project", line, voter=voter, value=project)
    if len(set(named)) == len(named):
        return tuple(named)
    twice = next(project for project in named if named.count(project) > 1)
    if vote_type not in APPROVAL:
        raise Unreadable("project_twice_on_ballot", line, voter=voter, value=twice)
    findings.append(Finding("named_twice", line, {"voter": voter, "project": twice}, ballot=True))
    return tuple(dict.fromkeys(named))


def _points(
    cell: str, voter: str, projects: tuple[str, ...], vote_type: str, line: int, findings: list[Finding]
) -> tuple[Fraction, ...]:
    parts = [part.strip() for part in cell.split(",") if part.strip()]
    if len(parts) != len(projects):
        raise Unreadable("points_missing", line, voter=voter, projects=len(projects), points=len(parts))
    read_one = _amount if vote_type == "cumulative" else _number
    return tuple(read_one(part, "points", line, findings) for part in parts)


def _sums(election: Election, lines: Mapping[str, int]) -> list[Finding]:
    """Where the file's own sums differ from what is counted."""
    findings = []
    for key, found in (("num_projects", len(election.projects)), ("num_votes", len(election.ballots))):
        if election.meta.get(key, str(found)) != str(found):
            findings.append(Finding(key, lines[key], {"said": election.meta[key], "found": found}))
    votes = dict.fromkeys((one.id for one in election.projects), 0)
    scores: dict[str, int | Fraction] = dict.fromkeys(votes, 0)
    for ballot in election.ballots:
        for key, points in zip(ballot.projects, written_points(ballot, election.vote_type), strict=True):
            votes[key] += 1
            scores[key] += points
    for project in election.projects:
        for column, counted in (("votes", votes[project.id]), ("score", scores[project.id])):
            said = project.fields.get(column)
            if said is not None and not _equal(said, counted):
                values = {"project": project.id, "said": said, "found": plain(Fraction(counted))}
                findings.append(Finding(f"{column}_column", project.line, values))
    return findings


def _equal(text: str, value: int | Fraction) -> bool:
    try:
        return number(text) == value
    except NotANumber:
        return False


def written_points(ballot: Ballot, vote_type: str) -> Sequence[int | Fraction]:
    """Pabulib's points for each project of a ballot: those on it; by rank n, …, 2, 1 on an ordinal one without; else
    1."""
    if ballot.points is not None:
        return ballot.points
    return range(len(ballot.projects), 0, -1) if vote_type in ORDINAL else (1,) * len(ballot.projects)


def threshold(text: str) -> Fraction:
    """A minimum score as a person gives it. Raises Unreadable."""
    return _amount(text, "threshold", 0, [])
