from django.urls import path

from . import council

urlpatterns = [
    path("intern/ratsbeschluesse/", council.arrived, name="council"),
    path("intern/ratsbeschluesse/<uuid:public_id>/", council.decision, name="council_decision"),
    path("intern/ratsbeschluesse/quellen/neu/", council.source, name="add_council_source"),
    path("intern/ratsbeschluesse/quellen/<uuid:public_id>/", council.source, name="council_source"),
]
