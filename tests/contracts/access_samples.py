"""For every route with parameters: which things it is tried with. A route without an entry fails the access test."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from allmende.programme.domain import calendar
from allmende.spine.people.models import Token

from .access_objects import Things

Sample = tuple[str, dict[str, Any]]
Sampler = Callable[[Things], list[Sample]]

FORGED = "gefaelscht"


def _by_id(**named: Callable[[Things], Any]) -> Sampler:
    """Things by their public id; the name of the argument is the label."""

    def samples(things: Things) -> list[Sample]:
        return [(name.replace("_", " "), {"public_id": get(things).public_id}) for name, get in named.items()]

    return samples


def _of(kind: str, *names: str, key: str = "public_id") -> Sampler:
    """Some things of a dictionary of `Things`."""

    def samples(things: Things) -> list[Sample]:
        table = getattr(things, kind)
        return [(name, {key: getattr(table[name], key)}) for name in names]

    return samples


def _codes(things: Things) -> list[Sample]:
    assets = {
        "public": things.public_asset,
        "own": things.own_asset,
        "foreign": things.foreign_asset,
        "single": things.single_asset,
    }
    return [(name, {"code": asset.code}) for name, asset in assets.items()]


def _fixed(**values: str) -> Sampler:
    return lambda things: [(" ".join(values.values()), dict(values))]


def _words(key: str, *words: str) -> Sampler:
    return lambda things: [(word, {key: word}) for word in words]


def _token(things: Things) -> list[Sample]:
    other = Token.objects.exclude(pk=things.token.pk).count()
    assert other == 0
    return [("author's", {"pk": things.token.pk})]


MEASURES = _by_id(
    published=lambda t: t.published, own_draft=lambda t: t.own_draft, foreign_draft=lambda t: t.foreign_draft
)
ASSETS = _by_id(
    public=lambda t: t.public_asset,
    own=lambda t: t.own_asset,
    foreign=lambda t: t.foreign_asset,
    single=lambda t: t.single_asset,
)
AREAS = _by_id(own=lambda t: t.own_area, foreign=lambda t: t.foreign_area, imported=lambda t: t.imported_area)
PLACES = _by_id(own=lambda t: t.own_place, foreign=lambda t: t.foreign_place)
ORGANISATIONS = _by_id(own=lambda t: t.own_organisation, foreign=lambda t: t.foreign_organisation)
CASES = _of("cases", "held", "reported", "decided", "appeal", "on a moderator's comment", "feedback")
ACCOUNTS = _of("accounts", "own", "foreign", key="pk")
OFFERS = _of("offers", "open", "taken")
GRANTS = _of("grants", "public", "hidden")
INSTANCES = _of("instances", "own", "foreign")

CONTRIBUTIONS = _of("contributions", "author's", "other's", "held", "taken back")
PARTICIPATIONS = _of("participations", "public", "own draft", "foreign draft")

REVISED = ("of a published", "of the own draft", "of a foreign draft")


def _calendar(things: Things) -> list[Sample]:
    person = things.token.account
    return [
        ("own", {"pk": person.pk, "key": calendar.key_of(person)}),
        ("forged", {"pk": person.pk, "key": FORGED}),
    ]


def _phases(things: Things) -> list[Sample]:
    return [(name, {"slug": row.participation.slug, "number": row.number}) for name, row in things.phases.items()]


SAMPLES: dict[str, Sampler] = {
    "programme:measure": lambda t: [
        ("published", {"slug": t.published.slug}),
        ("own draft", {"slug": t.own_draft.slug}),
        ("foreign draft", {"slug": t.foreign_draft.slug}),
    ],
    "programme:add_frame": _words("kind", "topic", "phase", "party"),
    "programme:change_frame": lambda t: [("topic", {"kind": "topic", "pk": t.published.topic_id})],
    "programme:topic": lambda t: [("topic", {"slug": t.published.topic.slug})],
    "programme:party": _words("slug", "verein"),
    "programme:change_measure": MEASURES,
    "programme:change_section": lambda t: [(label, {**values, "section": "verlauf"}) for label, values in MEASURES(t)],
    "programme:withdraw_measure": MEASURES,
    "programme:delete_measure": MEASURES,
    "programme:history": MEASURES,
    "programme:tasks": MEASURES,
    "programme:finish_task": _of("tasks", *REVISED),
    "programme:version": _of("revisions", *REVISED),
    "programme:act_on_draft": _of("revisions", *REVISED),
    "programme:review": _of("revisions", *REVISED),
    "programme:calendar": _calendar,
    **dict.fromkeys(
        (
            "programme:indicator",
            "programme:indicator_csv",
            "programme:indicator_json",
            "programme:indicator_picture",
            "api:get_indicator",
            "api:get_values",
            "api:post_values",
            "api:get_comparison",
            "api:get_targets",
            "api:post_target",
        ),
        _of("indicators", "public", "hidden", key="slug"),
    ),
    **dict.fromkeys(
        (
            "programme:staff_indicator",
            "programme:define_indicator",
            "programme:break_indicator",
            "programme:record_values",
            "programme:act_on_indicator",
            "programme:set_target",
        ),
        _of("indicators", "public", "hidden"),
    ),
    **dict.fromkeys(
        ("programme:change_target", "programme:remove_target", "api:patch_target", "api:delete_target"),
        _of("targets", "of the programme", "of a measure"),
    ),
    **dict.fromkeys(
        (f"programme:import_{step}" for step in ("sheet", "columns", "preview", "progress", "forget")),
        _by_id(of_the_programme_office=lambda t: t.list_import),
    ),
    "programme:export": _words("kind", "json", "xlsx", "zip", "exe"),
    **dict.fromkeys(
        ("programme:badge", "programme:embed"),
        lambda t: [("published", {"slug": t.published.slug}), ("draft", {"slug": t.own_draft.slug})],
    ),
    **dict.fromkeys(
        ("programme:report", "programme:report_pdf", "programme:report_json"), _by_id(frozen=lambda t: t.report)
    ),
    "programme:report_source": lambda t: [
        ("measure", {"public_id": t.report.public_id, "urn": t.published.urn}),
        ("draft", {"public_id": t.report.public_id, "urn": t.own_draft.urn}),
    ],
    "programme:set_word_template": _words("paper", "council", "status"),
    "programme:standard_word_template": _words("paper", "council", "status"),
    "programme:council_paper": MEASURES,
    "programme:council_decision": _by_id(arrived=lambda t: t.arrived),
    "programme:council_source": _by_id(any=lambda t: t.arrived.source),
    **dict.fromkeys(
        ("programme:experience", "programme:experience_json"),
        lambda t: [("published", {"slug": t.published.slug}), ("draft", {"slug": t.own_draft.slug})],
    ),
    "api:get_draft": MEASURES,
    "api:patch_draft": MEASURES,
    "api:submit_draft": MEASURES,
    "api:get_measure": MEASURES,
    "api:patch_measure": MEASURES,
    "process:model": lambda t: [("released", {"slug": t.version.model.slug})],
    "process:add_version": lambda t: [("released", {"slug": t.version.model.slug})],
    "process:start": lambda t: [("released", {"slug": t.version.model.slug})],
    "process:version": _by_id(released=lambda t: t.version),
    "process:download_version": _by_id(released=lambda t: t.version),
    "process:drawing": _by_id(released=lambda t: t.version),
    "process:draw": lambda t: [("released", {"slug": t.version.model.slug})],
    "process:check_drawing": lambda t: [("released", {"slug": t.version.model.slug})],
    "process:save_drawing": lambda t: [("released", {"slug": t.version.model.slug})],
    "process:instance": INSTANCES,
    "process:cancel_instance": INSTANCES,
    "process:instance_xes": INSTANCES,
    "process:arrived": lambda t: [(label, {**values, "waited": uuid4()}) for label, values in INSTANCES(t)],
    **dict.fromkeys(
        (
            "process:migrate",
            "process:statistics",
            "process:statistics_csv",
            "process:model_xes",
            "api:get_model",
            "api:get_log",
        ),
        lambda t: [("released", {"slug": t.version.model.slug})],
    ),
    "process:migration": _by_id(planned=lambda t: t.migration),
    "process:schedule": _by_id(office_s=lambda t: t.schedule),
    "process:trigger": _by_id(office_s=lambda t: t.trigger),
    "api:get_instance": INSTANCES,
    "api:get_item": _of("items", "own", "foreign"),
    "api:post_claim": _of("items", "own", "foreign"),
    "api:post_complete": _of("items", "own", "foreign"),
    "process:add_decision_version": lambda t: [("released", {"slug": t.decision.model.slug})],
    "process:decision": _by_id(released=lambda t: t.decision),
    "process:download_decision": _by_id(released=lambda t: t.decision),
    "process:decision_trial": _by_id(released=lambda t: t.decision),
    "process:decision_rules": lambda t: [("released", {"public_id": t.decision.public_id, "place": 0})],
    "process:decision_columns": lambda t: [("released", {"public_id": t.decision.public_id, "place": 0})],
    "process:decide_item": _of("items", "own", "foreign"),
    "process:item": _of("items", "own", "foreign"),
    "process:change_item": _of("items", "own plain", "foreign plain"),
    **dict.fromkeys(
        (
            *(f"dialogue:{name}" for name in ("phase", "phase_map", "phase_features", "phase_csv", "phase_json")),
            "dialogue:rules",
            "dialogue:add",
            "api:list_contributions",
            "api:post_contribution",
        ),
        _phases,
    ),
    **dict.fromkeys(
        ("dialogue:participation", "api:get_participation"),
        _of("participations", "public", "own draft", "foreign draft", key="slug"),
    ),
    **dict.fromkeys(
        (
            *(f"dialogue:{name}" for name in ("contribution", "change_contribution", "take_back", "support")),
            "dialogue:answer",
            "dialogue:moderate",
            "api:get_contribution",
        ),
        CONTRIBUTIONS,
    ),
    **dict.fromkeys(("dialogue:change", "dialogue:state", "dialogue:add_phase"), PARTICIPATIONS),
    "dialogue:change_phase": _of("phases", "public", "own draft", "foreign draft"),
    "dialogue:review": _by_id(asked=lambda t: t.review),
    "funding:grant": _of("grants", "public", "hidden", key="slug"),
    "funding:change_grant": GRANTS,
    "funding:publish_grant": GRANTS,
    "funding:document": GRANTS,
    "funding:shares": GRANTS,
    "api:get_grant": GRANTS,
    "api:patch_grant": GRANTS,
    "people:revoke_token": _token,
    "people:account": ACCOUNTS,
    "people:assign_role": ACCOUNTS,
    "people:disable": ACCOUNTS,
    "people:send_invitation": ACCOUNTS,
    "people:sign_out": ACCOUNTS,
    "people:end_role": _of("assignments", "own", "foreign", key="pk"),
    "people:change_organisation": ORGANISATIONS,
    "people:remove_organisation": ORGANISATIONS,
    "instance:setup_step": _words("slug", "ort", "konto"),
    "instance:edit_settings": _words("slug", "marke", "allgemein", "post"),
    "instance:brand_sign": _words("kind", "svg"),
    "instance:brand_permission": _by_id(foreign=lambda t: t.permission),
    "privacy:download_copy": _by_id(author_s=lambda t: t.copy),
    "privacy:offer": OFFERS,
    "privacy:package": OFFERS,
    "privacy:handover": OFFERS,
    "places:area": _by_id(current=lambda t: t.own_area, former=lambda t: t.former_area),
    "places:place": _by_id(own=lambda t: t.own_place),
    "places:change_area": AREAS,
    "places:remove_area": AREAS,
    "places:change_place": PLACES,
    "places:remove_place": PLACES,
    "assets:asset": _codes,
    "assets:code_svg": lambda t: [("own", {"code": t.own_asset.code})],
    "assets:import_mapping": _by_id(of_the_programme_office=lambda t: t.table),
    "assets:change_asset": ASSETS,
    "assets:asset_state": ASSETS,
    "files:download": lambda t: [
        (name, {"public_id": file.public_id, "name": file.name}) for name, file in t.files.items()
    ],
    "notify:unsubscribe": lambda t: [("author's", {"token": t.unsubscribe}), ("forged", {"token": FORGED})],
    "notify:notice": _by_id(author_s=lambda t: t.notice),
    "moderation:my_comment": _of("comments", "visible", "held", "contested", "of a moderator", "of a draft"),
    "moderation:edit_comment": _of("comments", "visible", "hidden"),
    "moderation:delete_comment": _of("comments", "visible", "of a draft"),
    "moderation:report_comment": _of("comments", "visible", "held", "hidden", "of a draft"),
    "moderation:appeal": _of("comments", "visible", "hidden", "contested"),
    "moderation:case": CASES,
    "moderation:claim_case": CASES,
    "account_reset_password_from_key": lambda t: [
        ("forged", {"uidb36": t.reset[0], "key": "aaa-bbb"}),
        ("author's", {"uidb36": t.reset[0], "key": t.reset[1]}),
    ],
    "mfa_remove_webauthn": lambda t: [("author's", {"pk": t.passkey.pk})],
    "mfa_edit_webauthn": lambda t: [("author's", {"pk": t.passkey.pk})],
    "openid_connect_login": _fixed(provider_id="stadt"),
    "openid_connect_callback": _fixed(provider_id="stadt"),
    "api:get_asset": lambda t: _codes(t)[:2],
    "api:get_action": _fixed(name="nothing.there"),
}
