"""Serves the pattern pages for the browser tests and for looking: python -m tests.spine_ui.server [PORT]."""

import os
import sys
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

# As the production policy (ui.md, architecture.md): a component that needs more than this is wrong.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)


def instance() -> SimpleNamespace:
    return SimpleNamespace(
        name="herzlich digital",
        claim="Eine Stadt lernt mit ihren Menschen",
        sign="heart",
        demo=True,
        languages=["de", "en"],
        css_version="1",
    )


def show(template: str, make: str):
    def view(request: HttpRequest) -> HttpResponse:
        from allmende.spine.ui import patterns

        context = getattr(patterns, make)() if make else {}
        context |= {"instance": instance(), "theme": request.GET.get("theme", "auto")}
        response = render(request, template, context)
        response["Content-Security-Policy"] = POLICY
        return response

    return view


def brand(request: HttpRequest) -> HttpResponse:
    from allmende.spine.ui.brand import brand_css

    return HttpResponse(brand_css(), content_type="text/css")


def nothing(request: HttpRequest, *args: object) -> HttpResponse:
    return HttpResponse(status=204)


MAP_PAGE = """<!doctype html><html lang=de><head><title>Karte</title>
<link rel=stylesheet href=/static/vendor/maplibre/maplibre-gl.css><link rel=stylesheet href=/static/ui/components.css>
</head><body><div id=map class=al-map>&nbsp;</div><script type=module src=/map.js></script></body></html>"""
# A point with a label, no `glyphs`: MapLibre draws the letters with the page's own font.
MAP_SCRIPT = """
import * as maplibre from "/static/vendor/maplibre/maplibre-gl.mjs";
const point = {type: "Feature", properties: {name: "Fauthweg"}, geometry: {type: "Point", coordinates: [7.77, 49.44]}};
document.getElementById("map").textContent = "";
try {
  const map = new maplibre.Map({container: "map", center: [7.77, 49.44], zoom: 14, style: {version: 8,
    sources: {one: {type: "geojson", data: point}},
    layers: [{id: "ground", type: "background", paint: {"background-color": "#fbf6f0"}},
      {id: "names", type: "symbol", source: "one",
        layout: {"text-field": ["get", "name"], "text-font": ["Fira Sans"]}}]}});
  map.on("idle", () => {
    document.body.dataset.labels = map.queryRenderedFeatures({layers: ["names"]}).length;
  });
} catch (error) { document.body.dataset.noWebgl = String(error); }
"""


def map_page(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(MAP_PAGE)
    response["Content-Security-Policy"] = POLICY
    return response


def map_script(request: HttpRequest) -> HttpResponse:
    return HttpResponse(MAP_SCRIPT, content_type="text/javascript")


urlpatterns = [
    path("map/", map_page),
    path("map.js", map_script),
    path("", show("ui/pattern_library.html", "library")),
    path("staff/", show("ui/pattern_staff.html", "staff")),
    *(path(f"{code}/", show(f"{code}.html", "")) for code in ("400", "403", "403_csrf", "404", "500", "503")),
    path("design.css", brand, name="brand_css"),
    path("i18n/", nothing, name="set_language"),
    path("login/", nothing, name="account_login"),
    path("favicon.ico", nothing),
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.spine_ui.settings_min"
    import django
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler

    django.setup()
    # StaticFilesHandler asks `insecure` of its view only where DEBUG is off.
    from django.contrib.staticfiles import views

    class Handler(StaticFilesHandler):
        def serve(self, request: HttpRequest) -> HttpResponse:
            return views.serve(request, self.file_path(request.path), insecure=True)

    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = make_server("127.0.0.1", port, Handler(WSGIHandler()), handler_class=Quiet)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
