// Names: scopes are objects whose prototype is the scope around them, so that a name is looked up by the engine itself.
// The parser must know which names there are ("Full Name" is one name, `a-b` may be), so an expression is built once for
// every set of names that it meets.
(function (feel) {
  "use strict";
  const {kind} = feel;
  const MOST_BUILT = 20000;

  const normal = new Map();
  const normalize = (name) => {
    let found = normal.get(name);
    if (found === undefined) {
      found = feelin.normalizeContextKey(name);
      if (normal.size < MOST_BUILT) normal.set(name, found);
    }
    return found;
  };

  // Shapes: the names inside a value, as the parser wants them. Equal shapes are one object with a number.
  const shapes = new Map();
  let count = 0;
  const known = new WeakMap();
  const shaped = (names) => {
    const keys = Object.keys(names).sort();
    const text = keys.map((key) => JSON.stringify(key) + names[key].id).join();
    let shape = shapes.get(text);
    if (!shape) {
      if (shapes.size > MOST_BUILT) feel.forget();
      const value = Object.create(null);
      for (const key of keys) value[key] = names[key].value;
      shape = {id: (count += 1), names, value: keys.length ? {...value} : null};
      shapes.set(text, shape);
    }
    return shape;
  };
  const merge = (a, b) => {
    if (a === b || !b || b === NOTHING) return a;
    if (a === NOTHING) return b;
    const names = {__proto__: null, ...a.names};
    for (const key in b.names) names[key] = names[key] ? merge(names[key], b.names[key]) : b.names[key];
    return shaped(names);
  };
  const shapeOf = (x, depth = 0) => {
    if (x === null || typeof x !== "object" || depth > 20) return NOTHING;
    if (x instanceof feel.FeelFunction) return x.result ?? NOTHING;
    if (!Array.isArray(x) && !feel.isContext(x)) return NOTHING;
    let shape = known.get(x);
    if (!shape) {
      if (Array.isArray(x)) shape = x.slice(0, 200).reduce((sum, item) => merge(sum, shapeOf(item, depth + 1)), NOTHING);
      else {
        const names = Object.create(null);
        for (const key of Object.keys(x)) names[key] = shapeOf(x[key], depth + 1);
        shape = shaped(names);
      }
      known.set(x, shape);
    }
    return shape;
  };
  let NOTHING = null;
  NOTHING = shaped(Object.create(null));

  // What a name is declared to hold, beside what it holds now (which may be null).
  const HINTS = Symbol("hints");
  const scope = (around = null) => Object.create(around);
  const put = (target, name, value, hint = null) => {
    const key = normalize(name);
    target[key] = value;
    if (hint) {
      if (!Object.hasOwn(target, HINTS)) target[HINTS] = Object.create(target[HINTS] ?? null);
      target[HINTS][key] = hint;
    }
  };
  const surveys = new WeakMap();
  /** The shape of all names that can be seen from here; a scope is complete when this is first asked. */
  const survey = (target) => {
    let found = surveys.get(target);
    if (!found) {
      const names = Object.create(null), hints = target[HINTS];
      for (const key in target) names[key] = hints && key in hints ? merge(hints[key], shapeOf(target[key])) : shapeOf(target[key]);
      found = shaped(names);
      surveys.set(target, found);
    }
    return found;
  };

  /** A scope got another name after it was surveyed. */
  feel.changed = (target) => surveys.delete(target);

  const built = new Map(), NO_NAMES = {};
  feel.forget = () => { shapes.clear(); built.clear(); if (NOTHING) shapes.set("", NOTHING); };
  /** fn(scope) of a text; raises feelin's SyntaxError with a position. */
  feel.build = (text, target, unary = false) => feel.fetch(text, survey(target), unary);
  /** The same for a shape that `feel.survey` gave. */
  feel.fetch = (text, shape, unary = false) => {
    const key = (unary ? "?" : "=") + shape.id + " " + text;
    let made = built.get(key);
    if (!made) {
      if (built.size > MOST_BUILT) built.clear();
      made = feelin.build(unary, text, shape.value ?? NO_NAMES, null);
      built.set(key, made);
    }
    return made;
  };
  Object.assign(feel, {scope, put, survey, normalize, shapeOf, mergeShapes: merge, shaped, NO_SHAPE: NOTHING});

  /** A component of a context, or a property of a date, time, duration or range; undefined when there is none. */
  feel.member = (x, name) => {
    switch (kind(x)) {
      case "context": {
        if (name in x) return x[name];
        const wanted = normalize(name);
        for (const key in x) if (normalize(key) === wanted) return x[key];
        return undefined;
      }
      case "date": return dateMember(x, name);
      case "time": return timeMember(x, name, 0);
      case "date and time": return dateMember(x.date, name) ?? timeMember(x.time, name, x.date.days);
      case "years and months duration": return monthsMember(x, name);
      case "days and time duration": return ["days", "hours", "minutes", "seconds"].includes(name) ? x[name] : undefined;
      case "range":
        switch (name) {
          case "start": return x.start;
          case "end": return x.end;
          case "start included": return x.startIncluded;
          case "end included": return x.endIncluded;
        }
    }
    return undefined;
  };
  const dateMember = (x, name) => {
    if (name === "weekday") return feel.temporal.weekday(x);
    return ["year", "month", "day"].includes(name) ? x[name] : undefined;
  };
  const timeMember = (x, name, days) => {
    switch (name) {
      case "hour": return x.hour;
      case "minute": return x.minute;
      case "second": return x.second;
      case "timezone": return x.zone;
      case "time offset": return x.local ? null : new feel.calendar.Span(BigInt(x.offsetOn(days)) * feel.calendar.GIGA);
    }
    return undefined;
  };
  const monthsMember = (x, name) => {
    if (name === "years") return Math.trunc(x.months / 12) + 0;
    return name === "months" ? (x.months % 12) + 0 : undefined;
  };
})(globalThis.feel);
