"""The findings of the importer: code → (level, German, English). `{name}`, `{before}` and `{after}` are filled in.

Plain tables, since process/core knows no Django; the web layer picks the language.
"""

from __future__ import annotations

from .texts_steps import EVENTS, STEPS

N, C, P = "note", "change", "problem"

_FILE = {
    "draft-namespace": (
        C,
        "Die Datei ist in einem Entwurf von BPMN 2.0 geschrieben ({before}); sie wird als BPMN 2.0 gelesen.",
        "The file is written in a draft of BPMN 2.0 ({before}); it is read as BPMN 2.0.",
    ),
    "id-missing": (
        C,
        "Einem Element fehlte die Kennung; es hat die Kennung {after} bekommen.",
        "An element had no id; it has been given the id {after}.",
    ),
    "id-double": (
        C,
        "Die Kennung {before} gab es zweimal; das spätere Element heißt jetzt {after}.",
        "The id {before} was there twice; the later element is now {after}.",
    ),
    "id-followed": (
        C,
        "Was auf {before} zeigte, zeigt jetzt auf {after}.",
        "What pointed to {before} now points to {after}.",
    ),
    "choreography": (
        P,
        "Eine Choreografie zeigt, wie Partner miteinander reden, nicht was jemand tut: Sie lässt sich nicht ausführen.",
        "A choreography shows how partners talk, not what somebody does: it cannot be run.",
    ),
    "choreography-beside": (
        N,
        "Die Choreografie „{name}“ bleibt in der Datei und wird nicht ausgeführt.",
        "The choreography “{name}” stays in the file and is not run.",
    ),
    "conversation": (
        P,
        "Eine Konversation zeigt nur, wer mit wem redet: Sie lässt sich nicht ausführen.",
        "A conversation only shows who talks to whom: it cannot be run.",
    ),
    "conversation-beside": (
        N,
        "Die Konversation „{name}“ bleibt in der Datei und wird nicht ausgeführt.",
        "The conversation “{name}” stays in the file and is not run.",
    ),
    "no-process": (
        P,
        "In der Datei ist kein Prozess mit Schritten.",
        "There is no process with steps in the file.",
    ),
    "process-empty": (
        N,
        "Der Prozess „{name}“ hat keine Schritte und wird nicht ausgeführt.",
        "The process “{name}” has no steps and is not run.",
    ),
    "not-executable": (
        C,
        "Der Prozess „{name}“ war nicht als ausführbar gekennzeichnet; jetzt ist er es.",
        "The process “{name}” was not marked as executable; now it is.",
    ),
    "black-box-pool": (
        N,
        "Der Pool „{name}“ zeigt einen Partner von außen; was er tut, wird nicht ausgeführt.",
        "The pool “{name}” shows a partner from outside; what it does is not run.",
    ),
    "extensions-kept": (
        N,
        "Angaben anderer Werkzeuge bleiben in der Datei und bewirken hier nichts: {before}.",
        "What other tools added stays in the file and has no effect here: {before}.",
    ),
    "data-drawn": (
        N,
        "„{name}“ ({before}) dient der Dokumentation; Daten stehen in den Formularen der Schritte.",
        "“{name}” ({before}) is documentation; data are in the forms of the steps.",
    ),
    "data-store": (
        N,
        "Der Datenspeicher „{name}“ dient der Dokumentation; er wird weder gelesen noch beschrieben.",
        "The data store “{name}” is documentation; it is neither read nor written.",
    ),
    "data-of-step": (
        N,
        "Was „{name}“ an Daten liest und schreibt, bleibt als Dokumentation in der Datei.",
        "What data “{name}” reads and writes stays in the file as documentation.",
    ),
    "message-flow-drawn": (
        N,
        "Der Nachrichtenfluss „{name}“ verbindet kein sendendes mit einem empfangenden Ereignis: Er bleibt Zeichnung.",
        "The message flow “{name}” does not join a sending and a receiving event: it stays a drawing.",
    ),
    "read-as-feel": (
        N,
        "Die Bedingung „{before}“ wird als FEEL gelesen.",
        "The condition “{before}” is read as FEEL.",
    ),
}

_WAYS = {
    "flow-without-step": (
        C,
        "Ein Sequenzfluss beginnt oder endet nirgends ({before}); er wird nicht verfolgt.",
        "A sequence flow begins or ends nowhere ({before}); it is not followed.",
    ),
    "flow-completed": (
        C,
        "Ein Sequenzfluss sagte nicht, wo er beginnt oder endet; der Schritt {after} nennt ihn als seinen.",
        "A sequence flow did not say where it begins or ends; the step {after} names it as its own.",
    ),
    "flow-between-pools": (
        C,
        "Ein Sequenzfluss führt in einen anderen Pool ({before}); dafür gibt es Nachrichten. Er wird nicht verfolgt.",
        "A sequence flow leads into another pool ({before}); that takes messages. It is not followed.",
    ),
    "flow-inside-out": (
        C,
        "Ein Sequenzfluss verbindet einen Teilprozess mit seinem eigenen Inneren ({before}); er wird nicht verfolgt.",
        "A sequence flow joins a sub-process and its own inside ({before}); it is not followed.",
    ),
    "flow-across-subprocess": (
        C,
        "Ein Sequenzfluss ging über die Grenze eines Teilprozesses ({before}); er verbindet jetzt {after}.",
        "A sequence flow crossed the border of a sub-process ({before}); it now joins {after}.",
    ),
    "flow-into-boundary": (
        C,
        "Ein Sequenzfluss führt in ein angeheftetes Ereignis; er wird nicht verfolgt.",
        "A sequence flow leads into a boundary event; it is not followed.",
    ),
    "flow-into-start": (
        N,
        "Ein Sequenzfluss führt zurück in ein Startereignis; es geht dort einfach weiter.",
        "A sequence flow leads back into a start event; it just goes on from there.",
    ),
    "flow-out-of-end": (
        N,
        "Hinter einem Endereignis geht es weiter; es wird wie ein Zwischenereignis behandelt.",
        "The process goes on behind an end event; it is treated as an intermediate event.",
    ),
    "condition-ignored": (
        C,
        "Eine Bedingung („{before}“) steht an einem Gateway, das nicht entscheidet; sie wird nicht beachtet.",
        "A condition (“{before}”) is at a gateway that does not decide; it is not regarded.",
    ),
    "condition-on-only-flow": (
        C,
        "Eine Bedingung („{before}“) steht am einzigen Weg; er wird immer genommen.",
        "A condition (“{before}”) is on the only way; it is always taken.",
    ),
    "gateway-without-conditions": (
        C,
        "„{name}“ hat keine Bedingungen: Eine Person entscheidet ({after}).",
        "“{name}” has no conditions: a person decides ({after}).",
    ),
    "foreign-condition": (
        C,
        "Die Bedingungen an „{name}“ sind kein FEEL („{before}“): Eine Person entscheidet ({after}).",
        "The conditions at “{name}” are no FEEL (“{before}”): a person decides ({after}).",
    ),
    "default-assumed": (
        C,
        "An „{name}“ hat nur ein Weg keine Bedingung ({after}): Er gilt, wenn keine andere zutrifft.",
        "At “{name}” only one way has no condition ({after}): it is taken when no other holds.",
    ),
    "complex-gateway": (
        C,
        "Komplexes Gateway „{name}“: Wo Wege zusammenkommen, wird auf alle gewartet, die noch kommen können; "
        "wo sie sich teilen, entscheidet eine Person.",
        "Complex gateway “{name}”: where ways come together it waits for all that can still come; "
        "where they part a person decides.",
    ),
    "event-gateway-target": (
        C,
        "Hinter „{name}“ wird nicht auf Ereignisse gewartet ({after}): Eine Person sagt, welcher Weg gilt.",
        "Behind “{name}” no events are waited for ({after}): a person says which way is taken.",
    ),
    "task-decides": (
        C,
        "Hinter „{name}“ entscheidet eine Person, wie es weitergeht ({after}); Bedingungen im Modell: {before}.",
        "Behind “{name}” a person decides how to go on ({after}); conditions in the model: {before}.",
    ),
    "implicit-split": (
        N,
        "Aus „{name}“ führen mehrere Wege ohne Bedingung: Alle werden zugleich genommen ({after}).",
        "Several ways without condition lead out of “{name}”: all are taken at once ({after}).",
    ),
    "split-in-circle": (
        C,
        "„{name}“ teilt sich in Wege, von denen einer zurückführt; das endet nie. Eine Person wählt einen ({after}).",
        "“{name}” splits into ways of which one leads back; that would never end. A person chooses one ({after}).",
    ),
    "join-incomplete": (
        C,
        "Bei „{name}“ kommen nicht immer alle Wege an (es kann fehlen: {before}). "
        "Es geht weiter, sobald keiner mehr kommen kann.",
        "Not all ways always arrive at “{name}” (missing can be: {before}). "
        "It goes on as soon as none can come any more.",
    ),
    "no-way-out": (
        C,
        "Aus dem Kreis um „{name}“ führt kein Weg hinaus: Eine Person kann dort sagen, dass es zu Ende ist.",
        "No way leads out of the circle around “{name}”: a person can say there that it has come to its end.",
    ),
    "unreachable": (
        N,
        "„{name}“ wird nie erreicht.",
        "“{name}” is never reached.",
    ),
    "dead-end": (
        N,
        "Hinter „{name}“ kommt nichts: Dieser Weg endet dort.",
        "Nothing comes behind “{name}”: this way ends there.",
    ),
    "no-end": (
        N,
        "„{name}“ hat kein Endereignis: Der Prozess endet, wenn nichts mehr zu tun ist.",
        "“{name}” has no end event: the process ends when nothing is left to do.",
    ),
    "gets-stuck": (
        P,
        "Der Prozess „{name}“ bleibt im Probelauf stehen bei: {before}.",
        "In a trial run the process “{name}” gets stuck at: {before}.",
    ),
    "never-ends": (
        P,
        "Der Prozess „{name}“ kommt im Probelauf nicht zu Ende; er läuft im Kreis bei: {before}.",
        "In a trial run the process “{name}” does not come to an end; it goes round at: {before}.",
    ),
}

_BEGIN = {
    "no-start": (
        C,
        "„{name}“ hat kein Startereignis: Es beginnt mit allem, wohin kein Weg führt ({after}).",
        "“{name}” has no start event: it begins with everything that no way leads to ({after}).",
    ),
    "no-beginning": (
        C,
        "Zu jedem Schritt führt ein Weg, und es gibt kein Startereignis: Es beginnt mit „{name}“.",
        "A way leads to every step, and there is no start event: it begins with “{name}”.",
    ),
    "nothing-to-begin": (
        P,
        "In „{name}“ ist nichts, womit begonnen werden kann.",
        "There is nothing in “{name}” to begin with.",
    ),
    "several-starts": (
        C,
        "„{name}“ hat mehrere Startereignisse: Wer beginnt, wählt eines ({after}).",
        "“{name}” has several start events: whoever begins chooses one ({after}).",
    ),
    "start-by-event": (
        N,
        "„{name}“ beginnt durch ein Ereignis ({before}); bis das eingerichtet ist, beginnt eine Person.",
        "“{name}” begins by an event ({before}); until that is set up, a person begins.",
    ),
    "start-by-message": (
        N,
        "„{name}“ beginnt von selbst, sobald „{before}“ eintrifft; eine Person kann es auch beginnen.",
        "“{name}” begins by itself as soon as “{before}” arrives; a person can begin it too.",
    ),
    "subprocess-empty": (
        C,
        "Der Teilprozess „{name}“ ist leer: Er wird zur Aufgabe einer Person.",
        "The sub-process “{name}” is empty: it becomes a person's task.",
    ),
    "subprocess-starts": (
        C,
        "Der Teilprozess „{name}“ hat mehrere Startereignisse: Alle beginnen zugleich.",
        "The sub-process “{name}” has several start events: all begin at once.",
    ),
    "ad-hoc": (
        C,
        "Ad-hoc-Teilprozess „{name}“: Alles darin wird zugleich angeboten, in beliebiger Folge, jedes einmal.",
        "Ad-hoc sub-process “{name}”: everything in it is offered at once, in any order, each once.",
    ),
    "transaction": (
        N,
        "Transaktion „{name}“: Bei einem Abbruch macht niemand von selbst rückgängig, was schon getan ist.",
        "Transaction “{name}”: when it is cancelled, nothing that was done is undone by itself.",
    ),
    "event-subprocess-without-event": (
        C,
        "Der Ereignis-Teilprozess „{name}“ hat kein auslösendes Ereignis: Eine Person kann ihn beginnen.",
        "The event sub-process “{name}” has no triggering event: a person can begin it.",
    ),
    "event-subprocess-in-flow": (
        N,
        "In den Ereignis-Teilprozess „{name}“ oder aus ihm führen Wege; sie werden auch verfolgt.",
        "Ways lead into or out of the event sub-process “{name}”; they are followed too.",
    ),
}

TEXTS: dict[str, tuple[str, str, str]] = {**_FILE, **_WAYS, **_BEGIN, **STEPS, **EVENTS}
