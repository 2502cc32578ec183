/* The map beside its list. The list is complete without it; this adds the picture and ties the two together. */

const REDUCED = window.matchMedia("(prefers-reduced-motion: reduce)");
const DARK = window.matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.kernTheme;
  return chosen ? chosen === "dark" : DARK.matches;
}

function announce(text) {
  const live = document.getElementById("al-live");
  if (live) live.textContent = text;
}

let protocolReady = false;
async function load(pane) {
  const maplibre = await import(pane.dataset.maplibre);
  maplibre.setWorkerUrl(pane.dataset.worker);
  if (!protocolReady && window.pmtiles) {
    maplibre.addProtocol("pmtiles", new window.pmtiles.Protocol().tile);
    protocolReady = true;
  }
  // Text is drawn with the page's own font: it must be there before the first label is.
  await Promise.allSettled([document.fonts.load('400 16px "Fira Sans"'), document.fonts.load('600 16px "Fira Sans"')]);
  return maplibre;
}

async function fetchStyle(pane) {
  const answer = await fetch(isDark() ? pane.dataset.styleDark : pane.dataset.styleLight);
  if (!answer.ok) throw new Error(`style ${answer.status}`);
  const style = await answer.json();
  const base = style.sources.base;
  if (base && base.url) base.url = base.url.replace("pmtiles:///", `pmtiles://${location.origin}/`);
  if (base && typeof base.data === "string") base.data = new URL(base.data, location.href).href;
  return style;
}

function overlay(map, colours, data) {
  const chosen = ["boolean", ["feature-state", "chosen"], false];
  map.addSource("features", { type: "geojson", data });
  map.addLayer({
    id: "feature-areas", type: "fill", source: "features", filter: ["==", ["get", "geometry"], "area"],
    paint: { "fill-color": colours.action, "fill-opacity": ["case", chosen, 0.28, 0.06] },
  });
  map.addLayer({
    id: "feature-lines", type: "line", source: "features", filter: ["!=", ["get", "geometry"], "point"],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colours.action, "line-width": 2 },
  });
  // On top of its neighbours, whose borders it shares.
  map.addLayer({
    id: "feature-chosen", type: "line", source: "features", filter: ["!=", ["get", "geometry"], "point"],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colours.accent, "line-width": 5, "line-opacity": ["case", chosen, 1, 0] },
  });
  map.addLayer({
    id: "feature-points", type: "circle", source: "features", filter: ["==", ["get", "geometry"], "point"],
    paint: {
      "circle-radius": ["case", chosen, 11, 7], "circle-color": ["case", chosen, colours.accent, colours.action],
      "circle-stroke-color": colours.page, "circle-stroke-width": 2.5,
    },
  });
}

function boxOf(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  (function walk(part) {
    if (typeof part[0] === "number") {
      box[0] = Math.min(box[0], part[0]); box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]); box[3] = Math.max(box[3], part[1]);
    } else part.forEach(walk);
  })(geometry.coordinates);
  return box;
}

class TownMap {
  constructor(pane) {
    this.pane = pane;
    this.list = pane.dataset.list ? document.getElementById(pane.dataset.list) : null;
    this.chosen = null;
  }

  async start() {
    const { pane } = this;
    const [maplibre, style, data] = await Promise.all([load(pane), fetchStyle(pane), this.data()]);
    pane.hidden = false;
    document.querySelectorAll("[data-map-jump]").forEach((link) => { link.hidden = false; });
    // MapLibre makes its canvas a region of this name.
    const texts = { ...JSON.parse(pane.dataset.texts || "{}"), "Map.Title": pane.dataset.title };
    const options = {
      container: pane, style, attributionControl: false, cooperativeGestures: pane.dataset.gestures === "cooperative",
      maxZoom: 19, minZoom: 5, dragRotate: false, pitchWithRotate: false, locale: texts, fadeDuration: REDUCED.matches ? 0 : 200,
    };
    this.reduced = REDUCED.matches;
    const shown = pane.dataset.shape && boxOf(JSON.parse(pane.dataset.shape));
    const place = shown || (pane.dataset.bounds || "").split(",").map(Number);
    if (place.length === 4) { options.bounds = place; options.fitBoundsOptions = { padding: 24, maxZoom: 16 }; }
    else if (pane.dataset.centre) { options.center = pane.dataset.centre.split(",").map(Number); options.zoom = Number(pane.dataset.zoom || 13); }
    const map = this.map = new maplibre.Map(options);
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibre.AttributionControl({ compact: false }), "bottom-right");
    // On a narrow pane the credit needs the room.
    if (pane.clientWidth > 480) map.addControl(new maplibre.ScaleControl({ unit: "metric" }), "bottom-left");
    this.colours = style.metadata["allmende:colours"];
    this.features = data;
    map.on("load", () => this.ready());
    map.on("error", (event) => { if (event.error && /style/.test(event.error.message)) this.fail(); });
    map.on("styledata", () => { if (!map.getSource("features") && this.wasReady) overlay(map, this.colours, this.features); });
    const recolour = async () => {
      const next = await fetchStyle(pane);
      this.colours = next.metadata["allmende:colours"];
      map.setStyle(next, { diff: false });
      map.once("styledata", () => this.chosen !== null && this.mark(this.chosen, true));
    };
    DARK.addEventListener("change", recolour);
    new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-kern-theme"] });
  }

  async data() {
    if (this.pane.dataset.shape) {
      const geometry = JSON.parse(this.pane.dataset.shape);
      const kind = { Point: "point", MultiPoint: "point", Polygon: "area", MultiPolygon: "area" }[geometry.type] || "line";
      const properties = { id: "shape", name: this.pane.dataset.title, geometry: kind };
      return { type: "FeatureCollection", features: [{ type: "Feature", id: 1, properties, geometry }] };
    }
    if (!this.pane.dataset.features) return { type: "FeatureCollection", features: [] };
    const answer = await fetch(this.pane.dataset.features);
    if (!answer.ok) throw new Error(`features ${answer.status}`);
    return answer.json();
  }

  ready() {
    const { map } = this;
    overlay(map, this.colours, this.features);
    this.wasReady = true;
    this.byUrn = new Map(this.features.features.map((feature) => [feature.properties.id, feature]));
    for (const layer of ["feature-points", "feature-lines", "feature-areas"]) {
      map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
    }
    map.on("click", (event) => {
      const around = [[event.point.x - 6, event.point.y - 6], [event.point.x + 6, event.point.y + 6]];
      const [hit] = map.queryRenderedFeatures(around, { layers: ["feature-points", "feature-lines", "feature-areas"] });
      if (hit) this.choose(hit.properties.id, { fromMap: true });
    });
    this.wireList();
    this.wirePicker();
    if (this.pane.dataset.shape) this.mark(this.chosen = "shape", true);
    this.pane.dataset.ready = "true";
  }

  wireList() {
    if (!this.list) return;
    for (const button of this.list.querySelectorAll("button[data-show]")) {
      if (!this.byUrn.has(button.dataset.show)) continue;
      button.hidden = false;
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => this.choose(button.dataset.show, { fromMap: false }));
    }
  }

  /* A form's two coordinate fields: a click on the map fills them; typing moves the mark. */
  wirePicker() {
    const lon = document.getElementById(this.pane.dataset.lonField || "");
    const lat = document.getElementById(this.pane.dataset.latField || "");
    if (!lon || !lat) return;
    const show = () => {
      const at = [Number(lon.value.replace(",", ".")), Number(lat.value.replace(",", "."))];
      if (!lon.value || !lat.value || at.some(Number.isNaN)) return;
      const data = { type: "FeatureCollection", features: [{ type: "Feature", id: 1, properties: { id: "picked", geometry: "point" }, geometry: { type: "Point", coordinates: at } }] };
      this.features = data;
      this.map.getSource("features").setData(data);
      this.map.setFeatureState({ source: "features", id: 1 }, { chosen: true });
    };
    this.map.on("click", (event) => {
      lon.value = event.lngLat.lng.toFixed(6);
      lat.value = event.lngLat.lat.toFixed(6);
      show();
    });
    for (const field of [lon, lat]) field.addEventListener("change", show);
    show();
  }

  mark(urn, state) {
    const feature = this.byUrn && this.byUrn.get(urn);
    if (feature) this.map.setFeatureState({ source: "features", id: feature.id }, { chosen: state });
    if (!this.list) return null;
    const button = [...this.list.querySelectorAll("button[data-show]")].find((b) => b.dataset.show === urn);
    if (button) {
      button.setAttribute("aria-pressed", String(state));
      button.closest("[data-entry]")?.classList.toggle("al-townmap__entry--chosen", state);
    }
    return button;
  }

  choose(urn, { fromMap }) {
    if (this.chosen !== null) this.mark(this.chosen, false);
    const again = this.chosen === urn && !fromMap;
    this.chosen = again ? null : urn;
    if (again) return;
    const button = this.mark(urn, true);
    const feature = this.byUrn.get(urn);
    announce(feature.properties.name);
    if (fromMap) {
      button?.closest("[data-entry]")?.scrollIntoView({ block: "nearest", behavior: this.reduced ? "auto" : "smooth" });
      return;
    }
    // On a phone the map stands below the list.
    this.pane.scrollIntoView({ block: "nearest", behavior: this.reduced ? "auto" : "smooth" });
    const box = boxOf(feature.geometry);
    this.map.fitBounds(box, { padding: 60, maxZoom: Math.max(16, this.map.getZoom()), animate: !this.reduced });
  }

  fail() {
    this.pane.hidden = true;
    const note = document.getElementById(this.pane.dataset.note || "");
    if (note) note.hidden = false;
  }
}

for (const pane of document.querySelectorAll("[data-town-map]")) {
  const map = new TownMap(pane);
  pane.townMap = map;
  // Without WebGL, or where the map cannot be loaded, the list stays what it is: everything.
  map.start().catch(() => map.fail());
}
