"""A page with a map and its list, as a room would make one."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from allmende.config.urls import urlpatterns as site
from allmende.spine.people.access import access
from allmende.spine.places import layers

PAGE = """{% extends "ui/base.html" %}
{% block title %}Karte{% endblock %}
{% block head %}{% include "places/map_head.html" %}{% endblock %}
{% block main %}<h1>Karte</h1>{% include "places/map.html" %}{% endblock %}
{% block scripts %}{% include "places/map_scripts.html" %}{% endblock %}"""


@access("public")
def page(request: HttpRequest) -> HttpResponse:
    names = ["places", "districts"]
    context = {"groups": layers.groups(request, names), "kinds": ",".join(names)}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [*site, path("karte-probe/", page)]
handler500 = "allmende.config.errors.server_error"
handler404 = "allmende.config.errors.not_found"
