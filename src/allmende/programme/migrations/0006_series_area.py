import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programme", "0005_experience")]

    operations = [
        migrations.CreateModel(
            name="SeriesArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=40, verbose_name="Area")),
                ("name", models.CharField(max_length=120, verbose_name="Name of the area")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="Source")),
                ("source_url", models.URLField(blank=True, max_length=500, verbose_name="Address of the source")),
                ("licence", models.CharField(blank=True, max_length=120, verbose_name="Licence")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="areas", to="programme.indicator"
                    ),
                ),
            ],
            options={
                "verbose_name": "Area",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "area"), name="programme_series_area_once")
                ],
            },
        ),
    ]
