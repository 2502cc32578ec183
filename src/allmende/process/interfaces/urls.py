from django.urls import path

from . import instances, items, models

app_name = "process"
urlpatterns = [
    path("intern/vorgaenge/aufgaben/", items.items, name="items"),
    path("intern/vorgaenge/aufgaben/<uuid:public_id>/", items.item, name="item"),
    path("intern/vorgaenge/", instances.instances, name="instances"),
    path("intern/vorgaenge/<uuid:public_id>/", instances.instance, name="instance"),
    path("intern/vorgaenge/<uuid:public_id>/abbrechen/", instances.cancel, name="cancel_instance"),
    path("intern/prozesse/", models.models, name="models"),
    path("intern/prozesse/neu/", models.add, name="add_model"),
    path("intern/prozesse/<slug:slug>/", models.model, name="model"),
    path("intern/prozesse/<slug:slug>/neu/", models.add, name="add_version"),
    path("intern/prozesse/<slug:slug>/starten/", instances.start, name="start"),
    path("intern/fassung/<uuid:public_id>/", models.version, name="version"),
    path("intern/fassung/<uuid:public_id>/modell.bpmn", models.download, name="download_version"),
]
