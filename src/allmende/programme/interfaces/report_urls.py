from django.urls import path

from . import papers, reports

urlpatterns = [
    path("berichte/", reports.reports, name="reports"),
    path("berichte/<uuid:public_id>/", reports.report, name="report"),
    path("berichte/<uuid:public_id>/bericht.pdf", reports.report_pdf, name="report_pdf"),
    path("berichte/<uuid:public_id>/daten.json", reports.report_json, name="report_json"),
    path("berichte/<uuid:public_id>/quelle/<str:urn>/", reports.source, name="report_source"),
    path("intern/berichte/", reports.make, name="make_report"),
    path("intern/berichte/machen/", reports.freeze_report, name="freeze_report"),
    path("intern/berichte/stand.docx", papers.status_report, name="status_report"),
    path("intern/papiere/", papers.all_papers, name="papers"),
    path("intern/papiere/<slug:paper>/", papers.set_template, name="set_word_template"),
    path("intern/papiere/<slug:paper>/muster.docx", papers.standard_template, name="standard_word_template"),
    path("intern/massnahmen/<uuid:public_id>/vorlage.docx", papers.council_paper, name="council_paper"),
    path("massnahmen/<slug:slug>/erfahrung/", papers.experience_page, name="experience"),
    path("massnahmen/<slug:slug>/erfahrung.json", papers.experience_json, name="experience_json"),
]
