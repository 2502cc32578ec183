from allmende.spine.people.rules import Role, rule

rule("actions.view", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR, Role.AUDITOR}, town=True)
