from django.urls import path

from . import arrivals, diagram, editor, instances, items, lists, migrations, models, starts, statistics, team
from .decisions_urls import urlpatterns as decisions

app_name = "process"
urlpatterns = [
    *decisions,
    path("intern/vorgaenge/aufgaben/", lists.items, name="items"),
    path("intern/vorgaenge/aufgaben/neu/", team.add_item, name="add_item"),
    path("intern/vorgaenge/aufgaben/<uuid:public_id>/", items.item, name="item"),
    path("intern/vorgaenge/aufgaben/<uuid:public_id>/aendern/", team.change_item, name="change_item"),
    path("intern/vorgaenge/vertretung/", team.substitutions, name="substitutions"),
    path("intern/vorgaenge/", instances.instances, name="instances"),
    path("intern/vorgaenge.csv", instances.instances_csv, name="instances_csv"),
    path("intern/vorgaenge/<uuid:public_id>/", instances.instance, name="instance"),
    path("intern/vorgaenge/<uuid:public_id>/eingetroffen/<uuid:waited>/", arrivals.arrived, name="arrived"),
    path("intern/vorgaenge/<uuid:public_id>/abbrechen/", instances.cancel, name="cancel_instance"),
    path("intern/prozesse/", models.models, name="models"),
    path("intern/prozesse/neu/", models.add, name="add_model"),
    path("intern/von-selbst/", starts.starts, name="starts"),
    path("intern/von-selbst/kalender/", starts.add_schedule, name="add_schedule"),
    path("intern/von-selbst/kalender/<uuid:public_id>/", starts.schedule, name="schedule"),
    path("intern/von-selbst/ausloeser/", starts.add_trigger, name="add_trigger"),
    path("intern/von-selbst/ausloeser/<uuid:public_id>/", starts.trigger, name="trigger"),
    path("intern/prozesse/<slug:slug>/umzug/", migrations.migrate, name="migrate"),
    path("intern/prozesse/<slug:slug>/zahlen/", statistics.figures, name="statistics"),
    path("intern/prozesse/<slug:slug>/zahlen.csv", statistics.figures_csv, name="statistics_csv"),
    path("intern/prozesse/<slug:slug>/verlauf.xes", statistics.model_xes, name="model_xes"),
    path("intern/vorgaenge/<uuid:public_id>/verlauf.xes", statistics.instance_xes, name="instance_xes"),
    path("intern/dienstvereinbarungen/", statistics.staff_agreements, name="agreements"),
    path("intern/umzug/<uuid:public_id>/", migrations.migration, name="migration"),
    path("intern/prozesse/<slug:slug>/", models.model, name="model"),
    path("intern/prozesse/<slug:slug>/neu/", models.add, name="add_version"),
    path("intern/prozesse/<slug:slug>/zeichnen/", editor.edit, name="draw"),
    path("intern/prozesse/<slug:slug>/zeichnen/pruefen/", editor.check, name="check_drawing"),
    path("intern/prozesse/<slug:slug>/zeichnen/speichern/", editor.save, name="save_drawing"),
    path("intern/prozesse/<slug:slug>/starten/", instances.start, name="start"),
    path("intern/fassung/<uuid:public_id>/", models.version, name="version"),
    path("intern/fassung/<uuid:public_id>/modell.bpmn", models.download, name="download_version"),
    path("intern/fassung/<uuid:public_id>/zeichnung.bpmn", diagram.drawing, name="drawing"),
]
