from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func


class Document(models.Model):
    """A public thing that can be found. A row here is public by definition."""

    urn = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500)
    lang = models.CharField(max_length=8, default="de")
    changed = models.DateTimeField()
    title_tsv = models.GeneratedField(
        expression=Func(F("lang"), F("title"), function="search_lexemes"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # Title with weight A, text with weight B.
    tsv = models.GeneratedField(
        expression=Func(F("lang"), F("title"), F("text"), function="search_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["tsv"], name="search_document_tsv", fastupdate=False),
            GinIndex(fields=["title_tsv"], name="search_document_title", fastupdate=False),
            models.Index(fields=["-changed", "-id"], name="search_document_newest"),
        ]

    def __str__(self) -> str:
        return self.title


class Word(models.Model):
    """A word of the documents. `word` is folded, `spelt` the same with ae for ä, `shown` as some document writes it."""

    word = models.CharField(max_length=80, primary_key=True)
    spelt = models.CharField(max_length=120, db_index=True)
    shown = models.CharField(max_length=40)
    df = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trgm", fastupdate=False)
        ]

    def __str__(self) -> str:
        return self.shown
