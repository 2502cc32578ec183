/* Fields for the editor's panel: each with its label, of the shape that Django's forms have here. */
(function () {
  "use strict";

  function node(name, attributes, children) {
    const made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      if (attributes[key] !== undefined && attributes[key] !== false) made.setAttribute(key, attributes[key] === true ? "" : attributes[key]);
    });
    (children || []).forEach(function (child) { if (child) made.append(child); });
    return made;
  }

  function labelled(id, label, help, control) {
    const hint = help && node("p", { class: "al-editor__hint", id: id + "-help" }, [help]);
    if (hint) control.setAttribute("aria-describedby", id + "-help");
    return node("div", { class: "kern-form-input" }, [node("label", { class: "kern-label", for: id }, [label]), hint, control.parentNode || control]);
  }

  // `changed(text)` is called when the person leaves the field, so that one entry is one step to take back.
  function text(id, label, value, changed, more) {
    const long = more && more.long;
    const control = node(long ? "textarea" : "input", { class: "kern-form-input__input", id: id, type: long ? undefined : "text", rows: long ? more.rows || 3 : undefined, spellcheck: more && more.code ? "false" : undefined, autocomplete: "off" });
    control.value = value;
    control.addEventListener("change", function () { changed(control.value.trim()); });
    return labelled(id, label, more && more.help, control);
  }

  function select(id, label, value, choices, changed, more) {
    const control = node("select", { class: "kern-form-input__select", id: id });
    const known = choices.some(function (choice) { return choice[0] === value; });
    (known ? choices : [[value, value]].concat(choices)).forEach(function (choice) {
      const option = node("option", { value: choice[0] }, [choice[1]]);
      option.selected = choice[0] === value;
      control.append(option);
    });
    control.addEventListener("change", function () { changed(control.value); });
    node("div", { class: "kern-form-input__select-wrapper" }, [control]);
    return labelled(id, label, more && more.help, control);
  }

  function check(id, label, value, changed) {
    const control = node("input", { type: "checkbox", class: "kern-form-check__checkbox", id: id });
    control.checked = value;
    control.addEventListener("change", function () { changed(control.checked); });
    return node("div", { class: "al-check" }, [node("div", { class: "kern-form-check" }, [control, node("label", { class: "kern-label", for: id }, [label])])]);
  }

  function button(id, label, pressed, about) {
    const made = node("button", { type: "button", class: "al-drawing__button", id: id }, [label, about && node("span", { class: "kern-sr-only" }, [": " + about])]);
    made.addEventListener("click", pressed);
    return made;
  }

  function group(title, parts) {
    return node("fieldset", { class: "kern-fieldset al-editor__group" }, [node("legend", { class: "kern-label" }, [title])].concat(parts));
  }

  window.allmendeDrawing = window.allmendeDrawing || {};
  window.allmendeDrawing.form = { node: node, text: text, select: select, check: check, button: button, group: group };
})();
