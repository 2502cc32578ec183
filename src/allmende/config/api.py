"""The API of this instance: every app's `interfaces/api.py` with a `router`, under `/api/<label>/`."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from ninja import NinjaAPI

from allmende import __version__
from allmende.spine.api import answer_errors

api = NinjaAPI(
    title="Allmende",
    version=__version__,
    description="Open data and operations of this town. Without a token: what everybody may see.",
    urls_namespace="api",
    docs_url=None,
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}],
    },
)
answer_errors(api)

for _config in apps.get_app_configs():
    _name = f"{_config.name}.interfaces.api"
    if _config.name.startswith("allmende.") and find_spec(f"{_config.name}.interfaces") and find_spec(_name):
        api.add_router(f"/{_config.label}", import_module(_name).router, tags=[_config.label])
