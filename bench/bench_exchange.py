"""Import of an XLSX of 500 measures, each with milestones, decisions, involvements, a risk, a target and a dependency,
into an empty town: CPU seconds of this process and of the database server; then the same as a town's own list.

BENCH_EXCHANGE_MEASURES sets how many.
"""

import io
import os
import resource
import time
from collections.abc import Callable
from typing import Any

from bench.town import town


def run() -> None:
    with town(demo=False):
        _measure(int(os.environ.get("BENCH_EXCHANGE_MEASURES", "500")))


def _whole(count: int) -> dict[str, Any]:
    """A programme of that many measures, as JSON has it."""
    from allmende.programme.domain import document

    ids = [f"00000000-0000-7000-8000-{number:012d}" for number in range(count)]

    def child(kind: int, number: int, place: int) -> str:
        return f"00000000-0000-7000-{0x9000 + kind:04x}-{number * 100 + place:012d}"

    measures = []
    for number, public_id in enumerate(ids):
        doc = document.empty() | {
            "code": f"M-{number}", "title": f"Maßnahme {number}", "summary": "Ein Satz.", "reason": "Warum. " * 40,
            "topic": "energie", "phase": 1, "course": "Was geschah. " * 60,
            "geometry": {"type": "Point", "coordinates": [7.7 + number / 10_000, 49.4]},
            "milestones": [
                {"id": child(1, number, place), "title": f"Schritt {place}", "baseline": f"201{place}-01-01",
                 "plan": f"201{place}-03-01", "done": None, "note": ""} for place in range(5)
            ],
            "decisions": [
                {"id": child(2, number, place), "date": f"201{place}-01-01", "body": "Stadtrat", "kind": "note",
                 "text": "Beschluss.", "url": ""} for place in range(2)
            ],
            "involvements": [{"id": child(3, number, 0), "party": "werke", "role": "lead", "starts": None,
                              "ends": None}],
            "risks": [{"id": child(4, number, 0), "text": "Teuer", "likelihood": 1, "impact": 2, "response": "",
                       "closed": None}],
            "targets": [{"id": child(5, number, 0), "indicator": "strom", "level": "town", "area": "07312",
                         "baseline": "10", "baseline_date": None, "value": "5", "due": "2030-01-01", "note": ""}],
            "dependencies": [{"id": child(6, number, 0), "needs": ids[number - 1], "kind": "finished", "note": ""}]
            if number else [],
        }  # fmt: skip
        measures.append({"id": public_id, "slug": f"massnahme-{number}", "published": "2024-01-01T00:00:00+00:00",
                         "document": doc})  # fmt: skip
    rows: dict[str, Any] = {
        "format": "allmende-programm-1",
        "exported": "2026-01-01T00:00:00+00:00",
        "programme": {"id": ids[0].replace("8000", "8001"), "title": "Programm", "summary": "", "lang": "de"},
        "phases": [{"id": None, "number": 1, "title": "Phase 1", "focus": "", "starts": None, "ends": None}],
        "topics": [{"slug": "energie", "title": "Energie", "title_en": "", "order": 1}],
        "parties": [{"id": None, "slug": "werke", "name": "Werke", "kind": "municipal", "url": "", "note": ""}],
        "indicators": [
            {"id": None, "slug": "strom", "title": "Strom", "title_en": "", "common": "", "published": None}
        ],
        "measures": measures,
    }
    return rows | {
        key: [] for key in ("definitions", "breaks", "replans", "assessments", "values", "figures", "targets")
    }


def _list(count: int) -> bytes:
    """A town's own list of that many rows."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("Liste")
    page.append(["Nr", "Maßnahme", "Thema", "Ziel", "Kosten", "Beginn", "Abschluss geplant", "Abschluss erreicht"])
    for number in range(count):
        page.append([f"L-{number}", f"Aus der Liste {number}", "Energie", "Weil. " * 20, "1,6 Mio. €", "Aug 19",
                     "Q3/2030", None])  # fmt: skip
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _measure(count: int) -> None:
    from allmende.programme.exchange import files, importing, mapping, restore, whole, xlsx_out
    from allmende.programme.models import ListImport, Measure, Programme
    from allmende.spine.people.models import Account

    made, target = _whole(count), io.BytesIO()
    xlsx_out.write(whole.to_tables(made), made["exported"], target)
    data = target.getvalue()

    def import_whole() -> None:
        source = files.read(data)
        assert isinstance(source, files.Source)
        outcome = restore.restore(source, actor="import")
        assert outcome.created == count == Measure.objects.count()

    def rehearse() -> None:
        source = files.read(data)
        assert isinstance(source, files.Source)
        restore.rehearse(source, actor="import")

    _timed(f"XLSX of {count} measures ({len(data) >> 10} KB), all parts: import", import_whole)
    _timed("the same again: what would it change?", rehearse)
    programme = Programme.objects.get()
    _timed("export as XLSX", lambda: files.write(programme, "xlsx"))
    row = ListImport(account=Account(), file_name="l.xlsx", data=_list(count), sheet="Liste", header=1, topic="energie")
    labels = importing.listed(row).labels
    row.columns = {str(index): target for index, target in mapping.guess(labels).items()}
    _timed(f"a town's own list of {count} rows: plan", lambda: importing.plan(row))
    plan = importing.plan(row)
    _timed("import as drafts", lambda: importing.import_plan(plan, actor="import", step=lambda done, total: None))
    _timed("the list again, each row a measure that is there: plan", lambda: importing.plan(row))


def _timed(name: str, work: Callable[[], Any]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    begun, here, there = time.perf_counter(), _own_cpu(), _server_cpu(pid)
    work()
    took = time.perf_counter() - begun
    print(
        f"{name:62} CPU {_own_cpu() - here:5.1f} s + server {_server_cpu(pid) - there:4.1f} s, {took:5.1f} s in all",
        flush=True,
    )


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _server_cpu(pid: int) -> float:
    """CPU seconds of the server process of this connection; 0 where it runs elsewhere."""
    import psutil

    try:
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
