"""Public pages that compose the rooms."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from allmende.programme.domain import queries as programme
from allmende.programme.domain.aims import first_of_programme
from allmende.programme.domain.series import newest_of_town
from allmende.programme.models import Figure
from allmende.spine.facts.domain.queries import public_activity
from allmende.spine.instance.domain.queries import current, room_enabled
from allmende.spine.people.access import access, is_staff
from allmende.spine.places import layers
from allmende.spine.privacy.domain.queries import register_lines
from allmende.spine.ui.brand import brand_css as render_css

PAGE = 25
HOME_INDICATORS = 4


@access("public")
def home(request: HttpRequest) -> HttpResponse:
    """The town's programme at a glance: measures, figures, what happened last."""
    context = {"activity": public_activity()[:5], "today": timezone.localdate()}
    if room_enabled("programme"):
        published = programme.with_standing(programme.for_list(programme.published_measures())[:8])
        context |= {
            "measures": published,
            "indicators": newest_of_town(HOME_INDICATORS),
            "programme_aims": first_of_programme(),
            "measure_count": programme.published_measures().count() if len(published) == 8 else len(published),
            "matters": programme.matters(Figure.objects.filter(measure__isnull=True, order__lt=50)),
        }
    return render(request, "portal/home.html", context)


@access("public")
def town_map(request: HttpRequest) -> HttpResponse:
    """Everything public that has a place: the list, and the map beside it."""
    return render(request, "portal/map.html", {"groups": layers.groups(request)})


@access("public")
def activity(request: HttpRequest) -> HttpResponse:
    """What happened in public, newest first."""
    page = Paginator(public_activity(), PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/activity.html", {"page": page})


@access("public")
def imprint(request: HttpRequest) -> HttpResponse:
    """Who answers for the site."""
    return render(request, "portal/imprint.html")


@access("public")
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice, with what the register says."""
    return render(request, "portal/privacy.html", {"register": register_lines()})


@access("public")
@cache_control(max_age=31_536_000, public=True)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The town's colours as a style sheet; its address carries the version of the settings."""
    return HttpResponse(render_css(current().colours), content_type="text/css; charset=utf-8")


@access("public")
def after_login(request: HttpRequest) -> HttpResponse:
    """On from the log-in: staff to their home, others to the first page."""
    return redirect("portal:staff_home" if is_staff(request.user) else "portal:home")
