/* What the editor's form reads from and writes into a model. Marks of ours (urn:allmende:process:1) are kept as the
   generic elements that bpmn-moddle makes of unknown namespaces: what a later version adds, this one does not lose.
   Every change goes through the modeller's command stack, so that it can be taken back. */
(function () {
  "use strict";
  const OWN = "urn:allmende:process:1";

  function Sheet(modeler) {
    this.modeling = modeler.get("modeling");
    this.moddle = modeler.get("moddle");
    this.registry = modeler.get("elementRegistry");
    const root = modeler.getDefinitions();
    this.definitions = root;
    const declared = Object.keys(root.$attrs).find(function (name) { return name.startsWith("xmlns:") && root.$attrs[name] === OWN; });
    this.prefix = declared ? declared.slice(6) : "allmende";
    if (!declared) root.$attrs["xmlns:allmende"] = OWN;
  }

  Sheet.prototype.name = function (short) { return this.prefix + ":" + short; };

  // ---- attributes ----
  Sheet.prototype.attribute = function (element, short) { return element.businessObject.get(this.name(short)) || ""; };
  Sheet.prototype.setAttributes = function (element, values) {
    const told = {};
    Object.keys(values).forEach(function (short) { told[this.name(short)] = values[short] || undefined; }, this);
    this.modeling.updateProperties(element, told);
  };
  Sheet.prototype.setName = function (element, text) { this.modeling.updateProperties(element, { name: text || undefined }); };

  // ---- elements of ours under the extension elements ----
  Sheet.prototype.made = function (short, attributes, inside) {
    const told = {};
    Object.keys(attributes).forEach(function (name) {
      if (attributes[name] !== "" && attributes[name] !== undefined) told[name] = attributes[name];
    });
    if (typeof inside === "string") told.$body = inside;
    else if (inside && inside.length) told.$children = inside;
    return this.moddle.createAny(this.name(short), OWN, told);
  };
  Sheet.prototype.own = function (element, short) {
    const extensions = element.businessObject.get("extensionElements");
    const type = this.name(short);
    return extensions ? extensions.get("values").filter(function (one) { return one.$type === type; }) : [];
  };
  Sheet.prototype.setOwn = function (element, short, made) {
    const before = element.businessObject.get("extensionElements");
    const type = this.name(short);
    const values = before ? before.get("values").slice() : [];
    const place = values.findIndex(function (one) { return one.$type === type; });
    const kept = values.filter(function (one) { return one.$type !== type; });
    kept.splice(place < 0 ? kept.length : place, 0, ...made);
    if (before && kept.length) this.modeling.updateModdleProperties(element, before, { values: kept });
    else if (kept.length) {
      this.modeling.updateProperties(element, { extensionElements: this.moddle.create("bpmn:ExtensionElements", { values: kept }) });
    } else if (before) this.modeling.updateProperties(element, { extensionElements: undefined });
  };

  // ---- what is written for who does it: German as BPMN's documentation, English as ours ----
  Sheet.prototype.documentation = function (element) {
    return element.businessObject.get("documentation").map(function (one) { return one.text || ""; }).join("\n\n");
  };
  Sheet.prototype.setDocumentation = function (element, text) {
    this.modeling.updateProperties(element, { documentation: text ? [this.moddle.create("bpmn:Documentation", { text: text })] : [] });
  };
  Sheet.prototype.english = function (element) {
    const found = this.own(element, "documentation").find(function (one) { return one.lang === "en"; });
    return found ? found.$body || "" : "";
  };
  Sheet.prototype.setEnglish = function (element, text) {
    const others = this.own(element, "documentation").filter(function (one) { return one.lang !== "en"; });
    this.setOwn(element, "documentation", text ? others.concat(this.made("documentation", { lang: "en" }, text)) : others);
  };

  // ---- forms ----
  Sheet.prototype.fields = function (element) {
    const form = this.own(element, "form")[0];
    const types = { field: this.name("field"), option: this.name("option") };
    return ((form && form.$children) || []).filter(function (one) { return one.$type === types.field; }).map(function (field) {
      const read = { attributes: {}, options: [], others: [] };
      Object.keys(field).forEach(function (name) { if (name[0] !== "$") read.attributes[name] = field[name]; });
      (field.$children || []).forEach(function (child) {
        if (child.$type !== types.option) { read.others.push(child); return; }
        const option = {};
        Object.keys(child).forEach(function (name) { if (name[0] !== "$") option[name] = child[name]; });
        read.options.push(option);
      });
      return read;
    });
  };
  Sheet.prototype.setFields = function (element, fields) {
    const made = fields.map(function (field) {
      const options = field.options.map(function (option) { return this.made("option", option); }, this);
      return this.made("field", field.attributes, options.concat(field.others));
    }, this);
    const before = this.own(element, "form")[0];
    const others = ((before && before.$children) || []).filter(function (one) { return one.$type !== this.name("field"); }, this);
    this.setOwn(element, "form", made.length || others.length ? [this.made("form", {}, made.concat(others))] : []);
  };

  // ---- flows ----
  Sheet.prototype.condition = function (element) {
    const said = element.businessObject.get("conditionExpression");
    if (!said) return "";
    return said.get(this.name("feel")) || (said.body || "").replace(/^\s*=\s*/, "");
  };
  Sheet.prototype.setCondition = function (element, text) {
    const made = text ? this.moddle.create("bpmn:FormalExpression", { body: "= " + text.replace(/^\s*=\s*/, "") }) : undefined;
    this.modeling.updateProperties(element, { conditionExpression: made });
    // The importer says again who decides, as soon as it reads the drawing.
    if (text && element.source && this.attribute(element.source, "by")) this.setAttributes(element.source, { by: "" });
  };
  Sheet.prototype.isDefault = function (element) { return element.source.businessObject.get("default") === element.businessObject; };
  Sheet.prototype.setDefault = function (element, on) {
    this.modeling.updateProperties(element.source, { default: on ? element.businessObject : undefined });
  };

  // ---- timers ----
  Sheet.prototype.timer = function (element) {
    const found = (element.businessObject.get("eventDefinitions") || []).find(function (one) { return one.$type === "bpmn:TimerEventDefinition"; });
    if (!found) return null;
    const kind = ["timeDate", "timeDuration", "timeCycle"].find(function (name) { return found.get(name); }) || "timeDuration";
    const said = found.get(kind);
    return { definition: found, kind: kind, text: said ? said.body || "" : "" };
  };
  Sheet.prototype.setTimer = function (element, timer, kind, text) {
    const told = { timeDate: undefined, timeDuration: undefined, timeCycle: undefined };
    told[kind] = text ? this.moddle.create("bpmn:FormalExpression", { body: text }) : undefined;
    this.modeling.updateModdleProperties(element, timer.definition, told);
  };

  // ---- messages and signals: elements of the file, shared by all who use the name ----
  const HEARD = { "bpmn:MessageEventDefinition": ["messageRef", "bpmn:Message"], "bpmn:SignalEventDefinition": ["signalRef", "bpmn:Signal"] };
  Sheet.prototype.heard = function (element) {
    const business = element.businessObject;
    const definition = (business.get("eventDefinitions") || []).find(function (one) { return HEARD[one.$type]; });
    if (definition) return { owner: definition, ref: HEARD[definition.$type][0], type: HEARD[definition.$type][1] };
    return ["bpmn:ReceiveTask", "bpmn:SendTask"].includes(business.$type) ? { owner: business, ref: "messageRef", type: "bpmn:Message" } : null;
  };
  Sheet.prototype.setHeard = function (element, heard, text) {
    const roots = this.definitions.get("rootElements");
    let made = text ? roots.find(function (one) { return one.$type === heard.type && one.name === text; }) : undefined;
    if (text && !made) {
      made = this.moddle.create(heard.type, { id: this.moddle.ids.nextPrefixed(heard.type.slice(5) + "_"), name: text });
      this.modeling.updateModdleProperties(element, this.definitions, { rootElements: roots.concat(made) });
    }
    const told = {};
    told[heard.ref] = made;
    this.modeling.updateModdleProperties(element, heard.owner, told);
  };

  // ---- how often a step is done ----
  Sheet.prototype.repetition = function (element) {
    const found = element.businessObject.get("loopCharacteristics");
    if (!found || found.$type !== "bpmn:MultiInstanceLoopCharacteristics") return { found: null, sequential: false, count: "", collection: "", item: "" };
    const count = found.get("loopCardinality");
    return {
      found: found, sequential: Boolean(found.get("isSequential")), count: count ? (count.body || "").replace(/^\s*=\s*/, "") : "",
      collection: (found.get(this.name("items")) || "").replace(/^\s*=\s*/, ""), item: found.get(this.name("item")) || "",
    };
  };
  Sheet.prototype.setRepetition = function (element, told) {
    const properties = { isSequential: told.sequential };
    properties[this.name("items")] = told.collection || undefined;
    properties[this.name("item")] = told.item || undefined;
    properties.loopCardinality = told.count && !told.collection ? this.moddle.create("bpmn:FormalExpression", { body: "= " + told.count }) : undefined;
    const before = element.businessObject.get("loopCharacteristics");
    if (before && before.$type === "bpmn:MultiInstanceLoopCharacteristics") this.modeling.updateModdleProperties(element, before, properties);
    else this.modeling.updateProperties(element, { loopCharacteristics: this.moddle.create("bpmn:MultiInstanceLoopCharacteristics", properties) });
  };
  Sheet.prototype.onceOnly = function (element) { this.modeling.updateProperties(element, { loopCharacteristics: undefined }); };

  window.allmendeDrawing = window.allmendeDrawing || {};
  window.allmendeDrawing.Sheet = Sheet;
})();
