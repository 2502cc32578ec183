"""A measure's badge for other sites: a picture of words, without script, that stands alone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from allmende.spine.people.access import access

from ..core.badge import WIDTH, fit
from ..domain import queries
from ..enums import State
from ..models import Measure

HEIGHT = 76
_TITLE_SIZE, _TEXT_SIZE, _EDGE = 16, 13, 14
_SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" \
role="img" aria-labelledby="t" lang="{lang}" font-family="Fira Sans, Segoe UI, Helvetica, Arial, sans-serif">
<title id="t">{whole}</title>
<rect x="0.5" y="0.5" width="{inner_width}" height="{inner_height}" rx="6" fill="#fbf6f0" stroke="#1d4f3c"/>
<rect x="0.5" y="0.5" width="6" height="{inner_height}" fill="#1d4f3c"/>
<text x="{edge}" y="26" font-size="{title_size}" font-weight="600" fill="#22201d">{title}</text>
<text x="{edge}" y="47" font-size="{text_size}" fill="#22201d">{state}</text>
<text x="{edge}" y="65" font-size="{text_size}" fill="#55504a">{date}</text>
</svg>
"""


def _measure(slug: str) -> Measure:
    """A public measure, also by an address it once had: what others have embedded goes on working."""
    rows = queries.published_measures()
    found = rows.filter(slug=slug).first() or rows.filter(former_slugs__slug=slug).first()
    if found is None:
        raise Http404
    return found


def draw(measure: Measure) -> SafeString:
    """The badge as SVG; title and state are cut to its width, the whole stands in its title element."""
    now = queries.standings([measure.pk])[measure.pk]
    state = _("State: %(state)s") % {"state": State(now.state).label}
    if now.since:
        state = _("%(state)s since %(day)s") % {"state": state, "day": date_format(now.since, "SHORT_DATE_FORMAT")}
    today = _("As of %(day)s") % {"day": date_format(timezone.localdate(), "SHORT_DATE_FORMAT")}
    room = WIDTH - 2 * _EDGE
    title = _printable(measure.title)
    return format_html(
        _SVG,
        width=WIDTH,
        height=HEIGHT,
        inner_width=WIDTH - 1,
        inner_height=HEIGHT - 1,
        edge=_EDGE,
        title_size=_TITLE_SIZE,
        text_size=_TEXT_SIZE,
        lang="de",
        whole=f"{title}. {state}. {today}.",
        title=fit(title, room, _TITLE_SIZE, bold=True),
        state=fit(state, room, _TEXT_SIZE),
        date=today,
    )


def _printable(text: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


@access("public")
@xframe_options_exempt
def badge(request: HttpRequest, slug: str) -> HttpResponse:
    """A measure's title, state and date as a picture (SVG) that other sites may embed."""
    response = HttpResponse(draw(_measure(slug)), content_type="image/svg+xml; charset=utf-8")
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors *"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "public, max-age=900"
    return response


@access("public")
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The snippet that puts a measure's badge on another site."""
    measure = _measure(slug)
    base = settings.BASE_URL
    context = {
        "measure": measure,
        "address": base + measure.get_absolute_url(),
        "picture": base + reverse("programme:badge", args=[measure.slug]),
        "width": WIDTH,
        "height": HEIGHT,
    }
    snippet = format_html(
        '<a href="{address}"><img src="{picture}" width="{width}" height="{height}" alt="{alt}"></a>',
        alt=_("How “%(title)s” stands") % {"title": measure.title},
        **{key: context[key] for key in ("address", "picture", "width", "height")},
    )
    return render(request, "programme/exchange_embed.html", context | {"snippet": str(snippet)})
