"""Every page of the site: its route, an address that shows it, and who looks at it.

`test_pages.py` fails for a route that stands neither in PAGES nor in NO_PAGE.
"""

from dataclasses import dataclass

from .people import BARE, GUARDED, VISITOR

RESIDENT, ADMIN, OFFICE, LEAD = "resident", "administrator", "programme_office", "project_lead"
OFFICER, ARCHIVIST, MODERATOR = "data_protection_officer", "archivist", "moderator"
EDITOR = "editor"
EVERYBODY = (VISITOR, RESIDENT, ADMIN)


@dataclass(frozen=True)
class Page:
    """`path` with names of `Site.things` in braces; `people` who may see it; `status` it comes with."""

    route: str
    path: str
    people: tuple[str, ...]
    status: int = 200
    # What to do first, a function of `states.py`.
    after: str = ""

    @property
    def traces(self) -> bool:
        """Whether looking at it leaves something in the session."""
        return bool(self.after) or self.route in ("account_reset_password_from_key", "account_logout")


def _all(people: tuple[str, ...], **paths: str) -> list[Page]:
    return [Page(name.replace("__", ":"), path, people) for name, path in paths.items()]


PAGES: list[Page] = [
    *_all(
        EVERYBODY,
        portal__home="/",
        portal__map="/karte/",
        portal__activity="/aktuelles/",
        portal__imprint="/impressum/",
        portal__privacy="/datenschutz/",
        programme__measures="/massnahmen/",
        programme__indicators="/kennzahlen/",
        programme__targets="/ziele/",
        programme__reports="/berichte/",
        programme__report="/berichte/{report}/",
        programme__experience="/massnahmen/{measure}/erfahrung/",
        programme__indicator="/kennzahlen/pkw-je-1000/",
        programme__open_data="/offene-daten/",
        programme__embed="/massnahmen/{measure}/einbetten/",
        programme__topic="/themen/energie-umwelt/",
        programme__parties="/beteiligte/",
        programme__party="/beteiligte/kl-digital/",
        programme__measure="/massnahmen/{measure}/",
        programme__figures="/zahlen/",
        funding__grants="/foerderung/",
        funding__grant="/foerderung/land-herzlich-digitale-stadt-phase-1/",
        funding__portfolio="/portfolio/",
        search__search="/suche/?q=Licht",
        moderation__accessibility="/barrierefreiheit/",
        moderation__accessibility_thanks="/barrierefreiheit/danke/",
        moderation__transparency="/kommentare/transparenz/",
        instance__brand="/marke/",
        privacy__register="/datenschutz/register/",
        privacy__deleted="/konto/geloescht/",
        places__place="/orte/{place}/",
        places__area="/orte/gebiet/{area}/",
        assets__lookup="/a/",
        assets__asset="/a/{code}/",
        account_inactive="/konto/gesperrt/",
        account_reset_password="/konto/passwort/vergessen/",
        account_reset_password_done="/konto/passwort/vergessen/gesendet/",
        account_reset_password_from_key_done="/konto/passwort/gesetzt/",
        socialaccount_login_cancelled="/konto/verbunden/abgebrochen/",
        people__address_taken="/konto/vergeben/",
        notify__unsubscribe="/konto/mitteilungen/abbestellen/{unsubscribe}/",
    ),
    Page("socialaccount_login_error", "/konto/verbunden/fehler/", EVERYBODY, status=401),
    *_all(
        (VISITOR,),
        account_login="/konto/anmelden/",
        account_signup="/konto/registrieren/",
        account_reset_password_from_key="/konto/passwort/link/{uid}-{reset}/",
    ),
    Page("account_email_verification_sent", "/konto/registrieren/", (VISITOR,), after="signed_up"),
    Page("mfa_authenticate", "/konto/anmelden/", (VISITOR,), after="half_signed_in"),
    *_all(
        (RESIDENT, ADMIN),
        people__my_settings="/konto/einstellungen/",
        privacy__my_data="/konto/meine-daten/",
        privacy__my_copy="/konto/meine-daten/kopie/",
        privacy__delete_account="/konto/meine-daten/loeschen/",
        notify__notices="/konto/mitteilungen/",
        notify__settings="/konto/mitteilungen/einstellungen/",
        account_logout="/konto/abmelden/",
        account_reauthenticate="/konto/bestaetigen/",
        account_email="/konto/e-mail/",
        account_change_password="/konto/passwort/",
        mfa_index="/konto/zweiter-faktor/",
        mfa_activate_totp="/konto/zweiter-faktor/app/",
        mfa_list_webauthn="/konto/schluessel/",
        mfa_add_webauthn="/konto/schluessel/neu/",
        socialaccount_connections="/konto/verbunden/",
    ),
    *_all(
        (RESIDENT,),
        moderation__my_comment="/kommentare/{hidden}/",
        moderation__edit_comment="/kommentare/{comment}/bearbeiten/",
        moderation__delete_comment="/kommentare/{comment}/loeschen/",
        moderation__appeal="/kommentare/{hidden}/widerspruch/",
    ),
    *_all(
        (GUARDED,),
        mfa_reauthenticate="/konto/zweiter-faktor/bestaetigen/",
        mfa_deactivate_totp="/konto/zweiter-faktor/app/abschalten/",
        mfa_view_recovery_codes="/konto/zweiter-faktor/codes/",
        mfa_generate_recovery_codes="/konto/zweiter-faktor/codes/neu/",
    ),
    *_all(
        (BARE,),
        mfa_edit_webauthn="/konto/schluessel/{key}/",
        mfa_remove_webauthn="/konto/schluessel/{key}/entfernen/",
        mfa_reauthenticate_webauthn="/konto/schluessel/bestaetigen/",
    ),
    *_all(
        (ADMIN,),
        people__accounts="/intern/konten/",
        people__invite="/intern/konten/neu/",
        people__account="/intern/konten/{account}/",
        people__assign_role="/intern/konten/{account}/rolle/",
        people__disable="/intern/konten/{account}/sperren/",
        people__end_role="/intern/rollen/{role}/beenden/",
        people__organisations="/intern/organisationen/",
        people__add_organisation="/intern/organisationen/neu/",
        people__change_organisation="/intern/organisationen/{organisation}/",
        people__remove_organisation="/intern/organisationen/{organisation}/entfernen/",
        instance__settings="/intern/einstellungen/",
        instance__edit_settings="/intern/einstellungen/marke/",
        instance__brand_kit="/intern/marke/",
        instance__brand_poster="/intern/marke/plakat/",
        instance__brand_qr="/intern/marke/qr/",
        instance__brand_press="/intern/marke/presse/",
        instance__brand_permissions="/intern/marke/erlaubnisse/",
        instance__grant_brand="/intern/marke/erlaubnisse/neu/",
        instance__brand_permission="/intern/marke/erlaubnisse/{permission}/",
        instance__reach="/intern/reichweite/",
        places__staff_places="/intern/orte/",
        places__add_place="/intern/orte/neu/",
        places__change_place="/intern/orte/{place}/",
        places__remove_place="/intern/orte/{place}/entfernen/",
        places__staff_areas="/intern/orte/gebiete/",
        places__add_area="/intern/orte/gebiete/neu/",
        places__change_area="/intern/orte/gebiete/{area}/",
        places__remove_area="/intern/orte/gebiete/{area}/entfernen/",
        places__staff_imports="/intern/orte/importe/",
        assets__staff_assets="/intern/dinge/",
        assets__add_asset="/intern/dinge/neu/",
        assets__change_asset="/intern/dinge/{asset}/",
        assets__labels="/intern/dinge/etiketten/",
        assets__labels_pdf="/intern/dinge/etiketten.pdf",
        assets__import="/intern/dinge/import/",
        assets__import_mapping="/intern/dinge/import/{import}/",
        moderation__hold_rules="/intern/moderation/regeln/",
        moderation__change_statement="/intern/barrierefreiheit/",
        portal__audit="/intern/protokoll/",
    ),
    *_all(
        (ADMIN, MODERATOR),
        moderation__queue="/intern/moderation/",
        moderation__case="/intern/moderation/{case}/",
    ),
    *_all(
        (ADMIN, OFFICE),
        portal__staff_home="/intern/",
        programme__staff_measures="/intern/massnahmen/",
        programme__add_measure="/intern/massnahmen/neu/",
        programme__change_measure="/intern/massnahmen/{measure_id}/",
        programme__staff_indicators="/intern/kennzahlen/",
        programme__add_indicator="/intern/kennzahlen/neu/",
        programme__staff_indicator="/intern/kennzahlen/{indicator}/",
        programme__define_indicator="/intern/kennzahlen/{indicator}/definition/",
        programme__break_indicator="/intern/kennzahlen/{indicator}/bruch/",
        programme__record_values="/intern/kennzahlen/{indicator}/werte/",
        programme__set_target="/intern/kennzahlen/{indicator}/ziel/",
        programme__change_target="/intern/ziele/{target}/",
        programme__import="/intern/import/",
        programme__frame="/intern/rahmen/",
        programme__add_frame="/intern/rahmen/party/neu/",
        programme__change_frame="/intern/rahmen/phase/1/",
        programme__make_report="/intern/berichte/",
        programme__papers="/intern/papiere/",
        programme__delete_measure="/intern/massnahmen/{measure_id}/loeschen/",
        programme__history="/intern/massnahmen/{measure_id}/verlauf/",
        programme__tasks="/intern/massnahmen/{measure_id}/aufgaben/",
        programme__batch="/intern/massnahmen/stapel/?measure={measure_id}&measure={draft_id}",
        programme__my_work="/intern/arbeit/",
        process__instances="/intern/vorgaenge/",
        process__instance="/intern/vorgaenge/{running}/",
        process__cancel_instance="/intern/vorgaenge/{running}/abbrechen/",
        process__models="/intern/prozesse/",
        process__model="/intern/prozesse/{model}/",
        process__add_model="/intern/prozesse/neu/",
        process__add_version="/intern/prozesse/{model}/neu/",
        process__draw="/intern/prozesse/{model}/zeichnen/",
        process__start="/intern/prozesse/{model}/starten/",
        process__version="/intern/fassung/{model_version}/",
        process__add_decision="/intern/entscheidungen/neu/",
        process__add_decision_version="/intern/entscheidungen/schwellwertpruefung/neu/",
        process__decision="/intern/entscheidung/{decision}/",
        process__decision_trial="/intern/entscheidung/{decision}/probe/",
        process__decision_rules="/intern/entscheidung/{decision}/tabelle/0/",
        process__decision_columns="/intern/entscheidung/{decision}/tabelle/0/spalten/",
        funding__staff_grants="/intern/foerderung/",
        funding__add_grant="/intern/foerderung/neu/",
        funding__change_grant="/intern/foerderung/{grant_id}/",
        funding__shares="/intern/foerderung/{grant_id}/anteile/",
        programme__reviews="/intern/pruefen/",
        programme__review="/intern/fassungen/{revision}/pruefen/",
        programme__version="/intern/fassungen/{version}/",
    ),
    *(Page(f"programme:import_{step}", f"/intern/import/{{list}}/{path}/", (OFFICE,))
      for step, path in (("sheet", "blatt"), ("columns", "spalten"), ("preview", "vorschau"))),
    *(Page("programme:change_section", f"/intern/massnahmen/{{measure_id}}/entwurf/{slug}/", (OFFICE,))
      for slug in ("verlauf", "herkunft", "wirkung", "risiken")),
    *_all(
        (EDITOR,),
        process__items="/intern/vorgaenge/aufgaben/?wer=team",
        process__item="/intern/vorgaenge/aufgaben/{item}/",
        process__add_item="/intern/vorgaenge/aufgaben/neu/",
        process__change_item="/intern/vorgaenge/aufgaben/{plain_item}/aendern/",
        process__substitutions="/intern/vorgaenge/vertretung/",
    ),
    Page("privacy:record", "/intern/datenschutz/", (ADMIN, OFFICER)),
    Page("privacy:access_log", "/intern/datenschutz/zugriffe/", (OFFICER,)),
    Page("privacy:offers", "/intern/archiv/", (ADMIN, ARCHIVIST)),
    Page("privacy:offer", "/intern/archiv/{offer}/", (ADMIN, ARCHIVIST)),
    # The same routes in other states.
    Page("process:items", "/intern/vorgaenge/aufgaben/?wer=alle", (OFFICE,)),
    Page("process:item", "/intern/vorgaenge/aufgaben/{plain_item}/", (OFFICE,)),
    Page("process:add_item", "/intern/vorgaenge/aufgaben/neu/", (OFFICE,), status=422, after="sent_empty"),
    Page("process:decision_trial", "/intern/entscheidung/{decision}/probe/", (OFFICE,), after="tried_out"),
    Page("process:model", "/intern/prozesse/schwellwertpruefung/", (OFFICE,)),
    Page("programme:measure", "/massnahmen/{draft}/", (OFFICE,)),
    Page("programme:change_measure", "/intern/massnahmen/{draft_id}/", (OFFICE,)),
    Page("programme:measures", "/massnahmen/?q=nirgends", (VISITOR,)),
    Page("programme:indicator", "/kennzahlen/pkw-je-1000/?vergleich=99999", (VISITOR,)),
    Page("programme:add_measure", "/intern/massnahmen/neu/", (OFFICE,), status=422, after="sent_empty"),
    Page("funding:add_grant", "/intern/foerderung/neu/", (OFFICE,), status=422, after="sent_empty"),
    Page("funding:grants", "/foerderung/?year=2020&by=period", (VISITOR,)),
    Page("moderation:accessibility", "/barrierefreiheit/", (VISITOR,), status=422, after="sent_empty"),
    Page("moderation:case", "/intern/moderation/{feedback}/", (ADMIN,)),
    Page("moderation:case", "/intern/moderation/{decided}/", (ADMIN,)),
    Page("moderation:queue", "/intern/moderation/?show=decided", (MODERATOR,)),
    Page("search:search", "/suche/", (VISITOR,)),
    Page("search:search", "/suche/?q=xyzxyzxyz", (VISITOR,)),
    *(Page("instance:edit_settings", f"/intern/einstellungen/{slug}/", (ADMIN,)) for slug in (
        "allgemein", "sprachen", "kontakt", "impressum", "datenschutz", "raeume", "post", "adresse", "sicherung")),
    # Pages for what went wrong.
    Page("404", "/gibt-es-nicht/", EVERYBODY, status=404),
    Page("403", "/intern/konten/", (RESIDENT,), status=403),
    Page("account_login", "/konto/anmelden/", (VISITOR,), after="wrong_password"),
]  # fmt: skip

NO_PAGE: dict[str, str] = dict.fromkeys(
    (
        "people:choose_pseudonym", "people:sign_out_others", "people:create_token", "people:revoke_token",
        "people:set_theme", "people:send_invitation", "people:sign_out", "privacy:package", "privacy:handover",
        "notify:read", "notify:resume", "notify:follow", "moderation:post_comment", "moderation:claim_case",
        "programme:withdraw_measure", "programme:finish_task", "programme:act_on_draft",
        "programme:act_on_indicator", "programme:import_forget", "programme:remove_target",
        "programme:freeze_report", "programme:set_word_template",
        "funding:publish_grant", "funding:document", "assets:asset_state",
    ),
    "takes forms only",
) | dict.fromkeys(
    (
        "instance:brand_sign", "instance:reach_csv", "privacy:download_copy", "privacy:record_csv",
        "privacy:record_json", "privacy:access_log_csv", "places:tiles", "places:drawn", "places:style",
        "places:features", "places:addresses", "assets:code_svg", "files:download",
        "search:opensearch", "programme:calendar", "programme:indicator_csv",
        "programme:report_pdf", "programme:report_json", "programme:status_report", "programme:council_paper",
        "programme:standard_word_template", "programme:experience_json",
        "programme:indicator_json", "programme:indicator_picture",
        "programme:export", "programme:open_data_zip", "programme:badge",
        "funding:grants_csv", "funding:grants_json",
        "programme:measures_csv", "programme:measures_json",
        "portal:atom", "portal:json_feed", "process:download_version", "process:download_decision",
        "process:instances_csv", "process:drawing",
        "process:check_drawing", "process:save_drawing",
        "portal:live_ticket", "brand_css", "mfa_download_recovery_codes", "mfa_login_webauthn",
    ),
    "gives a file or data",
) | dict.fromkeys(
    ("programme:report_source", "portal:after_login", "set_language", "notify:notice", "account_set_password",
     "openid_connect_login", "openid_connect_callback"),
    "leads elsewhere",
) | {
    "programme:import_progress": "shown once an import has begun: tests/programme/test_exchange_list.py",
    "instance:setup": "closed once the town is set up: tests/instance/test_browser.py",
    "instance:setup_review": "closed once the town is set up: tests/instance/test_browser.py",
    "instance:setup_step": "closed once the town is set up: tests/instance/test_browser.py",
    "process:decide_item": "shown where a step of the system failed: tests/process/test_decisions_pages.py",
    "socialaccount_signup": "needs an identity provider: tests/people/test_oidc.py",
    "moderation:report_comment": "no room of the demo town takes comments yet",
}  # fmt: skip
