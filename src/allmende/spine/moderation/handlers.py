"""Answers to accessibility feedback go out by e-mail, if an address was left."""

from allmende.spine.facts import FactRow, handler


@handler("moderation.answers", kinds=["moderation.feedback.answered"])
def send_answers(batch: list[FactRow]) -> None:
    from .tasks import send_answer

    for fact in batch:
        if fact.payload["outcome"] == "answered":
            send_answer.defer(case_id=fact.subject.partition(":")[2], key=f"moderation.answers:{fact.id}")
