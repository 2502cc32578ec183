from django.urls import path

from . import reports

urlpatterns = [
    path("berichte/", reports.reports, name="reports"),
    path("berichte/<uuid:public_id>/", reports.report, name="report"),
    path("berichte/<uuid:public_id>/bericht.pdf", reports.report_pdf, name="report_pdf"),
    path("berichte/<uuid:public_id>/daten.json", reports.report_json, name="report_json"),
    path("berichte/<uuid:public_id>/quelle/<str:urn>/", reports.source, name="report_source"),
    path("intern/berichte/", reports.make, name="make_report"),
    path("intern/berichte/machen/", reports.freeze_report, name="freeze_report"),
]
