/* bpmn-js speaks English; this is its German. Its own texts are the keys. */
(function () {
  "use strict";
  window.allmendeDrawing = window.allmendeDrawing || {};
  const events = {
    Message: "Nachricht", Timer: "Zeit", Conditional: "Bedingung", Signal: "Signal", Error: "Fehler", Escalation: "Eskalation",
    Compensation: "Rückabwicklung", Cancel: "Abbruch", Terminate: "Alles beenden", Link: "Sprung",
  };
  const places = {
    "start event": "Beginn", "start event (non-interrupting)": "Beginn (bricht nicht ab)", "end event": "Ende",
    "boundary event": "Ereignis am Rand", "boundary event (non-interrupting)": "Ereignis am Rand (bricht nicht ab)",
    "intermediate catch event": "Warten", "intermediate throw event": "Auslösen", start: "Beginn", "start (non-interrupting)": "Beginn (bricht nicht ab)",
  };
  const german = {
    "Activate create/remove space tool": "Platz schaffen oder wegnehmen", "Activate global connect tool": "Verbinden", "Activate hand tool": "Zeichnung verschieben",
    "Activate lasso tool": "Mehrere auswählen", "Add lane above": "Bahn darüber", "Add lane below": "Bahn darunter", "Add text annotation": "Anmerkung dazu",
    "Align elements": "Ausrichten", "Align elements ": "Ausrichten ", "Append compensation activity": "Rückabwicklung anhängen", "Append conditional intermediate catch event": "Warten auf Bedingung anhängen",
    "Append end event": "Ende anhängen", "Append gateway": "Verzweigung anhängen", "Append intermediate/boundary event": "Ereignis anhängen",
    "Append message intermediate catch event": "Warten auf Nachricht anhängen", "Append receive task": "Empfang anhängen", "Append signal intermediate catch event": "Warten auf Signal anhängen",
    "Append task": "Aufgabe anhängen", "Append timer intermediate catch event": "Warten auf Zeit anhängen", "Change element": "Art ändern", Collection: "Mehrere",
    "Connect to other element": "Mit anderem verbinden", "Connect using association": "Zuordnen", "Connect using data input association": "Als Eingabe verbinden",
    "Create data object reference": "Dokument", "Create data store reference": "Ablage", "Create end event": "Ende", "Create expanded sub-process": "Teilprozess",
    "Create gateway": "Verzweigung", "Create group": "Gruppe", "Create intermediate/boundary event": "Ereignis", "Create pool/participant": "Pool (Beteiligte)",
    "Create start event": "Beginn", "Create task": "Aufgabe", Delete: "Löschen", "Distribute elements horizontally": "Waagrecht verteilen", "Distribute elements vertically": "Senkrecht verteilen",
    "Divide into three lanes": "In drei Bahnen teilen", "Divide into two lanes": "In zwei Bahnen teilen", Loop: "Wiederholen", "Open {element}": "{element} öffnen",
    "Parallel multi-instance": "Für mehrere zugleich", "Sequential multi-instance": "Für mehrere nacheinander", "Participant multiplicity": "Mehrere Beteiligte", "Search in diagram": "In der Zeichnung suchen",
    "Toggle non-interrupting": "Bricht nicht ab", "Align elements left": "Links ausrichten", "Align elements center": "Waagrecht mittig ausrichten", "Align elements right": "Rechts ausrichten",
    "Align elements top": "Oben ausrichten", "Align elements middle": "Senkrecht mittig ausrichten", "Align elements bottom": "Unten ausrichten", Search: "Suchen", "No matching entries.": "Nichts gefunden",
    "Ad-hoc sub-process": "Teilprozess (freie Reihenfolge)", "Ad-hoc sub-process (collapsed)": "Teilprozess (freie Reihenfolge, zugeklappt)", "Ad-hoc sub-process (expanded)": "Teilprozess (freie Reihenfolge)",
    "Boundary event": "Ereignis am Rand", "Business rule task": "Entscheidung nach Regeln", "Call activity": "Anderer Prozess", "Complex gateway": "Wege nach Regel", "Conditional flow": "Weg mit Bedingung",
    "Data object reference": "Dokument", "Data store reference": "Ablage", "Default flow": "Weg, wenn sonst keiner passt", "Empty pool/participant": "Pool ohne Inhalt", "End event": "Ende",
    "Event based instantiating Gateway": "Beginn durch eines von mehreren Ereignissen", "Parallel Event based instantiating Gateway": "Beginn durch alle von mehreren Ereignissen", "Event sub-process": "Teilprozess bei einem Ereignis",
    "Event-based gateway": "Was zuerst geschieht", "Exclusive gateway": "Einer von mehreren Wegen", "Expanded pool/participant": "Pool mit Inhalt", "Inclusive gateway": "Einer oder mehrere Wege",
    "Intermediate throw event": "Zwischenstand", "Manual task": "Aufgabe von Hand", "Parallel gateway": "Alle Wege zugleich", "Receive task": "Auf Nachricht warten", "Script task": "Rechenschritt",
    "Send task": "Nachricht senden", "Sequence flow": "Weg", "Service task": "Schritt des Systems", "Start event": "Beginn", "Sub-process": "Teilprozess", "Sub-process (collapsed)": "Teilprozess (zugeklappt)",
    "Sub-process (expanded)": "Teilprozess", Task: "Aufgabe", Transaction: "Teilprozess (ganz oder gar nicht)", "User task": "Aufgabe für eine Person",
  };
  Object.keys(events).forEach(function (event) {
    Object.keys(places).forEach(function (place) { german[event + " " + place] = places[place] + ": " + events[event]; });
  });
  window.allmendeDrawing.german = german;
})();
