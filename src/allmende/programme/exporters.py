"""`allmende export programme FILE --format json|xlsx|zip`.

No Django at the top: the command line reads this for its help.
"""

from pathlib import Path

from allmende.spine.exporters import ExportRefused, register


def write(target: Path, kind: str) -> dict[str, int]:
    """Write the programme; the file appears whole or not at all."""
    from django.utils.translation import gettext as _

    from allmende.programme.exchange import archive, files, whole, xlsx_out
    from allmende.programme.models import Programme

    programme = Programme.objects.first()
    if programme is None:
        raise ExportRefused("no_programme", _("There is no programme yet. Set it up first."))
    part = target.with_name(target.name + ".part")
    try:
        if kind == "zip":
            with part.open("wb") as file:
                for block in archive.stream():
                    file.write(block)
            counts = {one.name: sum(1 for _row in one.rows()) for one in archive.tables()}
        else:
            try:
                part.write_bytes(files.write(programme, kind))
            except xlsx_out.DoesNotFit as error:
                raise ExportRefused("too_long", str(error)) from None
            counts = {key: len(rows) for key, rows in whole.to_tables(whole.dump(programme)).items()}
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return counts


register(
    "programme", "the programme: json or xlsx whole with drafts, zip what is public", ("json", "xlsx", "zip"), write
)
