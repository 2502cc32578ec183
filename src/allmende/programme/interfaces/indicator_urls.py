from django.urls import path

from . import indicator_staff as staff
from . import indicators
from . import target_staff as targets

urlpatterns = [
    path("kennzahlen/", indicators.indicators, name="indicators"),
    path("ziele/", indicators.targets, name="targets"),
    path("kennzahlen/<slug:slug>/", indicators.indicator, name="indicator"),
    path("kennzahlen/<slug:slug>/werte.csv", indicators.values_csv, name="indicator_csv"),
    path("kennzahlen/<slug:slug>/werte.json", indicators.values_json, name="indicator_json"),
    path("kennzahlen/<slug:slug>/bild.svg", indicators.picture, name="indicator_picture"),
    path("intern/kennzahlen/", staff.indicators, name="staff_indicators"),
    path("intern/kennzahlen/neu/", staff.add, name="add_indicator"),
    path("intern/kennzahlen/<uuid:public_id>/", staff.indicator, name="staff_indicator"),
    path("intern/kennzahlen/<uuid:public_id>/definition/", staff.define, name="define_indicator"),
    path("intern/kennzahlen/<uuid:public_id>/bruch/", staff.add_break, name="break_indicator"),
    path("intern/kennzahlen/<uuid:public_id>/werte/", staff.record, name="record_values"),
    path("intern/kennzahlen/<uuid:public_id>/ziel/", targets.add, name="set_target"),
    path("intern/ziele/<uuid:public_id>/", targets.change, name="change_target"),
    path("intern/ziele/<uuid:public_id>/aufgeben/", targets.remove, name="remove_target"),
    path("intern/kennzahlen/<uuid:public_id>/schritt/", staff.act, name="act_on_indicator"),
]
