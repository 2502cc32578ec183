"""Routes of the way in and out. Included by `urls`."""

from django.urls import path

from . import badge, exchange

urlpatterns = [
    path("intern/import/", exchange.upload, name="import"),
    path("intern/import/<uuid:public_id>/blatt/", exchange.sheet, name="import_sheet"),
    path("intern/import/<uuid:public_id>/spalten/", exchange.columns, name="import_columns"),
    path("intern/import/<uuid:public_id>/vorschau/", exchange.preview, name="import_preview"),
    path("intern/import/<uuid:public_id>/stand/", exchange.progress, name="import_progress"),
    path("intern/import/<uuid:public_id>/verwerfen/", exchange.forget, name="import_forget"),
    path("intern/export/programm.<str:kind>", exchange.export, name="export"),
    path("offene-daten/", exchange.open_data, name="open_data"),
    path("offene-daten/programm.zip", exchange.open_data_zip, name="open_data_zip"),
    path("massnahmen/<slug:slug>/plakette.svg", badge.badge, name="badge"),
    path("massnahmen/<slug:slug>/einbetten/", badge.embed, name="embed"),
]
