from django.urls import path

from . import council_urls, drafts, exchange_urls, exports, frame, indicator_urls, report_urls, staff, views, work

app_name = "programme"
urlpatterns = [
    path("massnahmen/", views.measures, name="measures"),
    path("massnahmen.csv", exports.measures_csv, name="measures_csv"),
    path("massnahmen.json", exports.measures_json, name="measures_json"),
    path("massnahmen/<slug:slug>/", views.measure, name="measure"),
    path("themen/<slug:slug>/", views.topic, name="topic"),
    path("beteiligte/", views.parties, name="parties"),
    path("beteiligte/<slug:slug>/", views.party, name="party"),
    path("zahlen/", views.figures, name="figures"),
    path("intern/massnahmen/", staff.measures, name="staff_measures"),
    path("intern/massnahmen/neu/", staff.add, name="add_measure"),
    path("intern/massnahmen/<uuid:public_id>/", drafts.change, name="change_measure"),
    path("intern/massnahmen/<uuid:public_id>/entwurf/<slug:section>/", drafts.change, name="change_section"),
    path("intern/massnahmen/<uuid:public_id>/zurueckziehen/", staff.withdraw, name="withdraw_measure"),
    path("intern/massnahmen/<uuid:public_id>/loeschen/", staff.delete, name="delete_measure"),
    path("intern/massnahmen/<uuid:public_id>/verlauf/", drafts.history, name="history"),
    path("intern/massnahmen/<uuid:public_id>/aufgaben/", work.tasks, name="tasks"),
    path("intern/massnahmen/stapel/", work.batch, name="batch"),
    path("intern/aufgaben/<uuid:public_id>/fertig/", work.finish, name="finish_task"),
    path("intern/rahmen/", frame.frame, name="frame"),
    path("intern/rahmen/<slug:kind>/neu/", frame.change, name="add_frame"),
    path("intern/rahmen/<slug:kind>/<int:pk>/", frame.change, name="change_frame"),
    path("intern/arbeit/", work.my_work, name="my_work"),
    path("kalender/<int:pk>/<str:key>.ics", work.calendar_feed, name="calendar"),
    *indicator_urls.urlpatterns,
    *exchange_urls.urlpatterns,
    *report_urls.urlpatterns,
    *council_urls.urlpatterns,
    path("intern/pruefen/", drafts.reviews, name="reviews"),
    path("intern/fassungen/<uuid:public_id>/", drafts.version, name="version"),
    path("intern/fassungen/<uuid:public_id>/schritt/", drafts.act, name="act_on_draft"),
    path("intern/fassungen/<uuid:public_id>/pruefen/", drafts.review, name="review"),
]
