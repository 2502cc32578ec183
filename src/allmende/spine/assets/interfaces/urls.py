from django.urls import path

from . import imports, staff, views

app_name = "assets"
urlpatterns = [
    path("a/", views.lookup, name="lookup"),
    path("a/<str:code>/", views.asset, name="asset"),
    path("a/<str:code>/code.svg", views.code_svg, name="code_svg"),
    path("intern/dinge/", staff.assets, name="staff_assets"),
    path("intern/dinge/neu/", staff.add, name="add_asset"),
    path("intern/dinge/etiketten/", staff.labels, name="labels"),
    path("intern/dinge/etiketten.pdf", staff.labels_pdf, name="labels_pdf"),
    path("intern/dinge/import/", imports.upload, name="import"),
    path("intern/dinge/import/<uuid:public_id>/", imports.mapping, name="import_mapping"),
    path("intern/dinge/<uuid:public_id>/", staff.change, name="change_asset"),
    path("intern/dinge/<uuid:public_id>/stand/", staff.state, name="asset_state"),
]
