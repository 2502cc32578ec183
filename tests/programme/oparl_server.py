"""A small council information system, written from the specification of OParl 1.0 and 1.1 and nothing of ours."""

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.outgoing.peer import answer, serving

Object = dict[str, Any]
BEGIN = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class Council:
    """Its objects by path, each with `modified`. `odd`: what is answered instead, by path."""

    def __init__(self, version: str = "1.1", per_page: int = 2) -> None:
        self.version, self.per_page = version, per_page
        self.objects: dict[str, Object] = {}
        self.odd: dict[str, Callable[[Any], None]] = {}
        self.asked: list[str] = []
        self.root = ""
        self.clock = BEGIN
        self.put("System", "system", oparlVersion=self.schema(""), body=self.at("bodies"))
        lists = {"meeting": self.at("body/1/meetings"), "paper": self.at("body/1/papers")}
        if version == "1.1":
            lists["agendaItem"] = self.at("body/1/items")
        self.put("Body", "body/1", name="Stadt Musterstadt", organization=self.at("body/1/orgs"), **lists)
        self.put("Organization", "org/1", name="Stadtrat", shortName="Rat", body=self.at("body/1"))

    def schema(self, kind: str) -> str:
        return f"https://schema.oparl.org/{self.version}/{kind}"

    def at(self, path: str) -> str:
        """Filled in with the server's address when it is sent."""
        return f"{{root}}/{path}"

    def put(self, kind: str, path: str, **values: Any) -> Object:
        self.clock += dt.timedelta(minutes=1)
        stamp = self.clock.isoformat(timespec="seconds")
        known = self.objects.get(path, {"created": stamp})
        self.objects[path] = known | {"id": self.at(path), "type": self.schema(kind), "modified": stamp} | values
        return self.objects[path]

    def delete(self, path: str) -> None:
        """As the specification wants it: id, type, created, modified, deleted, and nothing else."""
        kept = {name: self.objects[path][name] for name in ("id", "type", "created")}
        self.clock += dt.timedelta(minutes=1)
        self.objects[path] = kept | {"modified": self.clock.isoformat(timespec="seconds"), "deleted": True}

    def decide(self, number: int, *, day: str = "2026-03-16", reference: str = "", **item: Any) -> None:
        """A meeting with one agenda item on one paper, with a result."""
        told = {"name": f"Punkt {number}", "result": "einstimmig beschlossen", "public": True} | item
        self.put("Paper", f"paper/{number}", name=f"Vorlage {number}", reference=reference or f"0{number}/2026",
                 mainFile="x", originatorPerson=[self.at("person/7")])  # fmt: skip
        self.put("Consultation", f"consultation/{number}", paper=self.at(f"paper/{number}"),
                 agendaItem=self.at(f"item/{number}"), meeting=self.at(f"meeting/{number}"))  # fmt: skip
        about = {"consultation": self.at(f"consultation/{number}"), "meeting": self.at(f"meeting/{number}")}
        made = self.put("AgendaItem", f"item/{number}", **(about | told))
        self.put("Meeting", f"meeting/{number}", name="Sitzung des Stadtrats", start=f"{day}T17:00:00+01:00",
                 organization=[self.at("org/1")], participant=[self.at("person/7")], agendaItem=[made])  # fmt: skip

    def listed(self, address: str) -> Object:
        """The page of a list at an address."""
        parts = urlsplit(address)
        prefix, query = LISTS[parts.path.removeprefix("/oparl/")], parse_qs(parts.query)
        rows = [each for path, each in self.objects.items() if path.startswith(prefix + "/")]
        if given := query.get("modified_since"):
            moment = dt.datetime.fromisoformat(given[0])
            assert moment.tzinfo is not None, "the specification wants a date-time with its zone"
            rows = [each for each in rows if dt.datetime.fromisoformat(each["modified"]) >= moment]
        else:
            rows = [each for each in rows if not each.get("deleted")]
        page = int(query.get("page", ["1"])[0])
        part = rows[(page - 1) * self.per_page : page * self.per_page]
        links = {"first": "x"}
        if page * self.per_page < len(rows):
            kept = {name: values[0] for name, values in query.items()} | {"page": str(page + 1)}
            links["next"] = self.at(f"{LISTS_BACK[prefix]}?{urlencode(kept)}")
        return {"data": part, "pagination": {"totalElements": len(rows)}, "links": links}

    def reply(self, handler: Any) -> None:
        path = urlsplit(handler.path).path.removeprefix("/oparl/")
        self.asked.append(handler.path.removeprefix("/oparl/"))
        if path in self.odd:
            self.odd[path](handler)
        elif path in LISTS:
            self.send(handler, self.listed(handler.path))
        elif path in self.objects:
            self.send(handler, self.objects[path])
        else:
            answer(handler, b"nothing here", 404)

    def send(self, handler: Any, doc: Any) -> None:
        answer(handler, json.dumps(doc).replace("{root}", self.root).encode(), Content_Type="application/json")


LISTS = {"bodies": "body", "body/1/meetings": "meeting", "body/1/items": "item", "body/1/papers": "paper"}
LISTS_BACK = {prefix: path for path, prefix in LISTS.items()}


@contextlib.contextmanager
def running(council: Council, port: int = 0) -> Iterator[Council]:
    with serving(council.reply, port=port) as port:
        council.root = f"http://127.0.0.1:{port}/oparl"
        yield council
