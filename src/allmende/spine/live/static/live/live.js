// Keeps parts of an open page up to date. Nothing depends on it: a page without this script is merely as old as its loading.
//
//   <meta name="allmende-live" content="/live-ticket/">                      where tickets are given
//   <div id="list" data-live="programme.*" data-live-url="/massnahmen/" data-live-say="The list was updated.">
//
// One tab of the browser holds the stream (Web Locks) and tells the others (BroadcastChannel). Where streams do not get
// through, it asks every ten seconds.

const RETRY = [1000, 2000, 5000, 10000, 30000];
const POLL = 10000;
const GATHER = 300; // facts that come together make one request
const SPREAD = 1200; // thousands of open pages do not ask in the same instant

const meta = document.querySelector("meta[name=allmende-live]");
const elements = () => Array.from(document.querySelectorAll("[data-live][id]"));
const words = (text) => (text || "").split(/[\s,]+/).filter(Boolean);
const topicsHere = () => Array.from(new Set(elements().flatMap((element) => words(element.dataset.live)))).sort();
const pause = (time) => new Promise((done) => setTimeout(done, time));

export function matches(topic, fact) {
  if (topic.includes(":")) return topic === fact.subject;
  if (topic.endsWith("*")) return fact.kind.startsWith(topic.slice(0, -1));
  return topic === fact.kind;
}

// ---- this page ----

const waiting = new Map();

function changed(fact) {
  for (const element of elements()) {
    if (fact && !words(element.dataset.live).some((topic) => matches(topic, fact))) continue;
    if (waiting.has(element.id)) continue;
    waiting.set(element.id, setTimeout(() => renew(element.id), GATHER + Math.random() * SPREAD));
  }
}

async function renew(id) {
  const element = document.getElementById(id);
  if (!element) return void waiting.delete(id);
  if (element.contains(document.activeElement)) {
    // Never pull a form or a link away under somebody's hands: wait until they have left it.
    element.addEventListener("focusout", () => waiting.set(id, setTimeout(() => renew(id), GATHER)), { once: true });
    return;
  }
  waiting.delete(id);
  const url = new URL(element.dataset.liveUrl || location.href, location.href);
  if (url.origin !== location.origin) return;
  try {
    const answer = await fetch(url, { headers: { "X-Fragment": id }, credentials: "same-origin" });
    if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("text/html")) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id) || page.body;
    if (fresh.innerHTML.trim() === element.innerHTML.trim()) return;
    element.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
    if (window.htmx) window.htmx.process(element);
    element.dispatchEvent(new CustomEvent("live:renewed", { bubbles: true }));
    if (element.dataset.liveSay && window.allmende) window.allmende.say(element.dataset.liveSay);
  } catch (error) {
    // Offline for a moment: the next fact, or the reset after the break, asks again.
  }
}

// ---- the tabs of this browser ----

const channel = "BroadcastChannel" in window ? new BroadcastChannel("allmende-live") : null;
const others = new Map(); // what the other tabs want: tab -> topics
const me = Math.random().toString(36).slice(2);
let leading = false;
let after = (meta && meta.dataset.after) || ""; // the last fact that the page knew when it was made, if it says so
let breakUp = () => {};
let attempt = 0;

function send(message) {
  if (channel) channel.postMessage({ from: me, ...message });
}

function hear(fact) {
  changed(fact);
  send({ fact, after });
}

if (channel) {
  channel.onmessage = ({ data }) => {
    // Whoever takes the stream over goes on where it ended.
    if (data.after) after = data.after;
    if ("fact" in data) changed(data.fact);
    if (data.ask) send({ topics: topicsHere() });
    if (data.gone && others.delete(data.from) && leading) restart();
    if (data.topics && leading) {
      const known = wanted().join();
      others.set(data.from, data.topics);
      if (wanted().join() !== known) restart();
      send({ after });
    }
  };
  addEventListener("pagehide", () => send({ gone: true }));
  addEventListener("pageshow", (event) => event.persisted && send({ topics: topicsHere() }));
}

const wanted = () => Array.from(new Set([...topicsHere(), ...[...others.values()].flat()])).sort().slice(0, 20);

// ---- the stream ----

function restart() {
  attempt = 0;
  breakUp();
}

async function ticket() {
  const url = new URL(meta.content, location.href);
  url.searchParams.set("topics", wanted().join(","));
  const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no ticket");
  const given = await answer.json();
  const stream = new URL(given.url, location.href);
  stream.searchParams.set("ticket", given.ticket);
  if (after) stream.searchParams.set("after", after);
  return stream;
}

// Resolves when the stream has ended; to true where it had opened.
function listen(url) {
  return new Promise((done) => {
    const source = new EventSource(url);
    let opened = false;
    const end = () => { source.close(); done(opened); };
    breakUp = end;
    source.addEventListener("ready", (event) => { opened = true; attempt = 0; after = event.lastEventId; send({ after }); });
    source.addEventListener("reset", () => hear(null)); // what lies in between is too much: everything anew
    source.addEventListener("fact", (event) => { after = event.lastEventId; hear(JSON.parse(event.data)); });
    // The address carries a ticket that is old by now: not the browser but we come back, with a new one.
    source.onerror = end;
  });
}

async function poll(url) {
  url.searchParams.set("poll", "1");
  const answer = await fetch(url, { credentials: "omit" });
  if (!answer.ok) throw new Error("no answer");
  const told = await answer.json();
  after = String(told.after);
  if (told.reset) hear(null);
  told.facts.forEach(hear);
}

async function lead() {
  leading = true;
  send({ ask: true });
  for (;;) {
    if (wanted().length) {
      try {
        const opened = "EventSource" in window && attempt < 3 && (await listen(await ticket()));
        if (!opened && attempt >= 2) await poll(await ticket());
      } catch (error) {
        // No ticket or no answer: try again, ever more slowly.
      }
    }
    attempt += 1;
    // After a minute of polling the stream gets another chance.
    if (attempt > 9) attempt = 0;
    await Promise.race([
      pause(attempt >= 3 ? POLL : RETRY[Math.min(attempt, RETRY.length - 1)] * (0.5 + Math.random())),
      new Promise((done) => { breakUp = done; }),
    ]);
  }
}

if (meta && topicsHere().length) {
  send({ topics: topicsHere() });
  if (channel && navigator.locks) navigator.locks.request("allmende-live", lead);
  else lead();
}
