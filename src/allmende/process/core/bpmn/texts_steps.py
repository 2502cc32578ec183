"""Texts of findings about single steps and events; the rest is in texts.py."""

from __future__ import annotations

N, C = "note", "change"

STEPS = {
    "unknown-step": (
        C,
        "„{name}“ ist ein unbekanntes Element ({before}): Es wird zur Aufgabe einer Person.",
        "“{name}” is an unknown element ({before}): it becomes a person's task.",
    ),
    "service-task": (
        C,
        "Für die Dienst-Aufgabe „{name}“ ist keine Aktion hinterlegt: Eine Person erledigt sie. Im Modell: {before}",
        "No action is registered for the service task “{name}”: a person does it. In the model: {before}",
    ),
    "script-task": (
        C,
        "Skripte aus Modellen werden nie ausgeführt: „{name}“ erledigt eine Person. Im Modell: {before}",
        "Scripts in models are never run: a person does “{name}”. In the model: {before}",
    ),
    "rule-task": (
        C,
        "Für „{name}“ ist keine Entscheidungstabelle hinterlegt: Eine Person entscheidet. Im Modell: {before}",
        "No decision table is registered for “{name}”: a person decides. In the model: {before}",
    ),
    "send-task": (
        C,
        "Was „{name}“ sendet, empfängt hier kein Prozess: Eine Person sendet es. Im Modell: {before}",
        "No process here receives what “{name}” sends: a person sends it. In the model: {before}",
    ),
    "receive-task": (
        C,
        "Was „{name}“ empfängt, sendet hier kein Prozess: Eine Person bestätigt den Eingang. Im Modell: {before}",
        "No process here sends what “{name}” receives: a person confirms the receipt. In the model: {before}",
    ),
    "call-without-process": (
        C,
        "Der Prozess, den „{name}“ aufruft ({before}), ist weder in der Datei noch unter den freigegebenen"
        " Modellen: Es wird die Aufgabe einer Person.",
        "The process that “{name}” calls ({before}) is neither in the file nor among the released models: it becomes a"
        " person's task.",
    ),
    "call-of-library": (
        N,
        "„{name}“ ruft den Prozess {before} des Modells „{after}“ auf; ein Vorgang behält die Fassung, mit"
        " der er begann.",
        "“{name}” calls the process {before} of the model “{after}”; a case keeps the version with which it began.",
    ),
    "call-of-several": (
        C,
        "Den Prozess, den „{name}“ aufruft, haben mehrere Modelle ({before}): Es wird die Aufgabe einer Person. Das"
        " Merkmal allmende:model sagt, welches gemeint ist.",
        "Several models have the process that “{name}” calls ({before}): it becomes a person's task. The mark"
        " allmende:model says which is meant.",
    ),
    "call-in-circle": (
        C,
        "„{name}“ ruft einen Prozess auf, der wieder hierher führt ({before}): Es wird die Aufgabe einer Person.",
        "“{name}” calls a process that leads back here ({before}): it becomes a person's task.",
    ),
    "form-read": (
        C,
        "Das Formular eines anderen Werkzeugs an „{name}“ ist auch hier eines: {after}.",
        "The form of another tool at “{name}” is one here too: {after}.",
    ),
    "loop-by-person": (
        C,
        "„{name}“ wird wiederholt: Eine Person sagt, ob noch einmal. Bedingung im Modell: {before}",
        "“{name}” is repeated: a person says whether once more. Condition in the model: {before}",
    ),
    "instances-by-person": (
        C,
        "„{name}“ wird mehrfach getan: Eine Person sagt, wie oft. Im Modell: {before}",
        "“{name}” is done several times: a person says how many. In the model: {before}",
    ),
    "completion-ignored": (
        C,
        "Die Bedingung, nach der „{name}“ vorzeitig endet, ist kein FEEL („{before}“); alle werden getan.",
        "The condition that ends “{name}” early is no FEEL (“{before}”); all are done.",
    ),
    "collection-read": (
        N,
        "„{name}“ wird für jeden Eintrag der Liste {before} getan.",
        "“{name}” is done for each item of the list {before}.",
    ),
}

EVENTS = {
    "boundary-loose": (
        C,
        "Das angeheftete Ereignis „{name}“ hängt an keinem Schritt ({before}); es geschieht nie.",
        "The boundary event “{name}” is attached to no step ({before}); it never happens.",
    ),
    "boundary-by-person": (
        N,
        "Niemand löst „{name}“ ({before}) an „{after}“ von selbst aus: Eine Person sagt, wenn es geschieht.",
        "Nothing triggers “{name}” ({before}) at “{after}” by itself: a person says when it happens.",
    ),
    "timer-unreadable": (
        C,
        "Die Zeitangabe an „{name}“ ist nicht lesbar („{before}“): Eine Person beendet das Warten.",
        "The time given at “{name}” cannot be read (“{before}”): a person ends the waiting.",
    ),
    "timer-empty": (
        C,
        "An „{name}“ steht keine Zeit: Eine Person beendet das Warten.",
        "No time is given at “{name}”: a person ends the waiting.",
    ),
    "event-without-definition": (
        C,
        "„{name}“ sagt nicht, worauf gewartet wird: Eine Person sagt, wenn es so weit ist.",
        "“{name}” does not say what is waited for: a person says when it is time.",
    ),
    "condition-by-person": (
        C,
        "Die Bedingung an „{name}“ ist kein FEEL („{before}“): Eine Person sagt, wenn sie eintritt.",
        "The condition at “{name}” is no FEEL (“{before}”): a person says when it comes true.",
    ),
    "thrown-for-nobody": (
        N,
        "Was „{name}“ auslöst ({before}), fängt niemand auf: Dieser Weg endet dort.",
        "Nobody catches what “{name}” throws ({before}): this way ends there.",
    ),
    "cancel-outside-transaction": (
        N,
        "Der Abbruch „{name}“ steht in keiner Transaktion: Dieser Weg endet dort.",
        "The cancellation “{name}” is in no transaction: this way ends there.",
    ),
    "link-without-target": (
        N,
        "Zum Verweis „{name}“ ({before}) gibt es kein Ziel: Dieser Weg endet dort.",
        "There is no target for the link “{name}” ({before}): this way ends there.",
    ),
    "link-without-source": (
        N,
        "Auf „{name}“ ({before}) führt kein Verweis: Es wird nie erreicht.",
        "No link leads to “{name}” ({before}): it is never reached.",
    ),
    "message-from-outside": (
        N,
        "Die Nachricht „{name}“ kommt von außen: Eine Person oder eine Schnittstelle meldet ihren Eingang.",
        "The message “{name}” comes from outside: a person or an interface reports its arrival.",
    ),
    "compensation-thrown": (
        C,
        "„{name}“ macht Getanes rückgängig: Das erledigt eine Person ({after}).",
        "“{name}” undoes what was done: a person does that ({after}).",
    ),
    "compensation-boundary": (
        C,
        "Das Kompensationsereignis „{name}“ bleibt Zeichnung; was zu tun wäre: {after}.",
        "The compensation event “{name}” stays a drawing; what would be to do: {after}.",
    ),
    "compensation-handler": (
        C,
        "„{name}“ gehört zum Rückgängigmachen: Es geschieht nicht von selbst, eine Person tut es bei Bedarf.",
        "“{name}” belongs to undoing: it does not happen by itself, a person does it when needed.",
    ),
    "compensation-start": (
        C,
        "Der Teilprozess zum Rückgängigmachen („{name}“) beginnt nicht von selbst: Eine Person kann ihn beginnen.",
        "The sub-process for undoing (“{name}”) does not begin by itself: a person can begin it.",
    ),
}
