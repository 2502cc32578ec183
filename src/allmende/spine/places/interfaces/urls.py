from django.urls import path

from allmende.spine.places.interfaces import map_views, staff, views

app_name = "places"
urlpatterns = [
    path("map/basemap.pmtiles", map_views.tiles, name="tiles"),
    path("map/drawn.json", map_views.drawn, name="drawn"),
    path("map/style.json", map_views.style, name="style"),
    path("map/features.json", map_views.features, name="features"),
    path("orte/adressen.json", views.addresses, name="addresses"),
    path("orte/gebiet/<uuid:public_id>/", views.area, name="area"),
    path("orte/<uuid:public_id>/", views.place, name="place"),
    path("intern/orte/", staff.places, name="staff_places"),
    path("intern/orte/neu/", staff.add_place, name="add_place"),
    path("intern/orte/gebiete/", staff.areas, name="staff_areas"),
    path("intern/orte/gebiete/neu/", staff.add_area, name="add_area"),
    path("intern/orte/gebiete/<uuid:public_id>/", staff.change_area, name="change_area"),
    path("intern/orte/gebiete/<uuid:public_id>/entfernen/", staff.remove_area, name="remove_area"),
    path("intern/orte/importe/", staff.imports, name="staff_imports"),
    path("intern/orte/<uuid:public_id>/", staff.change_place, name="change_place"),
    path("intern/orte/<uuid:public_id>/entfernen/", staff.remove_place, name="remove_place"),
]
