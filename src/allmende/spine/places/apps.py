from pathlib import Path
from typing import Any

from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from allmende.spine import demo
from allmende.spine.rooms import MenuEntry, RoomConfig


class PlacesConfig(RoomConfig):
    name = "allmende.spine.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
    room = "places"
    title = _("Places")
    optional = False
    menu = [MenuEntry(_("Places"), "places:staff_places", staff=True, right="places.change", order=60)]

    def ready(self) -> None:
        from django.contrib.postgres.lookups import TrigramSimilar
        from django.db.models import CharField

        from allmende.spine.geo.checks import located_models_are_indexed
        from allmende.spine.places import own_layers

        # The one lookup needed of django.contrib.postgres, without its hstore query at every new connection.
        CharField.register_lookup(TrigramSimilar)
        register(located_models_are_indexed)
        own_layers.register_all()
        demo.register("places", _load_demo)


def _load_demo(folder: Path, office: Any) -> None:
    # Only a town that is being filled pays for shapely.
    from allmende.spine.places.domain.drawn import load_drawn

    load_drawn(folder / "map.geojson", actor=office)
