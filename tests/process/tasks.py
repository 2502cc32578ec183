"""A small process with the form that a test asks for, and people who do its tasks."""

from django.utils import timezone

from allmende.process.domain import instances, versions
from allmende.process.enums import ItemState
from allmende.process.models import WorkItem
from allmende.spine.people.enums import Role
from tests.factories import make_account

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:allmende="urn:allmende:process:1"
 id="d" targetNamespace="x"><process id="p" isExecutable="true"><laneSet id="ls"><lane id="l" name="{lane}">
<flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef><flowNodeRef>e</flowNodeRef>
</lane></laneSet><startEvent id="s"/>
<userTask id="a" name="Erst dies" allmende:nameEn="First this"><extensionElements>
<allmende:form>{fields}</allmende:form>{more}</extensionElements></userTask>
{second}<endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
<sequenceFlow id="f3" sourceRef="b" targetRef="e"/></process></definitions>"""
SECOND = '<userTask id="b" name="Dann das" allmende:nameEn="Then that" allmende:fourEyes="a"/>'
NOTE = '<allmende:field name="note" type="long_text" label="Vermerk" labelEn="Remark"/>'


def released(fields=NOTE, *, more="", second=SECOND, role=Role.EDITOR, title="Ablauf", model=None):
    """A version that instances can start by; `role` does both steps."""
    data = MODEL.format(lane="Wer", fields=fields, more=more, second=second).encode()
    row = versions.import_model(data, title=title, model=model, actor="test")
    versions.set_lanes(row, {"Wer": role}, actor="test")
    versions.accept(row, actor="test")
    return versions.release(versions.submit(row, actor="test"), actor="test")


def started(fields=NOTE, *, title="Fall", subject="", **more):
    """A case that waits at its first step."""
    return instances.start(released(fields, **more), title=title, subject=subject, actor="test")


def first_item(case):
    return WorkItem.objects.select_related("instance__version_of").get(instance=case, element="a", state=ItemState.OPEN)


def second_item(case):
    return WorkItem.objects.select_related("instance__version_of").get(instance=case, element="b", state=ItemState.OPEN)


def again(person):
    """As the next request sees them."""
    return type(person).objects.get(pk=person.pk)


def today(days=0):
    return timezone.localdate() + timezone.timedelta(days=days)


def editor(**fields):
    return make_account(Role.EDITOR, **fields)
