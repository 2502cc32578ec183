from django.urls import path

from . import accessibility, public, staff

app_name = "moderation"
urlpatterns = [
    path("barrierefreiheit/", accessibility.statement, name="accessibility"),
    path("barrierefreiheit/danke/", accessibility.thanks, name="accessibility_thanks"),
    path("kommentare/neu/", public.post, name="post_comment"),
    path("kommentare/transparenz/", public.transparency, name="transparency"),
    path("kommentare/<uuid:public_id>/", public.my_comment, name="my_comment"),
    path("kommentare/<uuid:public_id>/bearbeiten/", public.edit, name="edit_comment"),
    path("kommentare/<uuid:public_id>/loeschen/", public.delete, name="delete_comment"),
    path("kommentare/<uuid:public_id>/melden/", public.report, name="report_comment"),
    path("kommentare/<uuid:public_id>/widerspruch/", public.appeal, name="appeal"),
    path("intern/moderation/", staff.queue, name="queue"),
    path("intern/moderation/regeln/", staff.rules, name="hold_rules"),
    path("intern/moderation/<uuid:public_id>/", staff.case, name="case"),
    path("intern/moderation/<uuid:public_id>/uebernehmen/", staff.claim, name="claim_case"),
    path("intern/barrierefreiheit/", accessibility.change, name="change_statement"),
]
