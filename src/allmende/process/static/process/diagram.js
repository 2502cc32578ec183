/* A drawing to look at. What it shows stands on the page as a list too; nothing depends on this file. */
(function () {
  "use strict";
  const STEP = 80; // pixels that one press of an arrow moves the drawing
  const FACTOR = 1.25;
  const READABLE = 0.75; // below this zoom nobody reads the names

  // Where the model brings its own colours, the ground stays as bright as they were chosen for.
  function coloured(viewer) {
    return viewer.get("elementRegistry").filter(function (element) {
      const di = element.di;
      return di && (di.get("bioc:fill") || di.get("bioc:stroke") || di.get("color:background-color") || di.get("color:border-color"));
    }).length > 0;
  }

  function label(mark) {
    const made = document.createElement(mark.url ? "a" : "span");
    made.className = "al-drawing__mark al-drawing__mark--" + mark.state;
    if (mark.url) made.href = mark.url;
    made.textContent = mark.text;
    return made;
  }

  function show(viewer, told) {
    const registry = viewer.get("elementRegistry");
    const canvas = viewer.get("canvas");
    const links = new Map();
    told.marks.forEach(function (mark) {
      const element = registry.get(mark.element);
      if (!element || element.waypoints) return;
      canvas.addMarker(element, "al-is-" + mark.state);
      if (mark.state === "passed") {
        const tick = document.createElement("span");
        tick.className = "al-drawing__tick";
        tick.title = told.passed;
        tick.textContent = "✓";
        viewer.get("overlays").add(element, { position: { top: -9, right: 9 }, html: tick, scale: { min: 0.6, max: 1.2 } });
        return;
      }
      const many = links.has(element);
      links.set(element, many ? links.get(element) : mark.url);
      if (!many) viewer.get("overlays").add(element, { position: { bottom: -4, left: 0 }, html: label(mark), scale: { min: 0.7, max: 1 } });
    });
    viewer.get("eventBus").on("element.click", function (event) {
      const url = links.get(event.element);
      if (url) window.location.assign(url);
    });
    return links.keys().next().value || registry.find(function (element) { return element.type === "bpmn:StartEvent"; });
  }

  function moves(viewer, box, frame) {
    const canvas = viewer.get("canvas");
    function zoom(how) {
      if (how === "fit") canvas.zoom("fit-viewport", "auto");
      else canvas.zoom(Math.min(3, Math.max(0.1, canvas.zoom() * (how === "in" ? FACTOR : 1 / FACTOR))), "auto");
    }
    function move(to) {
      canvas.scroll({ dx: to === "left" ? STEP : to === "right" ? -STEP : 0, dy: to === "up" ? STEP : to === "down" ? -STEP : 0 });
    }
    frame.addEventListener("click", function (event) {
      const button = event.target.closest("button");
      if (button && button.dataset.zoom) zoom(button.dataset.zoom);
      if (button && button.dataset.move) move(button.dataset.move);
    });
    box.addEventListener("keydown", function (event) {
      const keys = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", "+": "in", "-": "out", 0: "fit" };
      const meant = keys[event.key];
      if (!meant || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      if (event.key.startsWith("Arrow")) move(meant);
      else zoom(meant);
    });
    // The wheel alone scrolls the page; with Ctrl, which also a pinch on a touchpad sends, it enlarges.
    box.addEventListener("wheel", function (event) {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? "in" : "out");
    }, { passive: false });
    let from = null;
    box.addEventListener("pointerdown", function (event) {
      if (event.button === 0 && !event.target.closest("a, button")) from = { x: event.clientX, y: event.clientY };
    });
    window.addEventListener("pointermove", function (event) {
      if (!from) return;
      canvas.scroll({ dx: event.clientX - from.x, dy: event.clientY - from.y });
      from = { x: event.clientX, y: event.clientY };
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      window.addEventListener(name, function () { from = null; });
    });
    new ResizeObserver(function () { canvas.resized(); }).observe(box);
  }

  function begin(viewer, box, first) {
    const canvas = viewer.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    const scale = Math.max(canvas.zoom(), READABLE);
    // A flat drawing needs no tall box.
    box.style.height = Math.min(box.offsetHeight, Math.max(220, canvas.viewbox().inner.height * scale + 80)) + "px";
    canvas.resized();
    canvas.zoom("fit-viewport", "auto");
    if (canvas.zoom() >= READABLE) return;
    canvas.zoom(READABLE);
    const shown = canvas.viewbox();
    const all = shown.inner;
    // What comes first is in the middle, but no empty ground is shown for it.
    const x = first ? first.x + first.width / 2 - shown.width / 2 : all.x;
    const y = first ? first.y + first.height / 2 - shown.height / 2 : all.y;
    const most = { x: all.x + all.width - shown.width + 20, y: all.y + all.height - shown.height + 20 };
    canvas.viewbox({
      x: all.width < shown.width ? all.x - (shown.width - all.width) / 2 : Math.max(all.x - 20, Math.min(x, most.x)),
      y: all.height < shown.height ? all.y - (shown.height - all.height) / 2 : Math.max(all.y - 20, Math.min(y, most.y)),
      width: shown.width, height: shown.height,
    });
  }

  async function start(frame) {
    const told = JSON.parse(document.getElementById(frame.dataset.drawing).textContent);
    const box = frame.querySelector("[data-canvas]");
    frame.hidden = false;
    const viewer = new window.BpmnJS({
      container: box,
      bpmnRenderer: { defaultFillColor: "var(--al-draw-fill)", defaultStrokeColor: "var(--al-draw-line)", defaultLabelColor: "var(--al-draw-text)" },
      textRenderer: { defaultStyle: { fontFamily: '"Fira Sans", sans-serif' }, externalStyle: { fontSize: 12 } },
    });
    try {
      const answer = await fetch(told.xml, { credentials: "same-origin" });
      if (!answer.ok) throw new Error("drawing " + answer.status);
      const xml = await answer.text();
      await document.fonts.load('12px "Fira Sans"');
      await viewer.importXML(xml);
    } catch (error) {
      frame.hidden = true;
      frame.parentNode.querySelector("[data-drawing-missing]").hidden = false;
      return;
    }
    const picture = box.querySelector("svg");
    picture.setAttribute("tabindex", "-1");
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", box.getAttribute("aria-label"));
    frame.classList.toggle("al-drawing--coloured", coloured(viewer));
    const first = show(viewer, told);
    moves(viewer, box, frame);
    begin(viewer, box, first);
    frame.dataset.ready = "";
  }

  document.querySelectorAll("[data-drawing]").forEach(start);
})();
