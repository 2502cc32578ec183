"""Papers in Word from the town's template, and the experience report of a measure."""

import uuid

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.instance.domain.queries import current
from allmende.spine.people.access import access, can, require

from ..domain import queries
from ..models import Measure
from ..reports import letterheads, papers, word
from ..reports.experience import as_json, experience
from ..reports.papers import MEANINGS, WORDS, Paper
from ..reports.standard import standard
from .report_forms import StatusForm, TemplateForm

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _docx(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_WORD)
    response["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    return response


@access("programme.change_measure")
def council_paper(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A paper for the council about a measure as it is published."""
    measure = get_object_or_404(Measure.objects.select_related("topic", "phase"), public_id=public_id)
    require(request.user, "programme.change_measure", measure)
    return _docx(word.fill(letterheads.bytes_of(Paper.COUNCIL), papers.council(measure)), f"vorlage-{measure.slug}")


@access("programme.change_measure")
def status_report(request: HttpRequest) -> HttpResponse:
    """A status report about the published measures of a topic, a phase, or all."""
    form = StatusForm(request.GET)
    if not form.is_valid():
        return render(request, "programme/report_papers.html", _papers(request) | {"status": form}, status=422)
    rows = papers.chosen(form.cleaned_data["topic"], form.cleaned_data["phase"])
    content = word.fill(letterheads.bytes_of(Paper.STATUS), papers.status(rows, form.choice()))
    return _docx(content, f"stand-{timezone.localdate().isoformat()}")


def _papers(request: HttpRequest) -> dict[str, object]:
    kinds = [
        {
            "paper": paper,
            "own": letterheads.own(paper),
            "form": TemplateForm(prefix=paper),
            "texts": [(f"{{{{{name}}}}}", MEANINGS[name]) for name in MEANINGS if name in WORDS[paper].texts],
            "lists": [
                (MEANINGS[name], f"{{{{{name}}}}}", [f"{{{{{name}.{field}}}}}" for field in fields])
                for name, fields in WORDS[paper].lists.items()
            ],
        }
        for paper in Paper
    ]
    return {"kinds": kinds, "status": StatusForm(), "may_change": can(request.user, "programme.make_report")}


@access("programme.change_measure")
def all_papers(request: HttpRequest) -> HttpResponse:
    """What papers there are, from which templates, with which placeholders."""
    return render(request, "programme/report_papers.html", _papers(request))


@access("programme.make_report")
@require_POST
def set_template(request: HttpRequest, paper: str) -> HttpResponse:
    """Use a template of the town's own, or go back to the one that comes along."""
    kind = _paper(paper)
    if "drop" in request.POST:
        letterheads.drop_own(kind, actor=request.user)
        messages.success(request, _("The standard template is used again."))
        return redirect("programme:papers")
    form = TemplateForm(request.POST, request.FILES, prefix=kind)
    if form.is_valid():
        try:
            letterheads.set_own(kind, form.cleaned_data["file"], actor=request.user)
        except ValidationError as error:
            form.add_error("file", error.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("The template is kept. Papers are made with it from now on."))
            return redirect("programme:papers")
    context = _papers(request)
    for each in context["kinds"]:  # type: ignore[attr-defined]
        if each["paper"] == kind:
            each["form"] = form
    return render(request, "programme/report_papers.html", context | {"form": form}, status=422)


@access("programme.change_measure")
def standard_template(request: HttpRequest, paper: str) -> HttpResponse:
    """The template that comes along, to begin one's own with."""
    kind = _paper(paper)
    return _docx(standard(kind), f"muster-{kind}")


def _paper(name: str) -> Paper:
    try:
        return Paper(name)
    except ValueError:
        raise Http404 from None


def _public(slug: str) -> Measure | None:
    # As everybody sees it, whoever asks: an experience report is for other towns.
    return queries.measure_by_slug(AnonymousUser(), slug)


@access("public")
def experience_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What came of a measure, for other towns; a former address leads to the present one."""
    measure = _public(slug)
    if measure is None:
        moved = queries.moved_to(AnonymousUser(), slug)
        if moved is None:
            raise Http404
        return redirect("programme:experience", moved.slug, permanent=True)
    told = experience(measure)
    context = {"told": told, "measure": measure, "matters": queries.matters(told.figures)}
    return render(request, "programme/experience.html", context)


@access("public")
def experience_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for programs."""
    measure = _public(slug)
    if measure is None:
        raise Http404
    town = current()
    body = as_json(
        experience(measure),
        request.build_absolute_uri("/")[:-1],
        {"name": town.town, "ags": town.ags, "programme": town.name},
    )
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
