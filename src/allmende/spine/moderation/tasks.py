"""Jobs of moderation."""

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate import RetryStrategy

from allmende.spine.facts.effects import once
from allmende.spine.instance.domain.queries import current
from allmende.spine.jobs import app

from .models import Case


def send(mail: EmailMessage) -> None:
    mail.send()


@app.task(name="moderation.send_answer", queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def send_answer(case_id: str, key: str) -> None:
    """Send the answer to a barrier's report to the address that was left, once."""
    case = Case.objects.select_related("feedback").filter(public_id=case_id).first()
    if case is None or case.feedback is None or not case.feedback.email:
        return
    feedback, town = case.feedback, current()
    with override(feedback.lang):
        mail = EmailMessage(
            subject=_("Your accessibility feedback to %(name)s") % {"name": town.name},
            body="\n\n".join([case.statement, _("You had written:"), feedback.text]),
            to=[feedback.email],
        )
    once(key, lambda: send(mail))
