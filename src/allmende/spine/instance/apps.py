from django.apps import AppConfig


class InstanceConfig(AppConfig):
    name = "allmende.spine.instance"
    label = "instance"
    default_auto_field = "django.db.models.BigAutoField"
