"""What an import would do, as tables: of a town's own list, and of a file of our own format."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from allmende.spine.ui.formats import number
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import when

from ..domain import queries
from ..exchange import entries, mapping
from ..exchange.planning import Line, Plan
from ..exchange.problems import SHOWN, Located
from ..exchange.sheets import BY_KEY
from ..exchange.tally import TOLD
from ..models import ListImport
from .exchange_forms import NamesForm

PREVIEW = 10  # rows of a list

PROBLEMS = [
    Column(gettext_lazy("Where"), lambda problem: problem.where or "–", heading=True),
    Column(gettext_lazy("What is wrong"), lambda problem: problem.message),
]


def problem_table(problems: list[Located]) -> str:
    return table(_("What is wrong"), PROBLEMS, problems[:SHOWN])


def _milestones(line: Line) -> str:
    parts = []
    for title, plan, done in line.entry.milestones:
        text = _("%(title)s: planned for %(plan)s") % {"title": title, "plan": f"{plan:%d.%m.%Y}"}
        if done:
            text = _("%(milestone)s, reached on %(done)s") % {"milestone": text, "done": f"{done:%d.%m.%Y}"}
        parts.append(text)
    return "; ".join(parts) or "–"


def _decision(line: Line) -> Any:
    said = line.entry.decision
    return format_html("{}, {}", when(said.date), said.body) if said else "–"


def _what_happens(line: Line) -> str:
    if line.measure is None:
        return _("new")
    return _("changed: %(fields)s") % {"fields": ", ".join(line.fields)} if line.fields else _("stays as it is")


def _lines(plan: Plan) -> str:
    """The first rows as they would become, with the columns that the list has."""
    targets = plan.reader.by_target.keys()
    names = {topic.slug: str(topic) for topic in queries.topics()}
    names |= {entries.TO_MAKE + name: text for name, text in plan.reader.topics.items()}
    columns = [
        Column(_("Row"), lambda line: line.entry.row, heading=True),
        Column(_("Code"), lambda line: line.entry.doc.get("code") or "–"),
        Column(_("Title"), lambda line: line.entry.doc.get("title")),
        Column(_("Topic"), lambda line: names.get(line.entry.doc.get("topic", ""), "–")),
    ]
    if any(mapping.is_milestone(target) for target in targets):
        columns.append(Column(_("Milestones"), _milestones))
    if any(target in mapping.PARTIES for target in targets):
        columns.append(
            Column(_("Parties"), lambda line: ", ".join(dict.fromkeys(each[0] for each in line.entry.parties)) or "–")
        )
    if "decision.date" in targets:
        columns.append(Column(pgettext("programme", "Decision"), _decision))
    columns.append(Column(_("What happens"), _what_happens))
    return table(_("The first rows"), columns, plan.lines[:PREVIEW])


def of_list(row: ListImport, plan: Plan, data: Any = None) -> dict[str, Any]:
    """What the preview of a list shows."""
    new = sum(1 for line in plan.lines if line.measure is None)
    changed = sum(1 for line in plan.lines if line.fields)
    page = plan.found.page
    return {
        "row": row,
        "new": new,
        "changed": changed,
        "same": len(plan.lines) - new - changed,
        "made": [
            (label, names)
            for label, names in (
                (_("New topics"), plan.new_topics),
                (_("New phases"), plan.new_phases),
                (_("New parties"), plan.new_parties),
            )
            if names
        ],
        "left_out": plan.left_out,
        "doubles": plan.doubles,
        "hidden_rows": plan.found.hidden_rows,
        "hidden_columns": [plan.found.labels[index] for index in plan.reader.columns if index in page.hidden_columns],
        "problems": problem_table(plan.problems) if plan.problems else "",
        "problem_count": len(plan.problems),
        "hidden_count": max(0, len(plan.problems) - SHOWN),
        "lines": _lines(plan) if plan.lines else "",
        "names": NamesForm(plan, data) if plan.reader.topics or plan.reader.phases else None,
    }


def _sheet(kind: str) -> Any:
    # Titles of sheets are German in every language: that is what they are called in the file.
    return format_html('<span lang="de">{}</span>', BY_KEY[kind].title)


KINDS = [
    Column(gettext_lazy("Sheet"), lambda each: _sheet(each[0]), heading=True),
    *(
        Column(label, lambda each, at=at: number(each[at]), number=True)  # type: ignore[misc]
        for at, label in enumerate(
            (
                pgettext_lazy("rows of an import", "New"),
                pgettext_lazy("rows of an import", "Changed"),
                pgettext_lazy("rows of an import", "As before"),
            ),
            1,
        )
    ),
]
CHANGES = [
    Column(gettext_lazy("Entry"), lambda change: change["row"], heading=True),
    Column(gettext_lazy("Sheet"), lambda change: _sheet(change["kind"])),
    Column(gettext_lazy("Field"), lambda change: change["field"]),
    Column(gettext_lazy("Until now"), lambda change: change["old"] or "–"),
    Column(gettext_lazy("In the file"), lambda change: change["new"] or "–"),
]


def of_file(row: ListImport) -> dict[str, Any]:
    """What the preview of a file of our own format shows: its report, or its problems."""
    found: dict[str, Any] = {"row": row}
    if row.problems:
        problems = [Located(where, message) for where, message in row.problems]
        return found | {"problems": problem_table(problems), "problem_count": len(problems)}
    report = row.report or {}
    counts = [report.get(name, {}) for name in ("new", "changed", "same")]
    kinds = [(kind, *(count.get(kind, 0) for count in counts)) for kind in BY_KEY if any(kind in c for c in counts)]
    changes = report.get("changes", [])
    return found | {
        "kinds": table(_("What the file holds"), KINDS, kinds) if kinds else "",
        "nothing": not any(counts[0].values()) and not any(counts[1].values()),
        "new_names": [
            (_sheet(kind), names, counts[0][kind] - len(names))
            for kind, names in report.get("names", {}).items()
            if kind != "values"
        ],
        "changes": table(_("What changes"), CHANGES, changes) if changes else "",
        "more_changes": len(changes) >= TOLD,
    }
