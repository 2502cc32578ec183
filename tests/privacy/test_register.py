"""Contract: no model holds personal data without a line in the register, and every line tells the truth."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from allmende.spine.privacy import foreign, register
from allmende.spine.privacy.domain.queries import dated, register_lines, rows_of
from tests.factories import make_account

# Names of fields that hold something about somebody, in whatever model.
LOOKS = re.compile(
    r"(^|_)(e?mail|phone|telephone|mobile|fax|first_name|last_name|full_name|surname|nickname|username|person|author|contact|"
    r"address|street|birth(day|date)?|ip|ip_address|remote_addr|user_agent|browser|device_id|iban|bic|signature|face|voice|"
    r"passport|plate|password|token|secret|session_key|session_data|args)(_|$)"
)
TYPES = (models.EmailField, models.GenericIPAddressField)


def looks_personal(field: models.Field) -> bool:
    account = get_user_model()
    if field.is_relation:
        target = field.related_model
        return target is account or getattr(target, "__name__", "") == "Pseudonym"
    return isinstance(field, TYPES) or LOOKS.search(field.name) is not None


def suspicious(model: Any) -> list[models.Field]:
    """Fields that look personal; a plain `name` counts where the row has anything else that does and no line."""
    fields = [field for field in model._meta.get_fields() if field.concrete and not field.auto_created]
    found = [field for field in fields if looks_personal(field)]
    if found and model not in register.REGISTER:
        found += [field for field in fields if field.name in {"name", "title"} and field not in found]
    return found


def all_models() -> list[Any]:
    return [model for model in apps.get_models(include_auto_created=True) if not model._meta.abstract]


def undeclared() -> list[str]:
    missing = []
    for model in all_models():
        line = register.REGISTER.get(model)
        for field in suspicious(model):
            if line is not None and (
                field.name in line.fields or field.name in {p.split("__")[0] for p in line.subjects}
            ):
                continue
            if f"{model._meta.label}.{field.name}" in foreign.SECRET and line is not None:
                continue
            if (model._meta.label, field.name) not in register.NOT_PERSONAL:
                missing.append(f"{model._meta.label}.{field.name}")
    return sorted(missing)


def test_every_field_that_looks_personal_is_declared() -> None:
    assert "\n".join(undeclared()) == ""


def test_the_contract_finds_what_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: without its line a model is found out, field by field."""
    before = set(undeclared())
    monkeypatch.delitem(register.REGISTER, get_user_model())
    assert set(undeclared()) - before == {f"people.Account.{name}" for name in ("email", "name", "password", "phone")}


def test_reasons_name_existing_fields() -> None:
    gone = []
    for label, name in register.NOT_PERSONAL:
        try:
            apps.get_model(label)._meta.get_field(name)
        except Exception:
            gone.append(f"{label}.{name}")
    assert gone == []


@pytest.mark.parametrize("line", register.lines(), ids=lambda line: line.label)
def test_lines_are_true(line: register.Personal) -> None:
    fields = {field.name: field for field in line.model._meta.get_fields()}  # type: ignore[attr-defined]
    assert set(line.fields) - set(fields) == set()
    assert (line.legal_basis.startswith(("Art.", "§")), bool(str(line.purpose))) == (True, True)
    assert line.subjects != () or line.rows is not None
    if line.retention_days is not None:
        assert set(line.dates) - set(fields) == set()
    account = get_user_model()
    for path in line.subjects:
        if path == "self" or "__" in path:
            continue
        field = fields[path]
        assert field.related_model in (account, *[m for m in register.REGISTER if m.__name__ == "Pseudonym"])
        # A row that stays must be able to lose its person.
        if line.on_deletion in {"keep", "detach"} and line.erase is None:
            assert (field.null, field.remote_field.on_delete) == (True, models.SET_NULL)


def test_links_to_accounts_never_block_a_deletion() -> None:
    account = get_user_model()
    blocking = [
        f"{model._meta.label}.{field.name}"
        for model in all_models()
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model is account
        and field.remote_field.on_delete not in (models.CASCADE, models.SET_NULL)
    ]
    assert blocking == []


@pytest.mark.django_db
@pytest.mark.parametrize("line", register.lines(), ids=lambda line: line.label)
def test_lines_can_be_asked(line: register.Personal) -> None:
    """The path to the person and the date are real columns: the database answers."""
    account = make_account()
    assert rows_of(line, account).count() >= 0
    if line.retention_days is not None:
        assert dated(line).filter(counted__isnull=False).count() >= 0


def test_register_for_people_has_a_line_for_each() -> None:
    shown = register_lines()
    assert sorted(line.key for line in shown) == [line.label for line in register.lines()]
    assert [line.key for line in shown if not (line.title and line.purpose and line.labels and line.kept)] == []


@pytest.mark.django_db
def test_public_register(client: Any) -> None:
    text = client.get("/datenschutz/register/").content.decode()
    for line in register_lines():
        assert str(line.title) in text
