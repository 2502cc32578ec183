from django.urls import path

from . import brand, reach, settings, setup

app_name = "instance"
urlpatterns = [
    path("einrichten/", setup.start, name="setup"),
    path("einrichten/pruefen/", setup.review, name="setup_review"),
    path("einrichten/<slug:slug>/", setup.step, name="setup_step"),
    path("intern/einstellungen/", settings.overview, name="settings"),
    path("intern/einstellungen/<slug:slug>/", settings.edit, name="edit_settings"),
    path("marke/", brand.about, name="brand"),
    path("intern/marke/", brand.kit, name="brand_kit"),
    path("intern/marke/zeichen.<slug:kind>", brand.sign, name="brand_sign"),
    path("intern/marke/plakat/", brand.poster, name="brand_poster"),
    path("intern/marke/qr/", brand.qr, name="brand_qr"),
    path("intern/marke/presse/", brand.press, name="brand_press"),
    path("intern/marke/erlaubnisse/", brand.permissions, name="brand_permissions"),
    path("intern/marke/erlaubnisse/neu/", brand.grant, name="grant_brand"),
    path("intern/marke/erlaubnisse/<uuid:public_id>/", brand.permission, name="brand_permission"),
    path("intern/reichweite/", reach.overview, name="reach"),
    path("intern/reichweite.csv", reach.as_csv, name="reach_csv"),
]
