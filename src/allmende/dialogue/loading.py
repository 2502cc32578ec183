"""The demo town's participations, through the verbs that people use."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from django.utils import timezone

from allmende.programme.models import Measure, Topic
from allmende.spine.notify.domain.choices import follow
from allmende.spine.people.domain.accounts import create_account
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.domain.organisations import add_organisation
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account, Organisation

from .domain import answering, contributing, paper, participations, reviewing
from .enums import Audience, Channel, PhaseKind
from .models import Contribution, Phase

WORDS = ("title", "summary", "purpose", "easy", "contact")


def load(folder: Path, office: Any) -> None:
    """From `participations.toml`; without the file nothing happens. `office`: the account that plans and answers.

    Further people have accounts into which nobody can sign in: they have no password.
    """
    if not (folder / "participations.toml").exists():
        return
    wanted = tomllib.loads((folder / "participations.toml").read_text())
    _Demo(wanted, office).load()


class _Demo:
    def __init__(self, wanted: dict[str, Any], office: Account) -> None:
        self.wanted, self.office = wanted, office
        self.today = timezone.localdate()
        self.measures = {row.title: row.urn for row in Measure.objects.only("title", "public_id")}
        self.topics = {row.slug: row for row in Topic.objects.all()}
        self.people = {row["key"]: self._account(row, Role.RESIDENT) for row in wanted["people"]}
        self.names = {row["key"]: self._named(row) for row in wanted["people"]}
        self.experts = {row["key"]: self._account(row, Role.EXPERT) for row in wanted["experts"]}
        names = {row["office"] for row in wanted["participations"]}
        self.offices: dict[str, Organisation] = {
            name: add_organisation(name, "department", actor="demo") for name in sorted(names)
        }

    def _account(self, row: dict[str, Any], role: Role) -> Account:
        """The demo account of a role, or one more of that role."""
        if "email" not in row:
            return holders(role, INSTANCE)[0]
        account = create_account(row["email"], name=row["name"], actor="demo", how="demo")
        assign(account, role, reason="demo", actor="demo")
        return account

    def _named(self, row: dict[str, Any]) -> Any:
        account = self.people[row["key"]]
        return choose_pseudonym(account, row["name"], actor=account)

    def load(self) -> None:
        for row in self.wanted["participations"]:
            self._participation(row)

    def _participation(self, row: dict[str, Any]) -> None:
        values = {name: row[name] for name in WORDS if name in row}
        # The measures of another demo may lack one that is named here.
        values |= {"office": self.offices[row["office"]], "subject": self.measures.get(row.get("about", ""), "")}
        made = participations.draft(values, actor=self.office)
        phases = [(self._phase(made, each), each.get("contributions", [])) for each in row["phases"]]
        made = participations.publish(made, actor=self.office)
        for phase, contributions in phases:
            for each in contributions:
                self._contribution(phase, each)
        if "result" in row:
            participations.evaluate(made, row["result"], actor=self.office)

    def _phase(self, parent: Any, row: dict[str, Any]) -> Phase:
        rest = {name: value for name, value in row.items() if name not in ("title", "text", "contributions")}
        given = {"kind": PhaseKind.IDEAS.value, "audience": Audience.ACCOUNT.value}
        moments = {"opens": self._midnight(row["opens"]), "closes": self._midnight(row["closes"] + 1)}
        rules = participations.rules_of(given | rest | moments)
        return participations.add_phase(parent, title=row["title"], text=row["text"], rules=rules, actor=self.office)

    def _midnight(self, days: int, hour: int = 0) -> dt.datetime:
        day = self.today + dt.timedelta(days=days)
        return dt.datetime.combine(day, dt.time(hour), tzinfo=timezone.get_current_timezone())

    def _contribution(self, phase: Phase, row: dict[str, Any]) -> None:
        values: dict[str, Any] = {name: row[name] for name in ("title", "text", "place_name") if name in row}
        if "lonlat" in row:
            values["lon"], values["lat"] = row["lonlat"]
        if "topic" in row:
            values["topic"] = self.topics.get(row["topic"])
        who = self.people.get(row.get("by", ""))
        if "day" in row:
            received = self._midnight(row["day"], hour=18)
            channel = Channel(row.get("channel", Channel.ONLINE))
            author = self.names.get(row.get("by", ""))
            made = paper.enter(phase, values, received=received, channel=channel, author=author, actor=self.office)
            if who is not None:
                follow(who, contributing.TOPIC, made.urn)
        else:
            made = contributing.submit(phase, values, actor=who)
        for name in row.get("support", []):
            contributing.support(made, True, actor=self.people[name])
        self._judged(made, row.get("reviews", []))
        if "answer" in row:
            told = row["answer"] | {"measure": self.measures.get(row["answer"].get("measure", ""), "")}
            made.refresh_from_db()
            answering.answer(made, **told, version=made.version, actor=self.office)

    def _judged(self, made: Contribution, rows: list[dict[str, Any]]) -> None:
        asked = reviewing.ask(made, [self.experts[row["by"]] for row in rows], actor=self.office) if rows else []
        for review, row in zip(asked, rows, strict=True):
            values = {name: row[name] for name in ("scores", "feasibility", "text", "interests", "name")}
            low, high = row["costs"]
            values |= {"cost_low_cents": low * 100, "cost_high_cents": high * 100}
            reviewing.give(review, values, version=review.version, actor=self.experts[row["by"]])
