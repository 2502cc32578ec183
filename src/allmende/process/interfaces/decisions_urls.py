from django.urls import path

from . import decisions, decisions_tables

urlpatterns = [
    path("intern/entscheidungen/neu/", decisions.add, name="add_decision"),
    path("intern/entscheidungen/<slug:slug>/neu/", decisions.add, name="add_decision_version"),
    path("intern/entscheidung/<uuid:public_id>/", decisions.decision, name="decision"),
    path("intern/entscheidung/<uuid:public_id>/modell.dmn", decisions.download, name="download_decision"),
    path("intern/entscheidung/<uuid:public_id>/probe/", decisions.try_out, name="decision_trial"),
    path("intern/entscheidung/<uuid:public_id>/tabelle/<int:place>/", decisions_tables.rules, name="decision_rules"),
    path(
        "intern/entscheidung/<uuid:public_id>/tabelle/<int:place>/spalten/",
        decisions_tables.columns,
        name="decision_columns",
    ),
    path("intern/vorgaenge/aufgaben/<uuid:public_id>/noch-einmal/", decisions.decide_item, name="decide_item"),
]
