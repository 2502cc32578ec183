/* The part of the panel that makes the form of a task: its fields, in their order. */
(function () {
  "use strict";
  const shared = window.allmendeDrawing;
  const f = shared.form;
  const BOUNDED = ["text", "long_text", "number", "integer", "money"];

  // A name that expressions can use, from the label that people read.
  function named(label, taken) {
    const plain = label.toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss");
    const base = plain.normalize("NFD").replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").replace(/^(\d)/, "n$1").slice(0, 40) || "feld";
    let name = base;
    for (let number = 2; taken.includes(name); number += 1) name = base + "_" + number;
    return name;
  }

  // One option a line: what is stored | what people read | the same in English.
  function written(options) {
    return options.map(function (one) { return [one.value || "", one.label || "", one.labelEn || ""].join(" | ").replace(/( \| )+$/, ""); }).join("\n");
  }
  function read(text) {
    return text.split("\n").map(function (line) { return line.split("|").map(function (part) { return part.trim(); }); })
      .filter(function (parts) { return parts.some(Boolean); })
      .map(function (parts) {
        const label = parts[1] || parts[0];
        return { value: parts[0] || named(label, []), label: label, labelEn: parts[2] || "" };
      });
  }

  shared.fields = function (panel, element) {
    const t = panel.t, sheet = panel.sheet;
    const fields = sheet.fields(element);
    function keep() { sheet.setFields(element, fields); }
    function rebuilt() {
      keep();
      panel.again();
    }
    function one(field, place) {
      const id = "edit-field-" + place + "-";
      const told = field.attributes;
      const summary = f.node("summary", { id: id + "open" }, [told.label || told.name || t.field]);
      // A field that is left by the tabulator keeps its neighbours: the form is built anew only where its shape changes.
      function set(name) {
        return function (value) {
          told[name] = value;
          keep();
        };
      }
      function setLabel(value) {
        told.label = value;
        summary.textContent = value || told.name;
        // The name of a field that is new here follows its label; others may stand in expressions already.
        if (panel.fresh.delete(told.name)) {
          const others = fields.filter(function (each) { return each !== field; });
          told.name = named(value, others.map(function (each) { return each.attributes.name; }));
          panel.fresh.add(told.name);
          document.getElementById(id + "name").value = told.name;
        }
        keep();
      }
      function setName(value) {
        panel.fresh.delete(told.name);
        told.name = value || named(told.label || "", []);
        document.getElementById(id + "name").value = told.name;
        keep();
      }
      function move(by) {
        return function () {
          fields.splice(place + by, 0, fields.splice(place, 1)[0]);
          const was = panel.open.has(place);
          panel.open.clear();
          if (was) panel.open.add(place + by);
          rebuilt();
          document.getElementById("edit-field-" + (place + by) + "-open").focus();
        };
      }
      const title = told.label || told.name || t.field;
      const bounded = BOUNDED.includes(told.type || "text");
      const choice = told.type === "choice" || told.type === "choices";
      const body = [
        f.text(id + "label", t.field_label, told.label || "", setLabel),
        f.text(id + "label-en", t.field_label_en, told.labelEn || "", set("labelEn")),
        f.select(id + "type", t.field_type, told.type || "text", panel.settings.types, function (value) { told.type = value; rebuilt(); }),
        f.check(id + "required", t.field_required, told.required === "true" || told.required === true, function (on) { told.required = on ? "true" : ""; keep(); }),
        choice && f.text(id + "options", t.field_options, written(field.options), function (text) { field.options = read(text); keep(); }, { long: true, rows: 4, help: t.field_options_help }),
        f.text(id + "name", t.field_name, told.name || "", setName, { help: t.field_name_help, code: true }),
        f.text(id + "help", t.field_help, told.help || "", set("help")),
        f.text(id + "help-en", t.field_help_en, told.helpEn || "", set("helpEn")),
        bounded && f.text(id + "min", t.field_min, told.min || "", set("min")),
        bounded && f.text(id + "max", t.field_max, told.max || "", set("max")),
        f.node("p", { class: "al-drawing__bar" }, [
          place > 0 && f.button(id + "up", t.up, move(-1), title),
          place < fields.length - 1 && f.button(id + "down", t.down, move(1), title),
          f.button(id + "remove", t.remove, function () { fields.splice(place, 1); panel.open.clear(); rebuilt(); document.getElementById("edit-field-add").focus(); }, title),
        ]),
      ];
      const folded = f.node("details", { class: "al-editor__field" }, [summary, ...body.filter(Boolean)]);
      folded.open = panel.open.has(place);
      folded.addEventListener("toggle", function () { if (folded.open) panel.open.add(place); else panel.open.delete(place); });
      return folded;
    }
    const add = f.button("edit-field-add", t.field_add, function () {
      const taken = fields.map(function (each) { return each.attributes.name; });
      const name = named(t.field, taken);
      fields.push({ attributes: { name: name, type: "text", label: t.field }, options: [], others: [] });
      panel.fresh.add(name);
      panel.open.add(fields.length - 1);
      rebuilt();
      document.getElementById("edit-field-" + (fields.length - 1) + "-label").focus();
    });
    return f.group(t.form, [...fields.map(one), fields.length ? null : f.node("p", { class: "al-editor__hint" }, [t.no_fields]), add]);
  };
})();
