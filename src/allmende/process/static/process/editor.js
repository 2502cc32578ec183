/* The editor of drawings: bpmn-js with a form of ours, check and save. What is not saved is kept in this browser. */
(function () {
  "use strict";
  const shared = window.allmendeDrawing;
  const frame = document.querySelector("[data-editor]");
  const settings = JSON.parse(document.getElementById("editor-settings").textContent);
  const t = settings.texts;
  const part = function (name) { return frame.querySelector("[data-part=" + name + "]"); };
  const key = "al-drawing:" + frame.dataset.key;
  let base = frame.dataset.base;
  let initial = "";
  let dirty = false;
  let modeler, sheet, panel, saved;

  shared.kind = function (element, told) {
    const type = element.businessObject.$type.replace("bpmn:", "");
    return told.kinds[type[0].toLowerCase() + type.slice(1)] || type;
  };

  function store(work) {
    try { return work(window.localStorage); } catch (error) { return null; } // storage may be forbidden or full
  }
  function say(text, url) {
    const place = part("status");
    place.replaceChildren(text);
    if (url) place.append(" ", shared.form.node("a", { href: url }, [t.to_version]));
  }
  async function written() { return (await modeler.saveXML({ format: true })).xml; }

  // Words of bpmn-js itself; English ones are its own.
  const words = { translate: ["value", function (template, given) {
    const text = (shared.german && document.documentElement.lang === "de" && shared.german[template]) || template;
    return text.replace(/{([^}]+)}/g, function (all, name) { return given && given[name] !== undefined ? given[name] : all; });
  }] };

  // Four icons carry style attributes, which the policy of the site does not let pass.
  function PlainIcons(contextPad, popupMenu) {
    function plain(html) {
      return html.replace(/ style="([^"]*)"/g, function (all, rules) {
        return rules.split(";").filter(Boolean).map(function (rule) { return " " + rule.replace(":", '="').trim() + '"'; }).join("");
      });
    }
    function cleaned(property) {
      return function () {
        return function (entries) {
          Object.keys(entries).forEach(function (name) { if (entries[name][property]) entries[name][property] = plain(entries[name][property]); });
          return entries;
        };
      };
    }
    contextPad.registerProvider(1, { getMultiElementContextPadEntries: cleaned("html"), getContextPadEntries: cleaned("html") });
    popupMenu.registerProvider("align-elements", 1, { getPopupMenuEntries: cleaned("imageHtml") });
  }
  PlainIcons.$inject = ["contextPad", "popupMenu"];
  const icons = { __init__: ["plainIcons"], plainIcons: ["type", PlainIcons] };

  // ---- the list of elements: by keyboard one comes to each of them ----
  function titled(element) {
    const name = (element.businessObject.get("name") || "").replace(/\s+/g, " ").trim();
    const flow = element.waypoints && element.source && element.target;
    const ends = flow ? ": " + [element.source, element.target].map(function (end) { return end.businessObject.get("name") || end.id; }).join(" → ") : "";
    return (name || element.id) + " – " + shared.kind(element, settings) + (flow ? ends : "");
  }
  function listed() {
    const chosen = part("elements");
    const all = modeler.get("elementRegistry").filter(function (element) {
      const bo = element.businessObject;
      return !element.labelTarget && (bo.$instanceOf("bpmn:FlowElement") || bo.$instanceOf("bpmn:Participant") || bo.$instanceOf("bpmn:Lane"));
    });
    const order = function (element) { return element.waypoints ? 2 : element.businessObject.$instanceOf("bpmn:FlowNode") ? 1 : 0; };
    all.sort(function (one, other) { return order(one) - order(other) || (one.x || 0) - (other.x || 0); });
    const now = panel.element && panel.element.id;
    chosen.replaceChildren(shared.form.node("option", { value: "" }, [t.none]), ...all.map(function (element) {
      return shared.form.node("option", { value: element.id, selected: element.id === now }, [titled(element)]);
    }));
  }
  function choose(id) {
    const element = modeler.get("elementRegistry").get(id);
    modeler.get("selection").select(element || null);
    if (element) modeler.get("canvas").scrollToElement(element, 80);
  }

  // ---- check ----
  async function ask(url, more) {
    const answer = await fetch(url, {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": frame.querySelector("input[name=csrfmiddlewaretoken]").value },
      body: JSON.stringify(Object.assign({ xml: await written(), base: base, note: part("note").value }, more)),
    });
    const told = answer.headers.get("Content-Type").startsWith("application/json") ? await answer.json() : {};
    return { status: answer.status, told: told };
  }
  function findings(found) {
    const overlays = modeler.get("overlays");
    const registry = modeler.get("elementRegistry");
    overlays.remove({ type: "finding" });
    const list = part("findings");
    list.replaceChildren(...found.map(function (one) {
      const level = t["level_" + one.level];
      const element = registry.get(one.element);
      const said = shared.form.node("span", {}, [shared.form.node("strong", {}, [level + ": "]), one.sentence]);
      if (!element) return shared.form.node("li", {}, [said]);
      if (!element.waypoints && one.level !== "note") {
        const mark = shared.form.node("span", { class: "al-drawing__mark al-drawing__mark--" + (one.level === "problem" ? "failed" : "open") }, [level]);
        overlays.add(element, "finding", { position: { bottom: -4, left: 0 }, html: mark, scale: { min: 0.7, max: 1 } });
      }
      const go = shared.form.button("", t.show, function () { choose(element.id); }, one.sentence);
      return shared.form.node("li", {}, [said, " ", go]);
    }));
  }
  async function check() {
    say(t.checking);
    const answer = await ask(frame.dataset.check).catch(function () { return { status: 0, told: {} }; });
    if (answer.status === 200) {
      findings(answer.told.findings);
      const some = function (level) { return answer.told.findings.some(function (one) { return one.level === level; }); };
      say(some("problem") ? t.found_problems : some("change") ? t.found : t.found_nothing);
    } else say((answer.told.errors || [t.no_answer]).join(" "));
  }

  // ---- save ----
  async function save() {
    if (await written() === initial && !saved) { say(t.unchanged); return; }
    say(t.saving);
    const answer = await ask(frame.dataset.save).catch(function () { return { status: 0, told: {} }; });
    if (answer.status === 200) {
      initial = await written();
      base = answer.told.base;
      dirty = false;
      saved = null;
      store(function (box) { box.removeItem(key); });
      if (answer.told.changed) window.location.assign(answer.told.url);
      else say(t.unchanged, answer.told.url);
    } else if (answer.status === 409) {
      part("conflict").hidden = false;
      part("theirs").href = answer.told.url;
      const file = part("mine");
      file.href = URL.createObjectURL(new Blob([await written()], { type: "application/bpmn+xml" }));
      say(t.conflict);
      part("conflict").focus();
    } else say((answer.told.errors || [t.no_answer]).join(" "));
  }

  // ---- what is not saved ----
  let timer = 0;
  function changed() {
    window.clearTimeout(timer);
    dirty = true;
    timer = window.setTimeout(async function () {
      const xml = await written();
      dirty = xml !== initial;
      store(function (box) {
        if (dirty) box.setItem(key, JSON.stringify({ base: base, xml: xml }));
        else box.removeItem(key);
      });
      frame.toggleAttribute("data-unsaved", dirty);
    }, 500);
  }
  function offer() {
    const kept = store(function (box) { return JSON.parse(box.getItem(key)); });
    if (!kept || kept.xml === initial) return;
    part("kept").hidden = false;
    part("restore").addEventListener("click", async function () {
      part("kept").hidden = true;
      await modeler.importXML(kept.xml);
      base = kept.base;
      saved = kept;
      dirty = true;
      ready();
      part("elements").focus();
    });
    part("discard").addEventListener("click", function () {
      part("kept").hidden = true;
      store(function (box) { box.removeItem(key); });
      part("elements").focus();
    });
  }

  // All of it beside the palette, not under it; at least `least` large, then from where it begins.
  function whole(least) {
    const canvas = modeler.get("canvas"), box = canvas.viewbox();
    const beside = box.outer.width > 500 ? 120 : 20;
    const fitting = Math.min(1, (box.outer.width - beside - 20) / box.inner.width, (box.outer.height - 40) / box.inner.height);
    const scale = Math.max(fitting, least || 0);
    const width = box.outer.width / scale, height = box.outer.height / scale;
    const first = scale > fitting && modeler.get("elementRegistry").find(function (element) { return element.type === "bpmn:StartEvent"; });
    const middle = first ? first.y : box.inner.y + box.inner.height / 2;
    canvas.viewbox({ x: box.inner.x - beside / scale, y: middle - height / 2, width: width, height: height });
  }

  function ready() {
    sheet = new shared.Sheet(modeler);
    panel = new shared.Panel(part("panel"), sheet, settings);
    panel.show(null);
    listed();
    whole(0.6);
  }

  function bind() {
    const canvas = modeler.get("canvas"), stack = modeler.get("commandStack");
    const presses = {
      undo: function () { stack.undo(); }, redo: function () { stack.redo(); },
      smaller: function () { canvas.zoom(canvas.zoom() / 1.25, "auto"); }, larger: function () { canvas.zoom(canvas.zoom() * 1.25, "auto"); },
      whole: function () { whole(); }, check: check, save: save,
    };
    Object.keys(presses).forEach(function (name) { part(name).addEventListener("click", presses[name]); });
    part("elements").addEventListener("change", function (event) { choose(event.target.value); });
    modeler.on("selection.changed", function (event) {
      const one = event.newSelection.length === 1 ? event.newSelection[0] : null;
      panel.show(one && one.labelTarget ? one.labelTarget : one);
      part("elements").value = panel.element ? panel.element.id : "";
    });
    modeler.on("commandStack.changed", function () {
      listed();
      changed();
    });
    // What the form itself changes, it shows already; building it anew would take the focus away.
    let typing = false;
    part("panel").addEventListener("change", function () { typing = true; }, true);
    part("panel").addEventListener("change", function () { typing = false; });
    modeler.on("elements.changed", function (event) {
      if (panel.element && event.elements.includes(panel.element) && !typing) panel.again();
    });
    window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });
    new ResizeObserver(function () { canvas.resized(); }).observe(part("canvas"));
  }

  async function start() {
    modeler = new window.BpmnJS({
      container: part("canvas"),
      additionalModules: [words, icons],
      bpmnRenderer: { defaultFillColor: "var(--al-draw-fill)", defaultStrokeColor: "var(--al-draw-line)", defaultLabelColor: "var(--al-draw-text)" },
      textRenderer: { defaultStyle: { fontFamily: '"Fira Sans", sans-serif' }, externalStyle: { fontSize: 12 } },
      zoomScroll: { enabled: false },
    });
    frame.hidden = false;
    try {
      const answer = await fetch(frame.dataset.xml, { credentials: "same-origin" });
      if (!answer.ok) throw new Error("drawing " + answer.status);
      await document.fonts.load('12px "Fira Sans"');
      await modeler.importXML(await answer.text());
    } catch (error) {
      frame.hidden = true;
      document.querySelector("[data-editor-missing]").hidden = false;
      return;
    }
    const picture = part("canvas").querySelector("svg");
    picture.setAttribute("role", "application");
    picture.setAttribute("aria-label", t.canvas);
    initial = await written();
    ready();
    bind();
    offer();
    frame.dataset.ready = "";
  }
  start();
})();
