"""The way to the town's identity provider and back: allauth's views, with the link for connecting guarded."""

from allauth.socialaccount.providers.openid_connect import views
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..access import access
from ..templatetags.people import proof_holds


@access("public")
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider. Connecting it with an account that is signed in needs the proof that our own page made the link.

    Without it, somebody could lead a person to connect a foreign identity with their account.
    """
    if request.GET.get("process", "login") != "login" and not proof_holds(request, request.GET.get("proof", "")):
        raise PermissionDenied("connecting from elsewhere")
    return views.login(request, provider_id)


@access("public")
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider: sign in, or connect."""
    return views.callback(request, provider_id)


@access("public")
def address_taken(request: HttpRequest) -> HttpResponse:
    """Why an address known here does not open its account (see `adapters.SocialAdapter`)."""
    return render(request, "people/address_taken.html")
