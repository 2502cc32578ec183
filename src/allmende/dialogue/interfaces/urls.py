from django.urls import path

from . import contribute, experts, exports, moderating, planning, public, staff

app_name = "dialogue"
urlpatterns = [
    path("beteiligung/", public.participations, name="participations"),
    path("beteiligung/<slug:slug>/", public.participation, name="participation"),
    path("beteiligung/<slug:slug>/<int:number>/", public.phase, name="phase"),
    path("beteiligung/<slug:slug>/<int:number>/karte/", public.phase_map, name="phase_map"),
    path("beteiligung/<slug:slug>/<int:number>/karte.json", public.phase_features, name="phase_features"),
    path("beteiligung/<slug:slug>/<int:number>/regeln.json", public.rules, name="rules"),
    path("beteiligung/<slug:slug>/<int:number>/beitraege.csv", exports.phase_csv, name="phase_csv"),
    path("beteiligung/<slug:slug>/<int:number>/beitraege.json", exports.phase_json, name="phase_json"),
    path("beteiligung/<slug:slug>/<int:number>/neu/", contribute.add, name="add"),
    path("beitrag/<uuid:public_id>/", public.contribution, name="contribution"),
    path("beitrag/<uuid:public_id>/aendern/", contribute.change, name="change_contribution"),
    path("beitrag/<uuid:public_id>/zuruecknehmen/", contribute.take_back, name="take_back"),
    path("beitrag/<uuid:public_id>/zuspruch/", contribute.support, name="support"),
    path("konto/beitraege/", contribute.own, name="own"),
    path("gutachten/", experts.reviews, name="reviews"),
    path("gutachten/<uuid:public_id>/", experts.review, name="review"),
    path("intern/beitraege/", staff.owed, name="owed"),
    path("intern/beitraege/zurueckgehalten/", moderating.held, name="held"),
    path("intern/beitraege/<uuid:public_id>/", staff.answer, name="answer"),
    path("intern/beitraege/<uuid:public_id>/pruefen/", moderating.moderate, name="moderate"),
    path("intern/beteiligung/", planning.participations, name="staff"),
    path("intern/beteiligung/neu/", planning.add, name="add_participation"),
    path("intern/beteiligung/<uuid:public_id>/", planning.change, name="change"),
    path("intern/beteiligung/<uuid:public_id>/stand/", planning.state, name="state"),
    path("intern/beteiligung/<uuid:public_id>/phase/", planning.add_phase, name="add_phase"),
    path("intern/beteiligung/phase/<uuid:public_id>/", planning.change_phase, name="change_phase"),
]
