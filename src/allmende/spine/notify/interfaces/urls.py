from django.urls import path

from . import views

app_name = "notify"
urlpatterns = [
    path("konto/mitteilungen/", views.notices, name="notices"),
    path("konto/mitteilungen/gelesen/", views.read, name="read"),
    path("konto/mitteilungen/einstellungen/", views.settings, name="settings"),
    path("konto/mitteilungen/wieder/", views.resume, name="resume"),
    path("konto/mitteilungen/abbestellen/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("konto/mitteilungen/<uuid:public_id>/", views.open_notice, name="notice"),
    path("konto/folgen/", views.follow, name="follow"),
]
