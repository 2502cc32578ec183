"""The Word templates of the town: kept as files, one a paper; without one, the template that comes along."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from allmende.spine.facts import emit
from allmende.spine.files import rights
from allmende.spine.files.core import kinds
from allmende.spine.files.domain import queries, storage, uploads
from allmende.spine.files.models import StoredFile
from allmende.spine.instance.domain.queries import current
from allmende.spine.people.access import can, require_actor

from . import word
from .facts import WordTemplateChanged
from .papers import WORDS, Paper
from .standard import standard

KIND = "word_template"
MAX_BYTES = 5 * kinds.MB
kinds.register(
    kinds.Kind(KIND, ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",), MAX_BYTES)
)


def _may(person: Any, file: StoredFile) -> bool:
    return can(person, "programme.make_report")


rights.register("wordtemplate", _may, _may)


def _subject(paper: Paper) -> str:
    return f"wordtemplate:{paper}"


def own(paper: Paper) -> StoredFile | None:
    """The town's own template for a paper, if it has one."""
    return queries.files_of(_subject(paper)).last()


def bytes_of(paper: Paper) -> bytes:
    """The template that papers are made with: the town's own once a virus scan let it through, else the standard."""
    file = own(paper)
    if file is None or not file.readable:
        return standard(paper)
    return storage.path(file).read_bytes()


@transaction.atomic
def set_own(paper: Paper, uploaded: uploads.Upload, *, actor: Any) -> StoredFile:
    """Keep a template of the town's own in place of the one before.

    Raises PermissionDenied; ValidationError for what is no Word document, carries programs, loads something from
    elsewhere, or has placeholders that nobody knows: each is named.
    """
    require_actor(actor, "programme.make_report")
    before = list(queries.files_of(_subject(paper)))
    file = uploads.store(uploaded, subject=_subject(paper), actor=actor, kinds={KIND})
    wrong = word.check(storage.path(file).read_bytes(), WORDS[paper])
    if wrong:
        raise ValidationError(wrong)
    for each in before:
        uploads.delete(each, actor=actor)
    emit(WordTemplateChanged(paper=paper, own=True), subject=current(), actor=actor, url="")
    return file


@transaction.atomic
def drop_own(paper: Paper, *, actor: Any) -> None:
    """Back to the template that comes along. Raises PermissionDenied."""
    require_actor(actor, "programme.make_report")
    files = list(queries.files_of(_subject(paper)))
    for each in files:
        uploads.delete(each, actor=actor)
    if files:
        emit(WordTemplateChanged(paper=paper, own=False), subject=current(), actor=actor, url="")
