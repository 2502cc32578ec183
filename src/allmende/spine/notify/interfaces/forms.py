from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..domain import queries
from ..enums import Cadence


class SettingsForm(forms.Form):
    """One question for each topic that concerns the person, and the quiet hours."""

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data)
        self.topics = queries.topics_for(person)
        chosen = queries.choices_of(person)
        for topic in self.topics:
            self.fields[f"topic-{topic.key}"] = forms.ChoiceField(
                label=topic.label,
                help_text=topic.description,
                choices=Cadence.choices,
                initial=chosen.get(topic.key, topic.default),
            )
        quiet = queries.settings_of(person)
        for name, label, value, hint in (
            (
                "quiet_from",
                _("Quiet from"),
                quiet.quiet_from,
                _("No e-mail between these times, for example 22:00 to 07:00."),
            ),
            ("quiet_to", _("Quiet until"), quiet.quiet_to, ""),
        ):
            self.fields[name] = forms.TimeField(
                label=label,
                required=False,
                initial=value,
                help_text=hint,
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            )

    @property
    def topic_fields(self) -> list[forms.BoundField]:
        return [self[f"topic-{topic.key}"] for topic in self.topics]

    def cadences(self) -> dict[str, str]:
        return {topic.key: self.cleaned_data[f"topic-{topic.key}"] for topic in self.topics}

    def quiet(self) -> tuple[time | None, time | None]:
        return self.cleaned_data["quiet_from"], self.cleaned_data["quiet_to"]


class FollowForm(forms.Form):
    """What the follow button sends. `next` is checked by the view."""

    topic = forms.CharField(max_length=60)
    subject = forms.CharField(max_length=200)
    action = forms.ChoiceField(choices=[("follow", "follow"), ("unfollow", "unfollow")])
    next = forms.CharField(required=False, max_length=500)
