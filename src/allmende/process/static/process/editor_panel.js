/* The form beside the drawing: what the chosen element says of itself. */
(function () {
  "use strict";
  const shared = window.allmendeDrawing;
  const f = shared.form;
  const PERSON = ["bpmn:Task", "bpmn:UserTask", "bpmn:ManualTask"];

  function Panel(place, sheet, settings) {
    this.place = place;
    this.sheet = sheet;
    this.settings = settings;
    this.t = settings.texts;
    this.open = new Set(); // places of fields that are unfolded
    this.fresh = new Set(); // names of fields that were added here
  }

  Panel.prototype.show = function (element) {
    if (element !== this.element) { this.open.clear(); this.fresh.clear(); }
    this.element = element;
    const focus = this.place.contains(document.activeElement) ? document.activeElement.id : "";
    const parts = element ? this.parts(element) : [f.node("p", {}, [this.t.choose])];
    this.place.replaceChildren(...parts.filter(Boolean));
    if (focus && document.getElementById(focus)) document.getElementById(focus).focus();
  };
  Panel.prototype.again = function () { this.show(this.element); };

  Panel.prototype.parts = function (element) {
    const is = function (type) { return element.businessObject.$instanceOf(type); };
    const sheet = this.sheet, t = this.t;
    const type = element.businessObject.$type;
    const parts = [f.node("p", { class: "al-editor__kind" }, [shared.kind(element, this.settings)])];
    if (!is("bpmn:FlowElement") && !is("bpmn:Participant") && !is("bpmn:Lane")) return [...parts, f.node("p", {}, [t.nothing])];
    parts.push(f.text("edit-name", t.name, element.businessObject.get("name") || "", function (value) { sheet.setName(element, value); }));
    parts.push(f.text("edit-name-en", t.name_en, sheet.attribute(element, "nameEn"), function (value) { sheet.setAttributes(element, { nameEn: value }); }));
    if (is("bpmn:Lane") || is("bpmn:Participant")) parts.push(f.node("p", { class: "al-editor__hint" }, [t.lane]));
    if (is("bpmn:SequenceFlow")) parts.push(...this.flow(element));
    if (is("bpmn:Gateway")) parts.push(this.decides(element));
    if (sheet.timer(element)) parts.push(this.timer(element));
    if (sheet.heard(element)) parts.push(this.heard(element));
    if (is("bpmn:CallActivity")) parts.push(this.called(element));
    if (is("bpmn:Task")) parts.push(...this.task(element, type));
    if (is("bpmn:Activity")) parts.push(this.repetition(element));
    return parts;
  };

  Panel.prototype.flow = function (element) {
    const sheet = this.sheet, t = this.t;
    const source = element.source.businessObject;
    const decides = source.$instanceOf("bpmn:Activity") || ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:ComplexGateway"].includes(source.$type);
    if (!decides) return [];
    return [
      f.text("edit-condition", t.condition, sheet.condition(element), function (value) { sheet.setCondition(element, value); }, { help: t.condition_help, code: true }),
      f.check("edit-default", t.default_flow, sheet.isDefault(element), function (on) { sheet.setDefault(element, on); }),
    ];
  };

  Panel.prototype.decides = function (element) {
    const sheet = this.sheet;
    return f.check("edit-by", this.t.by_person, sheet.attribute(element, "by") === "person", function (on) { sheet.setAttributes(element, { by: on ? "person" : "" }); });
  };

  Panel.prototype.timer = function (element) {
    const sheet = this.sheet, t = this.t;
    const timer = sheet.timer(element);
    const kinds = [["timeDuration", t.duration], ["timeDate", t.date], ["timeCycle", t.cycle]];
    return f.group(t.timer, [
      f.select("edit-timer-kind", t.timer_kind, timer.kind, kinds, function (value) { sheet.setTimer(element, timer, value, timer.text); }),
      f.text("edit-timer", t.timer_text, timer.text, function (value) { sheet.setTimer(element, timer, timer.kind, value); }, { help: t.timer_help, code: true }),
    ]);
  };

  Panel.prototype.task = function (element, type) {
    const sheet = this.sheet, t = this.t;
    const action = sheet.attribute(element, "action"), decision = sheet.attribute(element, "decision");
    const parts = [];
    if (type === "bpmn:ServiceTask" || action) parts.push(this.action(element, action));
    if (type === "bpmn:BusinessRuleTask" || decision) parts.push(this.decision(element, decision));
    if (action || decision) return parts;
    const byPerson = PERSON.includes(type) || sheet.attribute(element, "by") === "person";
    if (!byPerson && !sheet.fields(element).length) return parts;
    parts.push(
      f.text("edit-help", t.help, sheet.documentation(element), function (value) { sheet.setDocumentation(element, value); }, { long: true }),
      f.text("edit-help-en", t.help_en, sheet.english(element), function (value) { sheet.setEnglish(element, value); }, { long: true }),
      this.deadline(element),
      this.eyes(element),
      shared.fields(this, element),
    );
    return parts;
  };

  Panel.prototype.deadline = function (element) {
    const sheet = this.sheet, t = this.t;
    const before = sheet.own(element, "deadline")[0];
    const read = /^P(\d+)([DWM])$/.exec((before && before.after) || "");
    const state = { count: read ? read[1] : (before && before.after) || "", unit: read ? read[2] : "D", days: (before && before.days) || "working" };
    function keep() {
      const after = /^\d+$/.test(state.count) ? "P" + Number(state.count) + state.unit : state.count;
      sheet.setOwn(element, "deadline", after ? [sheet.made("deadline", Object.assign({}, attributes(before), { after: after, days: state.days }))] : []);
    }
    return f.group(t.deadline, [
      f.text("edit-due", t.due, state.count, function (value) { state.count = value; keep(); }, { help: t.due_help }),
      f.select("edit-due-unit", t.unit, state.unit, [["D", t.days], ["W", t.weeks], ["M", t.months]], function (value) { state.unit = value; keep(); }),
      f.select("edit-due-days", t.counted, state.days, [["working", t.working], ["calendar", t.calendar]], function (value) { state.days = value; keep(); }),
    ]);
  };

  function attributes(made) {
    const told = {};
    Object.keys(made || {}).forEach(function (name) { if (name[0] !== "$") told[name] = made[name]; });
    return told;
  }

  Panel.prototype.eyes = function (element) {
    const sheet = this.sheet, t = this.t;
    const others = sheet.registry.filter(function (one) { return one !== element && !one.labelTarget && one.businessObject.$instanceOf("bpmn:Task"); });
    const choices = [["", t.anybody]].concat(others.map(function (one) { return [one.id, one.businessObject.get("name") || one.id]; }));
    return f.select("edit-eyes", t.eyes, sheet.attribute(element, "fourEyes"), choices, function (value) { sheet.setAttributes(element, { fourEyes: value }); }, { help: t.eyes_help });
  };

  Panel.prototype.action = function (element, chosen) {
    const sheet = this.sheet, t = this.t, panel = this;
    const offered = this.settings.actions.map(function (one) { return [one.name, one.title + " (" + one.name + ")"]; });
    const parts = [f.select("edit-action", t.action, chosen, [["", t.no_action]].concat(offered), function (value) {
      sheet.setAttributes(element, { action: value, by: "" });
      panel.again();
    }, { help: t.action_help })];
    const known = this.settings.actions.find(function (one) { return one.name === chosen; });
    const inputs = sheet.own(element, "input");
    const names = [...new Set((known ? known.params.map(function (one) { return one.name; }) : []).concat(inputs.map(function (one) { return one.name; })))];
    names.forEach(function (name) {
      const about = known && known.params.find(function (one) { return one.name === name; });
      const before = inputs.find(function (one) { return one.name === name; });
      const label = name + (about && about.required ? " " + t.required_mark : "");
      parts.push(f.text("edit-input-" + name, label, (before && before.value) || "", function (value) {
        const now = sheet.own(element, "input");
        const others = now.filter(function (one) { return one.name !== name; });
        const place = now.findIndex(function (one) { return one.name === name; });
        if (value) others.splice(place < 0 ? others.length : place, 0, sheet.made("input", { name: name, value: value }));
        sheet.setOwn(element, "input", others);
      }, { help: about && about.about, code: true }));
    });
    if (chosen) {
      parts.push(f.text("edit-subject", t.subject, sheet.attribute(element, "subject"), function (value) { sheet.setAttributes(element, { subject: value }); }, { help: t.subject_help }));
    }
    return f.group(t.system, parts);
  };

  Panel.prototype.decision = function (element, chosen) {
    const sheet = this.sheet, t = this.t, panel = this;
    const offered = [["", t.no_decision]].concat(this.settings.decisions);
    return f.group(t.by_rules, [
      f.select("edit-decision", t.decision, chosen, offered, function (value) { sheet.setAttributes(element, { decision: value, by: "" }); panel.again(); }),
      f.text("edit-decision-name", t.decision_name, sheet.attribute(element, "decisionName"), function (value) { sheet.setAttributes(element, { decisionName: value }); }, { help: t.decision_name_help }),
      f.text("edit-result", t.result, sheet.attribute(element, "result"), function (value) { sheet.setAttributes(element, { result: value }); }),
    ]);
  };

  Panel.prototype.heard = function (element) {
    const sheet = this.sheet, t = this.t, heard = sheet.heard(element);
    const said = heard.owner.get(heard.ref);
    const label = heard.type === "bpmn:Signal" ? t.signal : t.message;
    return f.text("edit-message", label, (said && said.name) || "", function (value) {
      sheet.setHeard(element, sheet.heard(element), value.trim());
      if (value && sheet.attribute(element, "by")) sheet.setAttributes(element, { by: "" });
    }, { help: t.message_help });
  };

  Panel.prototype.called = function (element) {
    const sheet = this.sheet, t = this.t;
    const written = element.businessObject.get("calledElement") || "", model = sheet.attribute(element, "model");
    const fits = this.settings.processes.find(function (one) { return one[0] === model + ":" + written; });
    const now = fits ? fits[0] : written;
    const offered = fits || !written ? this.settings.processes : this.settings.processes.concat([[written, written]]);
    return f.select("edit-called", t.called, now, [["", t.not_called]].concat(offered), function (value) {
      const parts = value.split(":");
      // The importer says anew what is called, and whether a person has to do it.
      sheet.setAttributes(element, { model: parts.length > 1 ? parts[0] : "", calls: "", by: "" });
      sheet.modeling.updateProperties(element, { calledElement: parts[parts.length - 1] || undefined });
    }, { help: t.called_help });
  };

  Panel.prototype.repetition = function (element) {
    const sheet = this.sheet, t = this.t, panel = this, told = sheet.repetition(element);
    const how = told.found ? (told.sequential ? "one" : "all") : "";
    function keep() { sheet.setRepetition(element, told); }
    const parts = [f.select("edit-times", t.times, how, [["", t.once], ["all", t.at_once], ["one", t.one_by_one]], function (value) {
      if (!value) sheet.onceOnly(element);
      else { told.sequential = value === "one"; keep(); }
      panel.again();
    })];
    if (told.found) {
      parts.push(
        f.text("edit-collection", t.collection, told.collection, function (value) { told.collection = value.replace(/^\s*=\s*/, ""); keep(); }, { help: t.collection_help, code: true }),
        f.text("edit-item", t.item, told.item, function (value) { told.item = value; keep(); }, { help: t.item_help, code: true }),
        f.text("edit-count", t.count, told.count, function (value) { told.count = value.replace(/^\s*=\s*/, ""); keep(); }, { help: t.count_help, code: true }),
      );
    }
    return f.group(t.repetition, parts);
  };

  shared.Panel = Panel;
})();
