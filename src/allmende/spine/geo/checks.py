"""A model that is `Located` but lost its indexes answers rightly and slowly: say so when the system is checked."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error

from allmende.spine.geo.models import Located


def located_models_are_indexed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every concrete `Located` model has its two GiST indexes (Django does not inherit a Meta that is not named)."""
    wanted = {("centre",), ("extent",)}
    return [
        Error(
            f"{model._meta.label} is Located without its indexes.",
            hint="Write `class Meta(Located.Meta):` in the model.",
            obj=model,
            id="geo.E001",
        )
        for model in apps.get_models()
        if issubclass(model, Located) and not wanted <= {tuple(index.fields) for index in model._meta.indexes}
    ]
