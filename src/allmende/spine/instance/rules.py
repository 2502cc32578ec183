from allmende.spine.people.rules import Role, rule

rule("instance.change_settings", {Role.ADMINISTRATOR})
rule("instance.change_brand", {Role.ADMINISTRATOR, Role.EDITOR, Role.PROGRAMME_OFFICE})
