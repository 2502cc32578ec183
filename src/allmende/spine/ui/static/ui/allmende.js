// Nothing on a page depends on this file: it folds the menu on phones, keeps what somebody typed when the log-in
// expired, and says to screen readers what htmx changed.
(function () {
  "use strict";

  // ---- menus: the main one, and the staff's ----
  document.querySelectorAll(".al-menu-toggle").forEach(function (toggle) {
    const rest = document.getElementById(toggle.getAttribute("aria-controls"));
    toggle.hidden = false;
    toggle.addEventListener("click", function () {
      const open = toggle.getAttribute("aria-expanded") !== "true";
      toggle.setAttribute("aria-expanded", String(open));
      rest.classList.toggle("al-unfolded", open);
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && toggle.getAttribute("aria-expanded") === "true" && rest.contains(event.target)) {
        toggle.click();
        toggle.focus();
      }
    });
  });

  // ---- live region ----
  const live = document.getElementById("al-live");
  function say(text) {
    if (!live) return;
    live.textContent = "";
    window.setTimeout(function () { live.textContent = text; }, 50);
  }
  window.allmende = { say: say };
  document.addEventListener("htmx:afterSwap", function (event) {
    const text = event.target.getAttribute && event.target.getAttribute("data-say");
    const inner = event.target.querySelector && event.target.querySelector("[data-say]");
    if (text || inner) say(text || inner.getAttribute("data-say"));
  });
  document.addEventListener("htmx:configRequest", function (event) {
    // The token of a form on the page serves buttons outside of it.
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
  });

  // ---- errors take the focus: on a page by autofocus, in a swapped part here ----
  document.addEventListener("htmx:afterSettle", function (event) {
    const errors = event.target.querySelector && event.target.querySelector(".al-errors");
    if (errors) errors.focus();
  });

  // ---- unsaved text ----
  // A form with data-guard keeps its typed text in this tab's session storage until it was saved. The key is the
  // path and the form's guard name. Passwords, files and hidden fields are never kept.
  const prefix = "al-guard:";
  function store(work) {
    try { return work(window.sessionStorage); } catch (error) { return null; } // storage may be forbidden or full
  }
  function fields(form) {
    return Array.from(form.elements).filter(function (field) {
      return field.name && !field.disabled && ["hidden", "password", "file", "submit", "button"].indexOf(field.type) < 0;
    });
  }
  function read(form) {
    return fields(form).map(function (field) {
      const box = field.type === "checkbox" || field.type === "radio";
      const many = field.type === "select-multiple";
      const value = many ? Array.from(field.selectedOptions, function (o) { return o.value; }) : field.value;
      return { name: field.name, value: value, on: box ? field.checked : null };
    });
  }
  function write(form, kept) {
    fields(form).forEach(function (field) {
      const box = field.type === "checkbox" || field.type === "radio";
      const found = kept.find(function (one) { return one.name === field.name && (!box || one.value === field.value); });
      if (!found) return;
      if (box) field.checked = found.on;
      else if (Array.isArray(found.value)) Array.from(field.options).forEach(function (o) { o.selected = found.value.indexOf(o.value) >= 0; });
      else field.value = found.value;
    });
  }
  function keyOf(form) { return prefix + window.location.pathname + "#" + form.getAttribute("data-guard"); }

  function offer(form, key, kept) {
    const template = document.getElementById("al-restore");
    if (!template) return;
    const note = template.content.firstElementChild.cloneNode(true);
    note.querySelector("[data-restore]").addEventListener("click", function () {
      write(form, kept.fields);
      note.remove();
      const first = fields(form)[0];
      if (first) first.focus();
    });
    note.querySelector("[data-discard]").addEventListener("click", function () {
      store(function (box) { box.removeItem(key); });
      note.remove();
    });
    form.parentNode.insertBefore(note, form);
  }

  const guarded = Array.from(document.querySelectorAll("form[data-guard]"));
  const here = guarded.map(keyOf);
  // A form that was sent and is not on this page again was saved, unless this is the log-in in between or a page that
  // says that something failed: then it counts as not sent, wherever the person goes from there.
  const login = document.querySelector("input[type=password], form[data-login]");
  const failed = document.querySelector("[data-not-saved]");
  store(function (box) {
    Object.keys(box).filter(function (key) { return key.indexOf(prefix) === 0 && here.indexOf(key) < 0; }).forEach(function (key) {
      const kept = JSON.parse(box.getItem(key));
      if (kept.sent && failed) box.setItem(key, JSON.stringify({ sent: false, fields: kept.fields }));
      else if (kept.sent && !login) box.removeItem(key);
    });
  });
  guarded.forEach(function (form) {
    const key = keyOf(form);
    let sent = false;
    function keep() {
      store(function (box) { box.setItem(key, JSON.stringify({ sent: sent, fields: read(form) })); });
    }
    const kept = store(function (box) { return JSON.parse(box.getItem(key)); });
    if (kept) {
      if (JSON.stringify(kept.fields) === JSON.stringify(read(form))) store(function (box) { box.removeItem(key); });
      else offer(form, key, kept);
    }
    let timer = 0;
    form.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, 400);
    });
    form.addEventListener("submit", function () {
      window.clearTimeout(timer);
      sent = true;
      keep();
    });
  });
})();
