from pathlib import Path

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.models import F, Func
from django.db.utils import DatabaseError

SQL = Path(__file__).parents[1] / "sql"

NEEDED = (
    "Search needs the PostgreSQL extension pg_trgm (it comes with PostgreSQL). This database user may not create it: let the "
    "database's administrator run, in this database, CREATE EXTENSION pg_trgm; and start again."
)


def ensure_trigrams(apps, schema_editor):
    """A plain sentence instead of a traceback where the extension is missing."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if not cursor.fetchone():
            try:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            except DatabaseError as error:
                raise RuntimeError(NEEDED) from error
        # Loads the library: where the extension was there before (an administrator's database, an interrupted first start), the
        # functions below may not name its settings until the session knows them.
        cursor.execute("SELECT show_limit()")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("facts", "0001_initial")]
    operations = [
        migrations.RunPython(ensure_trigrams, migrations.RunPython.noop),
        migrations.RunSQL(
            (SQL / "functions.sql").read_text(),
            "DROP FUNCTION search_vector, search_lexemes, search_stems, search_spelt, search_words",
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("urn", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField(blank=True)),
                ("url", models.CharField(max_length=500)),
                ("lang", models.CharField(default="de", max_length=8)),
                ("changed", models.DateTimeField()),
                (
                    "title_tsv",
                    models.GeneratedField(
                        db_persist=True,
                        expression=Func(F("lang"), F("title"), function="search_lexemes"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "tsv",
                    models.GeneratedField(
                        db_persist=True,
                        expression=Func(F("lang"), F("title"), F("text"), function="search_vector"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["tsv"], name="search_document_tsv", fastupdate=False
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["title_tsv"], name="search_document_title", fastupdate=False
                    ),
                    models.Index(fields=["-changed", "-id"], name="search_document_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("spelt", models.CharField(db_index=True, max_length=120)),
                ("shown", models.CharField(max_length=40)),
                ("df", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="search_word_trgm", opclasses=["gin_trgm_ops"], fastupdate=False
                    )
                ]
            },
        ),
        # Long texts and their vectors lie beside the table: a common word's matches are then sorted by date from few pages.
        migrations.RunSQL(
            "ALTER TABLE search_document SET (toast_tuple_target = 256);"
            "ALTER TABLE search_document ALTER COLUMN tsv SET STORAGE EXTERNAL;" + (SQL / "candidates.sql").read_text(),
            "DROP FUNCTION search_candidates, search_newest_by_time, search_newest_by_word, search_titled, search_similar, search_known",
        ),
    ]
