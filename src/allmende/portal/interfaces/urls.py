from django.urls import path

from . import feeds, live, staff, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("karte/", views.town_map, name="map"),
    path("aktuelles/", views.activity, name="activity"),
    path("aktuelles/atom.xml", feeds.atom, name="atom"),
    path("aktuelles/feed.json", feeds.json_feed, name="json_feed"),
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("live-ticket/", live.ticket, name="live_ticket"),
    path("angemeldet/", views.after_login, name="after_login"),
    path("intern/", staff.home, name="staff_home"),
    path("intern/protokoll/", staff.audit, name="audit"),
]
