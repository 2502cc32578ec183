from django.urls import path

from . import exports, staff, views

app_name = "programme"
urlpatterns = [
    path("massnahmen/", views.measures, name="measures"),
    path("massnahmen.csv", exports.measures_csv, name="measures_csv"),
    path("massnahmen.json", exports.measures_json, name="measures_json"),
    path("massnahmen/<slug:slug>/", views.measure, name="measure"),
    path("zahlen/", views.figures, name="figures"),
    path("intern/massnahmen/", staff.measures, name="staff_measures"),
    path("intern/massnahmen/neu/", staff.add, name="add_measure"),
    path("intern/massnahmen/<uuid:public_id>/", staff.change, name="change_measure"),
    path("intern/massnahmen/<uuid:public_id>/stand/", staff.publish, name="publish_measure"),
]
