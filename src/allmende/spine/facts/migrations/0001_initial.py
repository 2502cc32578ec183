from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"

DROP = """
DROP TABLE facts_effect, facts_parked, facts_cursor, facts_fact, facts_epoch CASCADE;
DROP FUNCTION facts_refuse, emit_fact, facts_ensure_epoch, facts_new_epoch, din5007;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL((SQL / "din5007.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunSQL(
            (SQL / "facts.sql").read_text() + "SELECT facts_ensure_epoch();",
            DROP,
        ),
        migrations.CreateModel(
            name="FactRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("epoch", models.BigIntegerField()),
                ("time", models.DateTimeField()),
                ("actor", models.TextField()),
                ("kind", models.TextField()),
                ("subject", models.TextField()),
                ("url", models.TextField()),
                ("origin", models.TextField()),
                ("payload", models.JSONField()),
                ("public", models.BooleanField()),
            ],
            options={"db_table": "facts_fact", "ordering": ["-id"], "managed": False},
        ),
    ]
