"""Nothing typed is lost when a log-in expires in mid-form.

A form sent by somebody no longer signed in is parked in their (new, anonymous) session; after signing in they see
what they
had typed and send it again with one button. Works for every form, with and without JavaScript. Files cannot be parked.
"""

import re
import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

KEY = "parked_form"
KEEP_SECONDS = 30 * 60
MAX_BYTES = 200_000
# Not "code" as a part: a postal code or reason code is no secret.
SECRET = re.compile(r"passwor[dt]|secret|credential|^(one_time_)?(code|token|otp)$", re.IGNORECASE)


def park(request: HttpRequest) -> None:
    """Keep the form of a POST that was refused for want of a log-in."""
    if request.method != "POST" or request.headers.get("HX-Request"):
        return
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not SECRET.search(name)
    ]
    if sum(len(name) + len(value) for name, value in fields) > MAX_BYTES:
        return
    request.session[KEY] = {
        "path": request.get_full_path(),
        "fields": fields,
        "files": sorted(request.FILES),
        "until": time.time() + KEEP_SECONDS,
    }


def offer(request: HttpRequest) -> HttpResponse | None:
    """On the way back to the same address, show what was typed and let it be sent again."""
    if request.method != "GET" or not request.user.is_authenticated or KEY not in request.session:
        return None
    parked = request.session[KEY]
    if parked["until"] < time.time():
        del request.session[KEY]
        return None
    if parked["path"] != request.get_full_path():
        return None
    del request.session[KEY]
    shown = [(name, value) for name, value in parked["fields"] if value.strip()]
    return render(
        request,
        "people/parked.html",
        {"fields": parked["fields"], "shown": shown, "files": parked["files"], "path": parked["path"]},
    )
