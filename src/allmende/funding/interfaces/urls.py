from django.urls import path

from . import exports, staff, views

app_name = "funding"
urlpatterns = [
    path("foerderung/", views.grants, name="grants"),
    path("foerderung.csv", exports.grants_csv, name="grants_csv"),
    path("foerderung.json", exports.grants_json, name="grants_json"),
    path("foerderung/<slug:slug>/", views.grant, name="grant"),
    path("portfolio/", views.portfolio, name="portfolio"),
    path("intern/foerderung/", staff.grants, name="staff_grants"),
    path("intern/foerderung/neu/", staff.add, name="add_grant"),
    path("intern/foerderung/<uuid:public_id>/", staff.change, name="change_grant"),
    path("intern/foerderung/<uuid:public_id>/stand/", staff.publish, name="publish_grant"),
    path("intern/foerderung/<uuid:public_id>/bescheid/", staff.document, name="document"),
    path("intern/foerderung/<uuid:public_id>/anteile/", staff.shares, name="shares"),
]
