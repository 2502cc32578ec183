// Types: what a value must be, and what may be made of it at a border (DMN 1.5, 10.3.2.9). A type is one of
//   {name}            a type of FEEL, or of the model that is decided just now (feel.model, a map of names)
//   {list: type} {context: {name: type}} {range: type} {function: true}
// and may have `allowed` and `constraint`: unary tests as text; a constraint holds for a whole list, `allowed` for items.
(function (feel) {
  "use strict";
  const {kind} = feel;
  const SIMPLE = new Set(["number", "string", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration", "context", "list", "range", "function"]);
  const OTHER_NAMES = {
    Any: "any", any: "any", Null: "null", dateTime: "date and time", "date time": "date and time", duration: "duration",
    dayTimeDuration: "days and time duration", yearMonthDuration: "years and months duration",
  };
  feel.model = Object.create(null);

  const resolve = (type) => {
    for (let steps = 0; type && type.name !== undefined && steps < 50; steps++) {
      const found = feel.model[type.name];
      if (!found) return type;
      type = found;
    }
    return type;
  };
  const simple = (name) => (SIMPLE.has(name) ? name : OTHER_NAMES[name]);

  /** The type without its tests: what its value is made of. */
  const base = (type) => {
    type = resolve(type);
    for (let steps = 0; type.of && steps < 50; steps++) type = resolve(type.of);
    return type;
  };

  /** Whether the value is of the type, without changing it. null is of every type but is no instance of one. */
  const conforms = (x, type) => {
    type = resolve(type);
    if (x === null || x === undefined) return true;
    if (type.list) return Array.isArray(x) && x.every((item) => conforms(item, type.list)) && permitted(x, type);
    if (type.context) {
      if (kind(x) !== "context") return false;
      return Object.keys(type.context).every((name) => name in x ? conforms(x[name], type.context[name]) : true) && permitted(x, type);
    }
    if (type.range) return kind(x) === "range" && conforms(x.start, type.range) && conforms(x.end, type.range);
    if (type.function) return kind(x) === "function";
    const name = simple(type.name), what = kind(x);
    if (name === "duration") return what.endsWith("duration") && permitted(x, type);
    return (name === "any" || name === undefined || name === what) && name !== "null" && permitted(x, type);
  };
  const permitted = (x, type) => {
    if (type.of && !conforms(x, type.of)) return false;
    if (type.allowed && feel.test(type.allowed, x, type) !== true) return false;
    return !type.constraint || feel.test(type.constraint, x, type) === true;
  };
  /** A test of a type may use the names of its value only. */
  feel.test = (text, value, type) => {
    const scope = feel.scope();
    feel.put(scope, "?", value, type ? feel.typeShape(type) : null);
    return feel.build(text, scope, true)(scope);
  };

  const BAD = Symbol("bad");
  /** The value as the type wants it: a list of one item becomes the item, an item a list, a day its midnight. */
  const coerce = (x, type) => {
    if (x === undefined) x = null;
    if (x === null || !type) return x;
    if (conforms(x, type)) return x;
    const {list, name} = base(type);
    let made = BAD;
    if (list && !Array.isArray(x)) made = [x];
    else if (!list && Array.isArray(x) && x.length === 1) made = x[0];
    else if (kind(x) === "date" && simple(name) === "date and time") made = feel.temporal.toDateTime(x, true);
    return made !== BAD && conforms(made, type) ? made : BAD;
  };

  const shapesOf = new WeakMap();
  feel.typeShape = (type, depth = 0) => {
    type = resolve(type);
    if (!type || depth > 10) return feel.NO_SHAPE;
    let found = shapesOf.get(type);
    if (!found) {
      found = feel.NO_SHAPE;
      if (type.list) found = feel.typeShape(type.list, depth + 1);
      else if (type.range) found = feel.typeShape(type.range, depth + 1);
      else if (type.of) found = feel.typeShape(type.of, depth + 1);
      else if (type.result) found = feel.typeShape(type.result, depth + 1);
      else if (type.context) {
        const names = Object.create(null);
        for (const name of Object.keys(type.context)) names[name] = feel.typeShape(type.context[name], depth + 1);
        found = feel.shaped(names);
      }
      if (depth === 0) shapesOf.set(type, found);
    }
    return found;
  };

  /** feelin's description of a type -> ours. */
  feel.typeOf = (described) => {
    switch (described && described.kind) {
      case "name": return {name: described.name};
      case "list": return {list: feel.typeOf(described.element)};
      case "context": {
        const context = Object.create(null);
        for (const {name, type} of described.entries) context[name] = feel.typeOf(type);
        return {context};
      }
      case "function": return {function: true};
      default: return {name: "any"};
    }
  };
  /** `instance of`: null is an instance of Null alone, and a context must have every entry of its type. */
  feel.isInstance = (x, type) => {
    type = resolve(type);
    if (type.name === "Null") return x === null;
    if (x === null) return false;
    if (type.list) return Array.isArray(x) && x.every((item) => feel.isInstance(item, type.list));
    if (type.context) {
      return kind(x) === "context"
        && Object.keys(type.context).every((name) => name in x && (x[name] === null || feel.isInstance(x[name], type.context[name])));
    }
    if (type.name !== undefined && simple(type.name) === undefined) return null;
    return conforms(x, type);
  };
  Object.assign(feel, {coerce, conforms, BAD, resolve});
})(globalThis.feel);
