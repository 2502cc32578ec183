"""What a model says of a step besides its way: form, deadline, action, documentation. Read once a version."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import xml
from .bpmn.names import label, own, tag
from .forms import Form, form_of

NO_FORM = Form()


@dataclass(frozen=True)
class Step:
    """`decision`: slug of the model of decisions that decides this step, by its decision `decision_name` (empty: its
    main one), into the variable `result`. `due`: an ISO 8601 period after the opening, in `due_days` ("working" or
    "calendar"). `action`: name in the registry, with `inputs` (parameter -> FEEL); what its result holds under
    `becomes_subject` is what the case is about from then on. `four_eyes`: id of a step that the same person may not
    have done. `note`: who says that it has happened has to say more about it."""

    element: str
    name: str
    name_en: str = ""
    documentation: str = ""
    documentation_en: str = ""
    form: Form = NO_FORM
    due: str = ""
    due_days: str = "working"
    action: str = ""
    decision: str = ""
    decision_name: str = ""
    result: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    becomes_subject: str = ""
    four_eyes: str = ""
    note: bool = False


def step(element: Any) -> Step:
    """What an element of a model says of itself."""
    extensions = element.find(tag("extensionElements"))
    deadline = None if extensions is None else extensions.find(own("deadline"))
    texts = [each.text.strip() for each in element.iterchildren(tag("documentation")) if each.text]
    english = [] if extensions is None else extensions.iterchildren(own("documentation"))
    return Step(
        element=element.get("id"),
        name=label(element),
        name_en=element.get(own("nameEn"), ""),
        documentation="\n\n".join(texts),
        documentation_en="\n\n".join(each.text.strip() for each in english if each.get("lang") == "en" and each.text),
        form=form_of(extensions),
        due="" if deadline is None else deadline.get("after", ""),
        due_days="working" if deadline is None else deadline.get("days", "working"),
        action=element.get(own("action"), ""),
        decision=element.get(own("decision"), "").strip(),
        decision_name=element.get(own("decisionName"), "").strip(),
        result=element.get(own("result"), "").strip(),
        inputs=()
        if extensions is None
        else tuple((each.get("name", ""), each.get("value", "")) for each in extensions.iterchildren(own("input"))),
        becomes_subject=element.get(own("subject"), ""),
        four_eyes=element.get(own("fourEyes"), ""),
        note=element.get(own("note")) == "required",
    )


@functools.lru_cache(maxsize=64)
def _outline(sha256: str, data: bytes) -> Mapping[str, Step]:
    root = xml.read(data)
    every = [each for each in root.iter() if isinstance(each.tag, str) and each.get("id")]
    found = {each.get("id"): step(each) for each in every}
    for each in every:
        # A way without a name is called by where it leads.
        target = found.get(each.get("targetRef", ""))
        if each.tag == tag("sequenceFlow") and not label(each) and target is not None:
            found[each.get("id")] = replace(found[each.get("id")], name_en=target.name_en)
    return found


def outline(sha256: str, data: bytes) -> Mapping[str, Step]:
    """The steps of a runnable model by their ids; `sha256` of the data. Raises xml.Unreadable."""
    return _outline(sha256, data)
