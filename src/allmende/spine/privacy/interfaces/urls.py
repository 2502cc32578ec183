from django.urls import path

from . import staff, views

app_name = "privacy"
urlpatterns = [
    path("datenschutz/register/", views.register, name="register"),
    path("konto/meine-daten/", views.my_data, name="my_data"),
    path("konto/meine-daten/kopie/", views.my_copy, name="my_copy"),
    path("konto/meine-daten/kopie/<uuid:public_id>/", views.download_copy, name="download_copy"),
    path("konto/meine-daten/loeschen/", views.delete_account, name="delete_account"),
    path("konto/geloescht/", views.deleted, name="deleted"),
    path("intern/datenschutz/", staff.record, name="record"),
    path("intern/datenschutz/verzeichnis.csv", staff.record_csv, name="record_csv"),
    path("intern/datenschutz/verzeichnis.json", staff.record_json, name="record_json"),
    path("intern/datenschutz/zugriffe/", staff.access_log, name="access_log"),
    path("intern/datenschutz/zugriffe.csv", staff.access_log_csv, name="access_log_csv"),
    path("intern/archiv/", staff.offers, name="offers"),
    path("intern/archiv/<uuid:public_id>/", staff.offer, name="offer"),
    path("intern/archiv/<uuid:public_id>/paket/", staff.package, name="package"),
    path("intern/archiv/<uuid:public_id>/uebernommen/", staff.handover, name="handover"),
]
