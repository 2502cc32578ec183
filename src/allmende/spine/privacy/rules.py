from allmende.spine.people.rules import Role, rule

rule("privacy.view_record", {Role.DATA_PROTECTION_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}, town=True)
# Whoever could look at data must not be the one who watches over the looking: no administrator.
rule("privacy.view_access_log", {Role.DATA_PROTECTION_OFFICER, Role.AUDITOR}, town=True)
rule("privacy.view_offers", {Role.ARCHIVIST, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}, town=True)
rule("privacy.decide_offer", {Role.ARCHIVIST}, town=True)
