from django.urls import path

from . import views

app_name = "files"
urlpatterns = [path("dateien/<uuid:public_id>/<str:name>", views.download, name="download")]
