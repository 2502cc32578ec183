"""Public pages of indicators: list, one indicator, its values as CSV and JSON, its picture for other sites."""

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import caches
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from allmende.spine.people.access import access, can

from ..core.series import Point, with_breaks
from ..domain import aims, areas, series
from ..domain.series import Key
from ..models import Definition, Indicator, SeriesArea, SeriesBreak
from .exports import safe_cell
from .indicator_charts import Line, SeriesChart, area_name, chart_of, stand_alone
from .indicator_forms import Asked, AskForm, IndicatorFilter

PAGE = 25
# How many series stand beside the first one in a picture: more cannot be told apart.
BESIDE = 2
Said = dict[tuple[int, str], SeriesArea]
COLUMNS = (
    "indicator", "level", "area", "area_name", "period_from", "period_to_exclusive", "value", "unit", "quality",
    "definition", "known_from", "break_before", "note", "source", "licence",
)  # fmt: skip


@access("public")
def indicators(request: HttpRequest) -> HttpResponse:
    """Published indicators, to be searched by words, topic and staleness."""
    form = IndicatorFilter(request.GET)
    page = Paginator(series.filtered(series.published_indicators(), **form.criteria()), PAGE).get_page(
        request.GET.get("page")
    )
    page.object_list = series.with_overview(page.object_list)
    context: dict[str, Any] = {"form": form, "page": page}
    if page.number == 1 and not any(form.criteria().values()):
        context["programme_aims"] = aims.first_of_programme()
    return render(request, "programme/indicators.html", context)


@access("public")
def targets(request: HttpRequest) -> HttpResponse:
    """What the programme as a whole wants to reach, and how far it is."""
    page = Paginator(aims.targets_of_programme(), PAGE).get_page(request.GET.get("page"))
    return render(request, "programme/targets.html", {"page": page, "aims": aims.aims(list(page.object_list))})


@dataclass(frozen=True)
class Picture:
    """What the chart of an indicator shows; drawn only where it is not kept."""

    indicator: Indicator
    meant: Definition
    key: Key
    compared: Key | None
    beside: list[Key]
    points: dict[Key, list[Point]]
    breaks: list[SeriesBreak]
    choice: list[Key]
    said: Said
    stand: dt.date | None

    @property
    def kept_as(self) -> str:
        """What the picture depends on, save the language."""
        return f"{self.indicator.pk} {self.indicator.version} {self.key} {self.compared} {self.stand}"

    @cached_property
    def chart(self) -> SeriesChart:
        first = [self.key, self.compared] if self.compared else [self.key]
        lines = [Line(self.name(key), self.points[key]) for key in first]
        if len(self.choice) >= series.ENOUGH:
            lines.append(self._median())
        lines += [Line(self.name(key), self.points[key]) for key in self.beside]
        chart = chart_of(
            str(self.indicator), lines, self.breaks, unit=self.meant.unit, decimals=self.meant.decimals,
            source=self.meant.source, source_url=self.meant.source_url,
        )  # fmt: skip
        if self.source:
            text = _("Values of %(area)s: %(source)s.") % {"area": self.source.name, "source": self.source.source}
            chart.description = f"{chart.description} {text}"
        return chart

    def name(self, key: Key) -> str:
        return area_name(key, self.said.get((key.indicator, key.area)))

    @property
    def area(self) -> str:
        return self.name(self.key)

    @property
    def other(self) -> str:
        """The area that it is compared with, by its name."""
        return self.name(self.compared) if self.compared else ""

    @property
    def newest(self) -> Point | None:
        return _newest(self.points[self.key])

    @property
    def newest_of_other(self) -> Point | None:
        return _newest(self.points[self.compared]) if self.compared else None

    @property
    def source(self) -> SeriesArea | None:
        """The source of the area that it is compared with, where it is not that of the definition."""
        said = self.said.get((self.indicator.pk, self.compared.area)) if self.compared else None
        return said if said is not None and said.source else None

    def _median(self) -> Line:
        found = series.median(self.indicator, self.key.level, self.stand)
        newest = max((point.vintage for point in self.points[self.key]), default=self.indicator.changed)
        points = [Point(row.starts, row.ends, row.value, "final", newest, 0, row.starts) for row in found]
        number = len(self.choice)
        name = ngettext("Median of %(number)s area", "Median of all %(number)s areas", number)
        return Line(name % {"number": number}, with_breaks(points, [row.date for row in self.breaks]))


def _newest(points: list[Point]) -> Point | None:
    return next((point for point in reversed(points) if point.value is not None), None)


def _meant(indicator: Indicator) -> list[Definition]:
    return list(indicator.definitions.order_by("-number"))


def picture_of(indicator: Indicator, meant: Definition, asked: Asked) -> tuple[Picture | None, list[Key], Said]:
    """The picture of a series (None where there is none to choose), every series at its level, and what is said of the
    areas."""
    keys = series.areas_of(indicator)
    said = areas.described([indicator.pk])
    choice = [key for key in keys if key.level == meant.level]
    home = series.overviews([indicator.pk], asked.stand)[indicator.pk].key
    key = next((each for each in choice if each.area == (asked.area or home.area)), None)
    if key is None:
        return None, choice, said
    compared = next((each for each in choice if each.area == asked.beside and each != key), None)
    beside = [each for each in keys if each.level != meant.level][: BESIDE - bool(compared)]
    breaks = series.breaks_of([indicator.pk])
    points = series.series_of([key, *([compared] if compared else []), *beside], asked.stand, breaks)
    shown = [each for each in beside if points[each]]
    found = Picture(
        indicator, meant, key, compared, shown, points, breaks[indicator.pk], choice, said, asked.stand
    )  # fmt: skip
    return found, choice, said


@access("public")
def indicator(request: HttpRequest, slug: str) -> HttpResponse:
    """One indicator: what it measures, its series, corrections, targets; `?stand=` as it was known on a day,
    `?vergleich=` beside another area."""
    row = get_object_or_404(series.indicators_for(request.user), slug=slug)
    definitions = _meant(row)
    form = AskForm(request.GET)
    stand = form.asked().stand
    picture, choice, said = picture_of(row, definitions[0], form.asked())
    names = [(key.area, area_name(key, said.get((row.pk, key.area)))) for key in choice]
    form.offer(names, picture.key.area if picture else "")
    page = Paginator(aims.targets_of(row), PAGE).get_page(request.GET.get("seite"))
    context = {
        "indicator": row,
        "meant": definitions[0],
        "definitions": definitions,
        "breaks": picture.breaks if picture else row.breaks.all(),
        "form": form,
        "stand": stand,
        "picture": picture,
        "overview": series.overviews([row.pk], stand)[row.pk],
        "corrections": series.corrections(picture.key, stand) if picture else [],
        "page": page,
        "aims": aims.aims(list(page.object_list), as_known_on=stand),
        "may_record": can(request.user, "programme.record_value"),
        "query": request.GET.urlencode(),
        "address": request.build_absolute_uri(row.get_absolute_url()),
    }
    return render(request, "programme/indicator.html", context)


def _drawn(row: Indicator, asked: Asked, address: str) -> str:
    meant = _meant(row)[0]
    found = picture_of(row, meant, asked)[0]
    chart = found.chart if found else chart_of(
        str(row), [], [], unit=meant.unit, decimals=meant.decimals, source=meant.source
    )  # fmt: skip
    return stand_alone(chart, licence=meant.licence, address=address)


@access("public")
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The chart as one file that other sites may show or frame."""
    row = get_object_or_404(series.published_indicators(), slug=slug)
    address = request.build_absolute_uri(row.get_absolute_url())
    asked = AskForm(request.GET).asked()
    key = f"indicator picture {row.pk} {row.version} {asked} {get_language()} {address}"
    body = caches["template_fragments"].get_or_set(
        hashlib.sha256(key.encode()).hexdigest(), lambda: _drawn(row, asked, address), 600
    )
    response = HttpResponse(body, content_type="image/svg+xml; charset=utf-8")
    # For every site, as an image or in a frame; nothing in it is loaded or run.
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors *"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "public, max-age=3600"
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def point_as_json(point: Point) -> dict[str, Any]:
    return {
        "from": point.starts.isoformat(),
        "to_exclusive": point.ends.isoformat(),
        "value": None if point.value is None else format(point.value.normalize(), "f"),
        "quality": point.quality,
        "definition": point.definition,
        "known_from": point.vintage.isoformat(),
        "break_before": point.broken_before,
        "note": point.note,
    }


class _Echo:
    def write(self, value: str) -> str:
        return value


@access("public")
def values_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """All series of an indicator as CSV; `?stand=` as known on a day."""
    row = get_object_or_404(series.published_indicators(), slug=slug)
    meant = {each.number: each for each in _meant(row)}
    found = series.series_of(series.areas_of(row), AskForm(request.GET).asked().stand)
    known = areas.described([row.pk])
    writer = csv.writer(_Echo(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(COLUMNS)
        for key, points in found.items():
            said = known.get((row.pk, key.area))
            for point in points:
                of, plain = meant[point.definition], point_as_json(point)
                source, licence = (said.source, said.licence) if said and said.source else (of.source, of.licence)
                yield writer.writerow(
                    [
                        row.slug, key.level, safe_cell(key.area), safe_cell(said.name if said else ""),
                        plain["from"], plain["to_exclusive"],
                        "" if plain["value"] is None else plain["value"], safe_cell(of.unit), point.quality,
                        point.definition, plain["known_from"], int(point.broken_before), safe_cell(point.note),
                        safe_cell(source), safe_cell(licence),
                    ]
                )  # fmt: skip

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.slug}.csv"'
    return response


@access("public")
def values_json(request: HttpRequest, slug: str) -> HttpResponse:
    """All series of an indicator with its definitions and breaks as JSON; `?stand=` as known on a day."""
    row = get_object_or_404(series.published_indicators(), slug=slug)
    stand = AskForm(request.GET).asked().stand
    found = series.series_of(series.areas_of(row), stand)
    known = areas.described([row.pk])
    body = {
        "id": str(row.public_id),
        "indicator": row.slug,
        "title": row.title,
        "common": row.common,
        "url": request.build_absolute_uri(row.get_absolute_url()),
        "as_known_on": stand.isoformat() if stand else None,
        "definitions": [definition_as_json(each) for each in reversed(_meant(row))],
        "breaks": [{"date": each.date.isoformat(), "reason": each.reason} for each in row.breaks.all()],
        "series": [
            {"level": key.level, "area": key.area}
            | area_as_json(known.get((row.pk, key.area)))
            | {"values": [point_as_json(point) for point in points]}
            for key, points in found.items()
        ],
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def area_as_json(said: SeriesArea | None) -> dict[str, str]:
    """Name and source of an area; empty where nothing is said of it: the source is then that of the definition."""
    return {name: getattr(said, name) if said else "" for name in areas.FIELDS}


def definition_as_json(row: Definition) -> dict[str, Any]:
    return {
        "number": row.number,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "text": row.text,
        "unit": row.unit,
        "direction": row.direction,
        "formula": row.formula,
        "source": row.source,
        "source_url": row.source_url,
        "licence": row.licence,
        "cadence": row.cadence,
        "level": row.level,
    }
