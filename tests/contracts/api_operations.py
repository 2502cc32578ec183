"""Every operation of the API, what is tried on it, and who gets which status."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allmende.funding.models import Grant
from allmende.programme.models import Measure
from allmende.spine.assets.models import Asset
from allmende.spine.people.models import Account

from .api_objects import PROCESS, TARGET, VALUES, begun, case, idea, ideas, indicator, process, target, task

GRANT: dict[str, Any] = {
    "title": "Zuwendung", "scheme": "Digitale Stadt", "authority": "Ministerium", "amount_cents": 100,
    "recipient": "Stadt", "source_title": "Quelle", "source_url": "https://quelle.example",
}  # fmt: skip

IDEA = {"title": "Licht", "text": "Heller."}
LINKS = " ".join(f"http://{number}.example" for number in range(9))


@dataclass
class Town:
    callers: dict[str, Account | None]
    keys: dict[str, str]
    published: Measure
    own_draft: Measure
    foreign_draft: Measure
    lamp: Asset
    cabinet: Asset
    grant: Grant
    hidden_grant: Grant


Call = Callable[[Town], tuple[str, dict[str, Any] | None]]
EVERYBODY = dict.fromkeys(("nobody", "resident", "lead", "office", "auditor", "narrowed"), 200)
ACTIONS = {"nobody": 401, "resident": 403, "lead": 403, "office": 200, "auditor": 200, "narrowed": 403}
CHANGE: dict[str, Any] = {"version": 1, "summary": "Neu."}

KEEPER = {"nobody": 401, "resident": 403, "lead": 403, "office": 200, "auditor": 403, "narrowed": 403}
DRAFT = {"nobody": 401, "resident": 403, "lead": 200, "office": 200, "auditor": 403, "narrowed": 403}
NO_DRAFT = {"nobody": 401, "resident": 403, "lead": 403, "office": 404, "auditor": 403, "narrowed": 403}


# Not public: for who records values.
HIDDEN = {"nobody": 404, "resident": 404, "lead": 404, "office": 200, "auditor": 404, "narrowed": 404}


STAFF = {"nobody": 401, "resident": 403, "lead": 200, "office": 200, "auditor": 200, "narrowed": 403}
# Who works on cases: auditors only look at them.
WORKER = STAFF | {"auditor": 403}

# Operation → what is tried on it: address and body, and who gets which status.
OPERATIONS: dict[tuple[str, str], list[tuple[str, Call, dict[str, int]]]] = {
    ("get", "/api/programme/measures"): [("all", lambda t: ("/api/programme/measures", None), EVERYBODY)],
    ("get", "/api/programme/measures/{public_id}"): [
        ("published", lambda t: (f"/api/programme/measures/{t.published.public_id}", None), EVERYBODY),
        (
            "own draft",
            lambda t: (f"/api/programme/measures/{t.own_draft.public_id}", None),
            {"nobody": 404, "resident": 404, "lead": 200, "office": 200, "auditor": 200, "narrowed": 404},
        ),
        (
            "foreign draft",
            lambda t: (f"/api/programme/measures/{t.foreign_draft.public_id}", None),
            {"nobody": 404, "resident": 404, "lead": 404, "office": 200, "auditor": 200, "narrowed": 404},
        ),
    ],
    ("patch", "/api/programme/measures/{public_id}"): [
        (
            "published",
            lambda t: (f"/api/programme/measures/{t.published.public_id}", CHANGE),
            {"nobody": 401, "resident": 403, "lead": 403, "office": 200, "auditor": 403, "narrowed": 403},
        ),
        (
            "own draft",
            lambda t: (f"/api/programme/measures/{t.own_draft.public_id}", CHANGE),
            # The lead's change makes it version 2.
            {"nobody": 401, "resident": 403, "lead": 200, "office": 409, "auditor": 403, "narrowed": 403},
        ),
        (
            "foreign draft",
            lambda t: (f"/api/programme/measures/{t.foreign_draft.public_id}", CHANGE),
            {"nobody": 401, "resident": 403, "lead": 404, "office": 200, "auditor": 403, "narrowed": 403},
        ),
    ],
    ("get", "/api/programme/measures/{public_id}/draft"): [
        ("own draft", lambda t: (begun(t.own_draft), None), DRAFT),
        ("none open", lambda t: (f"/api/programme/measures/{t.published.public_id}/draft", None), NO_DRAFT),
    ],
    ("patch", "/api/programme/measures/{public_id}/draft"): [
        (
            "own draft",
            lambda t: (begun(t.own_draft), {"version": 2, "changes": {"reason": "Darum."}}),
            # The lead's change makes it version 3.
            DRAFT | {"office": 409},
        ),
    ],
    ("post", "/api/programme/measures/{public_id}/draft/submit"): [
        ("own draft", lambda t: (begun(t.own_draft) + "/submit", {"version": 2}), DRAFT | {"office": 409}),
    ],
    ("get", "/api/programme/indicators"): [("all", lambda t: ("/api/programme/indicators", None), EVERYBODY)],
    ("get", "/api/programme/indicators/{slug}"): [
        ("public", lambda t: (indicator("offen", True), None), EVERYBODY),
        ("hidden", lambda t: (indicator("verborgen", False), None), HIDDEN),
    ],
    ("get", "/api/programme/indicators/{slug}/values"): [
        ("public", lambda t: (indicator("offen", True) + "/values?area=07312", None), EVERYBODY),
        ("hidden", lambda t: (indicator("verborgen", False) + "/values?area=07312", None), HIDDEN),
    ],
    ("post", "/api/programme/indicators/{slug}/values"): [
        ("public", lambda t: (indicator("offen", True) + "/values", VALUES), KEEPER),
        ("unknown", lambda t: ("/api/programme/indicators/keine/values", VALUES), KEEPER | {"office": 404}),
    ],
    ("get", "/api/programme/indicators/{slug}/comparison"): [
        ("public", lambda t: (indicator("offen", True) + "/comparison?beside=07335", None), EVERYBODY),
        ("hidden", lambda t: (indicator("verborgen", False) + "/comparison?beside=07335", None), HIDDEN),
    ],
    ("get", "/api/programme/indicators/{slug}/targets"): [
        ("public", lambda t: (indicator("offen", True) + "/targets", None), EVERYBODY),
        ("hidden", lambda t: (indicator("verborgen", False) + "/targets", None), HIDDEN),
    ],
    ("post", "/api/programme/indicators/{slug}/targets"): [
        ("new", lambda t: (indicator("offen", True) + "/targets", TARGET), KEEPER | {"office": 201}),
        ("older", lambda t: (indicator("offen", True) + "/targets", TARGET | {"version": 1}), KEEPER | {"office": 409}),
        ("unknown", lambda t: ("/api/programme/indicators/keine/targets", TARGET), KEEPER | {"office": 404}),
    ],
    ("patch", "/api/programme/targets/{public_id}"): [
        ("programme's", lambda t: (target(None), {"version": 4, "note": "Neu."}), KEEPER),
        ("measure's", lambda t: (target(t.published), {"version": 4, "note": "Neu."}), KEEPER | {"office": 404}),
    ],
    ("delete", "/api/programme/targets/{public_id}"): [
        ("older", lambda t: (target(None) + "?version=1", None), KEEPER | {"office": 409}),
        ("programme's", lambda t: (target(None) + "?version=4", None), KEEPER | {"office": 204}),
    ],
    ("get", "/api/dialogue/participations"): [("all", lambda t: ("/api/dialogue/participations", None), EVERYBODY)],
    ("get", "/api/dialogue/participations/{slug}"): [
        ("public", lambda t: (ideas().partition("/phases")[0], None), EVERYBODY),
        ("unknown", lambda t: ("/api/dialogue/participations/keine", None), dict.fromkeys(EVERYBODY, 404)),
    ],
    ("get", "/api/dialogue/participations/{slug}/phases/{number}/contributions"): [
        ("public", lambda t: (ideas(), None), EVERYBODY),
    ],
    ("post", "/api/dialogue/participations/{slug}/phases/{number}/contributions"): [
        ("open", lambda t: (ideas(*t.callers.values()), IDEA), dict.fromkeys(EVERYBODY, 201) | {"nobody": 401}),
    ],
    ("get", "/api/dialogue/contributions/{public_id}"): [
        ("shown", lambda t: (idea(), None), EVERYBODY),
        (
            "held",
            lambda t: (idea(text=LINKS), None),
            dict.fromkeys(EVERYBODY, 404) | dict.fromkeys(("office", "auditor"), 200),
        ),
    ],
    ("get", "/api/funding/grants"): [("all", lambda t: ("/api/funding/grants", None), EVERYBODY)],
    ("post", "/api/funding/grants"): [("new", lambda t: ("/api/funding/grants", GRANT), KEEPER | {"office": 201})],
    ("get", "/api/funding/grants/{public_id}"): [
        ("public", lambda t: (f"/api/funding/grants/{t.grant.public_id}", None), EVERYBODY),
        (
            "hidden",
            lambda t: (f"/api/funding/grants/{t.hidden_grant.public_id}", None),
            {"nobody": 404, "resident": 404, "lead": 404, "office": 200, "auditor": 200, "narrowed": 404},
        ),
    ],
    ("patch", "/api/funding/grants/{public_id}"): [
        ("public", lambda t: (f"/api/funding/grants/{t.grant.public_id}", {"version": 2, "note": "Neu."}), KEEPER),
        ("hidden", lambda t: (f"/api/funding/grants/{t.hidden_grant.public_id}", {"version": 1, "note": "N"}), KEEPER),
    ],
    ("get", "/api/process/models"): [("all", lambda t: ("/api/process/models", None), STAFF)],
    ("get", "/api/process/models/{slug}"): [
        ("released", lambda t: (process(), None), STAFF),
        (
            "unknown",
            lambda t: ("/api/process/models/nichts", None),
            STAFF | dict.fromkeys(("lead", "office", "auditor"), 404),
        ),
    ],
    ("get", "/api/process/models/{slug}/log.xes"): [
        ("released", lambda t: (process() + "/log.xes", None), STAFF | {"lead": 403}),
    ],
    ("get", "/api/process/instances"): [("all", lambda t: ("/api/process/instances", None), STAFF)],
    ("post", "/api/process/instances"): [
        (
            "new",
            lambda t: (process().partition("models")[0] + "instances", {"model": PROCESS, "title": "Neu"}),
            # Who leads one measure begins cases for it on its page, not for the town.
            WORKER | {"lead": 403, "office": 201},
        ),
    ],
    ("get", "/api/process/instances/{public_id}"): [
        (
            "own",
            lambda t: (f"/api/process/instances/{case(t.own_draft).public_id}", None),
            STAFF,
        ),
        (
            "foreign",
            lambda t: (f"/api/process/instances/{case(t.foreign_draft).public_id}", None),
            STAFF | {"lead": 404},
        ),
    ],
    ("get", "/api/process/items"): [("mine", lambda t: ("/api/process/items", None), WORKER)],
    ("get", "/api/process/items/{public_id}"): [
        ("own", lambda t: (task(t.own_draft), None), WORKER | {"office": 403}),
        ("foreign", lambda t: (task(t.foreign_draft), None), WORKER | {"lead": 404, "office": 403}),
    ],
    ("post", "/api/process/items/{public_id}/claim"): [
        ("own", lambda t: (task(t.own_draft, "/claim"), None), WORKER | {"office": 403}),
    ],
    ("post", "/api/process/items/{public_id}/complete"): [
        (
            "own",
            lambda t: (task(t.own_draft, "/complete"), {"values": {}}),
            WORKER | {"lead": 422, "office": 403},
        ),
    ],
    ("post", "/api/process/messages"): [
        ("nobody waits", lambda t: ("/api/process/messages", {"name": "nichts"}), KEEPER | {"office": 404}),
    ],
    ("get", "/api/assets/"): [("all", lambda t: ("/api/assets/", None), EVERYBODY)],
    ("get", "/api/assets/nearest"): [("near", lambda t: ("/api/assets/nearest?lon=7.7&lat=49.4", None), EVERYBODY)],
    ("get", "/api/assets/{code}"): [
        ("public", lambda t: (f"/api/assets/{t.lamp.code}", None), EVERYBODY),
        (
            "hidden",
            lambda t: (f"/api/assets/{t.cabinet.code}", None),
            {"nobody": 404, "resident": 404, "lead": 404, "office": 200, "auditor": 200, "narrowed": 404},
        ),
    ],
    ("get", "/api/search/"): [("all", lambda t: ("/api/search/?q=Licht", None), EVERYBODY)],
    ("get", "/api/actions/"): [("all", lambda t: ("/api/actions/", None), ACTIONS)],
    ("get", "/api/actions/{name}"): [
        ("unknown", lambda t: ("/api/actions/nothing", None), ACTIONS | {"office": 404, "auditor": 404})
    ],
}
