import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import allmende.spine.geo.fields
import allmende.spine.ids


class Migration(migrations.Migration):
    initial = True

    # din5007() and the fact log are the facts app's.
    dependencies = [("facts", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=allmende.spine.ids.uuid7, editable=False, unique=True)),
                ("origin", models.URLField(blank=True, default="", editable=False, max_length=300)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("changed", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("importer", models.CharField(max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("active", "In use"),
                            ("replaced", "Replaced"),
                            ("failed", "Failed"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("data_date", models.DateField(blank=True, null=True)),
                ("credit", models.CharField(max_length=200)),
                ("counts", models.JSONField(default=dict)),
                ("map_file", models.CharField(blank=True, default="", max_length=100)),
                ("finished", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True, default="")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")), fields=("state",), name="places_one_active"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geom", models.BinaryField(blank=True, null=True)),
                ("centre", allmende.spine.geo.fields.PointField(blank=True, editable=False, null=True)),
                ("extent", allmende.spine.geo.fields.BoxField(blank=True, editable=False, null=True)),
                ("public_id", models.UUIDField(default=allmende.spine.ids.uuid7, editable=False, unique=True)),
                ("origin", models.URLField(blank=True, default="", editable=False, max_length=300)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("changed", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("office", "Office"),
                            ("square", "Square"),
                            ("park", "Park or green space"),
                            ("path", "Path or street"),
                            ("building", "Building"),
                            ("school", "School or nursery"),
                            ("site", "Site of a project"),
                            ("meeting", "Meeting place"),
                            ("other", "Other place"),
                        ],
                        default="other",
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("summary", models.TextField(blank=True, default="", max_length=600)),
                ("address", models.CharField(blank=True, default="", max_length=200)),
                ("source", models.CharField(blank=True, default="", max_length=200)),
                ("source_date", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["centre"], name="places_place_at"),
                    django.contrib.postgres.indexes.GistIndex(fields=["extent"], name="places_place_box"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("centre", None), ("extent", None), ("geom", None)),
                            models.Q(("centre__isnull", False), ("extent__isnull", False), ("geom__isnull", False)),
                            _connector="OR",
                        ),
                        name="places_place_located",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Street",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geom", models.BinaryField(blank=True, null=True)),
                ("centre", allmende.spine.geo.fields.PointField(blank=True, editable=False, null=True)),
                ("extent", allmende.spine.geo.fields.BoxField(blank=True, editable=False, null=True)),
                ("ref", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(max_length=200)),
                ("postcode", models.CharField(blank=True, default="", max_length=5)),
                ("city", models.CharField(blank=True, default="", max_length=100)),
                ("district", models.CharField(blank=True, default="", max_length=200)),
                (
                    "generation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.import"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geom", models.BinaryField(blank=True, null=True)),
                ("centre", allmende.spine.geo.fields.PointField(blank=True, editable=False, null=True)),
                ("extent", allmende.spine.geo.fields.BoxField(blank=True, editable=False, null=True)),
                ("ref", models.CharField(max_length=40)),
                ("number", models.PositiveSmallIntegerField()),
                ("suffix", models.CharField(blank=True, default="", max_length=1)),
                ("number_to", models.PositiveSmallIntegerField(null=True)),
                ("postcode", models.CharField(blank=True, default="", max_length=5)),
                ("city", models.CharField(blank=True, default="", max_length=100)),
                ("district", models.CharField(blank=True, default="", max_length=200)),
                (
                    "generation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.import"
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="places.street",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geom", models.BinaryField(blank=True, null=True)),
                ("centre", allmende.spine.geo.fields.PointField(blank=True, editable=False, null=True)),
                ("extent", allmende.spine.geo.fields.BoxField(blank=True, editable=False, null=True)),
                ("public_id", models.UUIDField(default=allmende.spine.ids.uuid7, editable=False, unique=True)),
                ("origin", models.URLField(blank=True, default="", editable=False, max_length=300)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("changed", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("state", "Federal state"),
                            ("county", "County"),
                            ("association", "Association of municipalities"),
                            ("municipality", "Municipality"),
                            ("district", "District"),
                            ("village", "Village"),
                            ("quarter", "Quarter"),
                            ("postcode", "Postcode area"),
                            ("other", "Other area"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("key", models.CharField(blank=True, default="", max_length=12)),
                ("ref", models.CharField(blank=True, default="", editable=False, max_length=250)),
                ("source", models.CharField(blank=True, default="", max_length=200)),
                ("source_date", models.DateField(blank=True, null=True)),
                ("credit", models.CharField(blank=True, default="", max_length=200)),
                ("current", models.BooleanField(default=True, editable=False)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parts",
                        to="places.area",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["centre"], name="places_area_at"),
                    django.contrib.postgres.indexes.GistIndex(fields=["extent"], name="places_area_box"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("centre", None), ("extent", None), ("geom", None)),
                            models.Q(("centre__isnull", False), ("extent__isnull", False), ("geom__isnull", False)),
                            _connector="OR",
                        ),
                        name="places_area_located",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ref", ""), _negated=True), fields=("ref",), name="places_area_ref"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geom", models.BinaryField(blank=True, null=True)),
                ("centre", allmende.spine.geo.fields.PointField(blank=True, editable=False, null=True)),
                ("extent", allmende.spine.geo.fields.BoxField(blank=True, editable=False, null=True)),
                ("ref", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("levels", models.PositiveSmallIntegerField(null=True)),
                (
                    "generation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.import"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["centre"], name="places_building_at"),
                    django.contrib.postgres.indexes.GistIndex(fields=["extent"], name="places_building_box"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("centre", None), ("extent", None), ("geom", None)),
                            models.Q(("centre__isnull", False), ("extent__isnull", False), ("geom__isnull", False)),
                            _connector="OR",
                        ),
                        name="places_building_located",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Landmark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geom", models.BinaryField(blank=True, null=True)),
                ("centre", allmende.spine.geo.fields.PointField(blank=True, editable=False, null=True)),
                ("extent", allmende.spine.geo.fields.BoxField(blank=True, editable=False, null=True)),
                ("ref", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(max_length=200)),
                ("rank", models.PositiveSmallIntegerField(default=3)),
                (
                    "generation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.import"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["centre"], name="places_landmark_at"),
                    django.contrib.postgres.indexes.GistIndex(fields=["extent"], name="places_landmark_box"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_key"], name="places_landmark_name_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("centre", None), ("extent", None), ("geom", None)),
                            models.Q(("centre__isnull", False), ("extent__isnull", False), ("geom__isnull", False)),
                            _connector="OR",
                        ),
                        name="places_landmark_located",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="street",
            index=django.contrib.postgres.indexes.GistIndex(fields=["centre"], name="places_street_at"),
        ),
        migrations.AddIndex(
            model_name="street",
            index=django.contrib.postgres.indexes.GistIndex(fields=["extent"], name="places_street_box"),
        ),
        migrations.AddIndex(
            model_name="street",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_key"], name="places_street_name_trgm", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="street",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("centre", None), ("extent", None), ("geom", None)),
                    models.Q(("centre__isnull", False), ("extent__isnull", False), ("geom__isnull", False)),
                    _connector="OR",
                ),
                name="places_street_located",
            ),
        ),
        migrations.AddIndex(
            model_name="address",
            index=django.contrib.postgres.indexes.GistIndex(fields=["centre"], name="places_address_at"),
        ),
        migrations.AddIndex(
            model_name="address",
            index=django.contrib.postgres.indexes.GistIndex(fields=["extent"], name="places_address_box"),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("centre", None), ("extent", None), ("geom", None)),
                    models.Q(("centre__isnull", False), ("extent__isnull", False), ("geom__isnull", False)),
                    _connector="OR",
                ),
                name="places_address_located",
            ),
        ),
    ]
