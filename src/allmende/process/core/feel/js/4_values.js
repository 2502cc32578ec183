// What a value is, when two are equal, which comes first, and how it reads as text: DMN 1.5, 10.3.2.2–10.3.2.7, 10.3.2.13.
// null is null, text and booleans are JavaScript's, lists are arrays, contexts are objects without a prototype.
(function (feel) {
  "use strict";
  const N = feel.number, C = feel.calendar, T = feel.temporal;
  const {FeelDate, FeelTime, FeelDateTime, Months, Span} = C;

  class FeelFunction {
    /** `params` are {name, type?}; `call` takes the arguments in their order; `result` is a shape (5_scope.js). */
    constructor(params, call, result = null) {
      Object.assign(this, {params, call, result, model: feel.model}); // the types that its parameters name
    }
  }
  class FeelRange {
    /** `op` is the sign of a test like `> 5`; null for a range with two ends. */
    constructor(start, end, startIncluded, endIncluded, op = null) {
      this.start = start; this.end = end; this.startIncluded = startIncluded; this.endIncluded = endIncluded; this.op = op;
    }
  }
  // Every kind of object carries its name; a context, which has no prototype, is what carries none.
  const KIND = Symbol("kind");
  const named = [[Array, "list"], [N.D, "number"], [FeelDate, "date"], [FeelTime, "time"], [FeelDateTime, "date and time"],
    [Span, "days and time duration"], [Months, "years and months duration"], [FeelRange, "range"], [FeelFunction, "function"]];
  for (const [kindOf, name] of named) Object.defineProperty(kindOf.prototype, KIND, {value: name});
  const kind = (x) => {
    switch (typeof x) {
      case "number": case "string": case "boolean": return typeof x;
      case "object": return x === null ? "null" : x[KIND] ?? "context";
      default: return "null";
    }
  };
  const isContext = (x) => x !== null && typeof x === "object" && x[KIND] === undefined;

  const sameZoneness = (a, b) => a instanceof FeelDate || a.local === b.local;
  /** -1, 0, 1, or null when the two have no order. */
  const compare = (a, b) => {
    const what = kind(a);
    if (what !== kind(b)) return null;
    const sign = (x, y) => (x < y ? -1 : x > y ? 1 : 0);
    switch (what) {
      case "number": return N.compare(a, b);
      case "string": return sign(points(a), points(b));
      case "date": case "time": case "date and time":
        return sameZoneness(a, b) ? sign(T.seconds(a), T.seconds(b)) : null;
      case "days and time duration": return sign(a.nanos, b.nanos);
      case "years and months duration": return sign(a.months, b.months);
      default: return null;
    }
  };
  // UTF-16 sorts characters beyond the first plane before some of the first; code points in fixed width do not.
  const points = (text) =>
    /[\ud800-\udfff]/.test(text) ? Array.from(text, (c) => String.fromCharCode(c.codePointAt(0) >> 16, c.codePointAt(0) & 0xffff)).join("")
      : Array.from(text, (c) => "\0" + c).join("");

  /** Equality in three values: null when the two are of different kinds. */
  const equals = (a, b) => {
    if (a === null || b === null) return a === b;
    const what = kind(a);
    if (what !== kind(b)) return null;
    switch (what) {
      case "string": case "boolean": return a === b;
      case "list": return a.length === b.length && all(a, (x, i) => equals(x, b[i]));
      case "context": {
        const keys = Object.keys(a);
        return keys.length === Object.keys(b).length && all(keys, (key) => key in b && equals(a[key], b[key]));
      }
      case "range":
        return a.op === b.op && a.startIncluded === b.startIncluded && a.endIncluded === b.endIncluded
          && equals(a.start, b.start) === true && equals(a.end, b.end) === true;
      case "function": return a === b;
      case "date": case "time": case "date and time":
        return sameZoneness(a, b) && T.seconds(a) === T.seconds(b);
      default: return compare(a, b) === 0;
    }
  };
  const all = (items, test) => items.every((item, i) => test(item, i) === true);

  const quoted = (text) => '"' + text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\t/g, "\\t").replace(/\r/g, "\\r") + '"';
  const write = (x) => {
    switch (kind(x)) {
      case "null": return "null";
      case "string": return quoted(x);
      case "number": return N.text(x);
      case "list": return "[" + x.map(write).join(", ") + "]";
      case "context": return "{" + Object.keys(x).map((key) => keyText(key) + ": " + write(x[key])).join(", ") + "}";
      case "range": return rangeText(x);
      case "function": return "function(" + x.params.map((p) => p.name).join(", ") + ")";
      case "boolean": return String(x);
      default: return String(x);
    }
  };
  const keyText = (key) => (/^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(key) ? key : quoted(key));
  const rangeText = (x) => {
    if (x.op !== null) return x.op + " " + write(x.op.startsWith("<") ? x.end : x.start);
    return (x.startIncluded ? "[" : "(") + write(x.start) + ".." + write(x.end) + (x.endIncluded ? "]" : ")");
  };

  /** Whether the range has the value; null when they cannot be compared. */
  const includes = (range, value) => {
    if (value === null) return null;
    if (range.op === "=" || range.op === "!=") {
      const same = equals(value, range.start);
      return same === null || range.op === "=" ? same : !same;
    }
    const after = end(range.start, value, range.startIncluded, -1);
    const before = end(range.end, value, range.endIncluded, 1);
    if (after === false || before === false) return after === null || before === null ? null : false;
    return after === null || before === null ? null : true;
  };
  const end = (bound, value, included, sign) => {
    if (bound === null) return true;
    const order = compare(bound, value);
    return order === null ? null : order === sign || (included && order === 0);
  };

  Object.assign(feel, {
    FeelFunction, FeelRange, KIND, kind, compare, equals, includes, isContext,
    empty: () => Object.create(null),
    /** What `string()` gives. */
    text: (x) => (typeof x === "string" ? x : write(x)),
    write,
  });
})(globalThis.feel);
