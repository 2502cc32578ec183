from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FactsConfig(AppConfig):
    name = "allmende.spine.facts"
    label = "facts"

    def ready(self) -> None:
        # Every app's fact kinds, rights and reactions are known before the first request.
        autodiscover_modules("facts", "rules", "handlers")
