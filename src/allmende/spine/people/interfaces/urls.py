from django.urls import path

from . import oidc, organisations, staff, views

app_name = "people"
urlpatterns = [
    path("konto/einstellungen/", views.my_settings, name="my_settings"),
    path("konto/einstellungen/name/", views.choose_pseudonym, name="choose_pseudonym"),
    path("konto/einstellungen/abmelden/", views.sign_out_others, name="sign_out_others"),
    path("konto/einstellungen/schluessel/", views.create_token, name="create_token"),
    path("konto/einstellungen/schluessel/<int:pk>/", views.revoke_token, name="revoke_token"),
    path("konto/vergeben/", oidc.address_taken, name="address_taken"),
    path("darstellung/", views.set_theme, name="set_theme"),
    path("intern/konten/", staff.account_list, name="accounts"),
    path("intern/konten/neu/", staff.invite_account, name="invite"),
    path("intern/konten/<int:pk>/", staff.account, name="account"),
    path("intern/konten/<int:pk>/rolle/", staff.assign_role, name="assign_role"),
    path("intern/konten/<int:pk>/sperren/", staff.disable, name="disable"),
    path("intern/konten/<int:pk>/einladen/", staff.send_invitation, name="send_invitation"),
    path("intern/konten/<int:pk>/abmelden/", staff.sign_out, name="sign_out"),
    path("intern/rollen/<int:pk>/beenden/", staff.end_role, name="end_role"),
    path("intern/organisationen/", organisations.organisation_list, name="organisations"),
    path("intern/organisationen/neu/", organisations.add, name="add_organisation"),
    path("intern/organisationen/<uuid:public_id>/", organisations.change, name="change_organisation"),
    path("intern/organisationen/<uuid:public_id>/entfernen/", organisations.remove, name="remove_organisation"),
]
