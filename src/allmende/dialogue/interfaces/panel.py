"""What participations show on pages of other rooms."""

from typing import Any

from django.template.loader import render_to_string

from ..domain import overview, queries


def of_measure(request: Any, measure: Any) -> str | None:
    """Public participations about a measure, and contributions that led to it."""
    rows = list(overview.with_numbers(list(overview.staged().filter(subject=measure.urn)[:10])))
    led = list(queries.led_to(measure.urn)[:10])
    if not rows and not led:
        return None
    return render_to_string("dialogue/panel.html", {"participations": rows, "contributions": led}, request)
