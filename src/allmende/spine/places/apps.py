from django.apps import AppConfig
from django.core.checks import register


class PlacesConfig(AppConfig):
    name = "allmende.spine.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.postgres.lookups import TrigramSimilar
        from django.db.models import CharField

        from allmende.spine.geo.checks import located_models_are_indexed
        from allmende.spine.places import own_layers

        # The one lookup needed of django.contrib.postgres, without its hstore query at every new connection.
        CharField.register_lookup(TrigramSimilar)
        register(located_models_are_indexed)
        own_layers.register_all()
