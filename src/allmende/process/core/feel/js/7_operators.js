// What operators do with values, by DMN 1.5: exact numbers, three-valued logic, and null with a warning where an operator
// has nothing to say.
(function (feel) {
  "use strict";
  const {kind, equals, compare, includes, FeelFunction, FeelRange} = feel;
  const N = feel.number, C = feel.calendar, T = feel.temporal;

  feel.warnings = [];
  feel.strict = false;
  feel.warn = (code, message, node = null) => {
    if (feel.warnings.length < 100) feel.warnings.push({code, message, from: node ? node.position.from : null});
    return null;
  };
  feel.FeelFailure = class FeelFailure {
    constructor(code, message, from) { this.code = code; this.message = message; this.from = from; }
  };
  const wrong = (node, what, ...values) => feel.warn("type", `${what}: ${values.map(kind).join(", ")}`, node);

  // Arithmetic ---------------------------------------------------------------------------------------------------------
  const arithmetic = (op, a, b, node) => {
    const [x, y] = [kind(a), kind(b)];
    if (x === "number" && y === "number") {
      switch (op) {
        case "+": return N.add(a, b);
        case "-": return N.subtract(a, b);
        case "*": return N.multiply(a, b);
        case "/": return N.divide(a, b) ?? feel.warn("arithmetic", "division by zero", node);
        default: return N.power(a, b) ?? feel.warn("arithmetic", "the power is no number", node);
      }
    }
    const [timeA, timeB] = [T.isTemporal(a), T.isTemporal(b)], [spanA, spanB] = [T.isDuration(a), T.isDuration(b)];
    let result = null;
    if (op === "+") {
      if (x === "string" && y === "string") return a + b;
      if (timeA && spanB) result = T.add(a, b);
      else if (spanA && timeB) result = T.add(b, a);
      else if (T.sameKind(a, b)) result = T.join(a, b, 1);
    } else if (op === "-") {
      if (timeA && spanB) result = T.add(a, T.negate(b));
      else if (timeA && timeB) result = T.subtract(a, b);
      else if (T.sameKind(a, b)) result = T.join(a, b, -1);
    } else if (op === "*") {
      if (spanA && y === "number") result = T.multiply(a, b);
      else if (x === "number" && spanB) result = T.multiply(b, a);
    } else if (op === "/" && spanA && (y === "number" || spanB)) result = T.divide(a, b);
    return result ?? wrong(node, `no ${op} of`, a, b);
  };
  const negative = (x, node) => {
    if (kind(x) === "number") return N.negate(x);
    return T.isDuration(x) ? T.negate(x) : wrong(node, "no negative of", x);
  };

  // Comparing and testing ----------------------------------------------------------------------------------------------
  const ordered = (op, a, b, node) => {
    if (op === "=" || op === "!=") {
      const same = equals(a, b);
      if (same === null) return wrong(node, "not comparable", a, b);
      return op === "=" ? same : !same;
    }
    const order = compare(a, b);
    if (order === null) return wrong(node, "not comparable", a, b);
    return op === "<" ? order < 0 : op === "<=" ? order <= 0 : op === ">" ? order > 0 : order >= 0;
  };
  const openRange = (op, bound) => {
    if (op === "<" || op === "<=") return new FeelRange(null, bound, false, op === "<=", op);
    if (op === ">" || op === ">=") return new FeelRange(bound, null, op === ">=", false, op);
    return new FeelRange(bound, bound, op === "=", op === "=", op);
  };
  const ORDERED = new Set(["number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"]);
  feel.range = (start, end, startIncluded, endIncluded, node) => {
    const [a, b] = [kind(start), kind(end)];
    const fits = (x) => x === "null" || ORDERED.has(x);
    if (!fits(a) || !fits(b) || (a !== b && a !== "null" && b !== "null") || (a === "null" && b === "null"))
      return wrong(node, "no range of", start, end);
    return new FeelRange(start, end, a !== "null" && startIncluded, b !== "null" && endIncluded);
  };
  /** One unary test: `found` is what its expression gave, `asked` whether it is about `?`. */
  const passes = (found, value, asked) => {
    switch (kind(found)) {
      case "range": return kind(value) === "range" && equals(found, value) === true ? true : includes(found, value);
      case "boolean":
        if (asked || kind(value) !== "boolean") return kind(value) === "null" && !asked ? false : found;
        return found === value;
      case "list": {
        if (equals(found, value) === true) return true;
        return found.some((one) => (kind(one) === "range" ? includes(one, value) : equals(one, value)) === true);
      }
      case "null": return asked ? null : value === null;
      default: {
        const same = equals(found, value);
        return same === null && value === null ? false : same;
      }
    }
  };
  const any = (results) => (results.includes(true) ? true : results.includes(null) ? null : false);

  // Lists and loops ----------------------------------------------------------------------------------------------------
  /** What a loop goes over: items of a list, numbers or days of a range, or the one value itself; null for null. */
  const items = (x, node) => {
    if (Array.isArray(x)) return x;
    if (x === null) return null;
    if (kind(x) !== "range") return [x];
    const days = kind(x.start) === "date" && kind(x.end) === "date";
    const bounds = days ? [x.start.days, x.end.days] : [x.start, x.end];
    if (x.op !== null || !bounds.every((bound) => typeof bound === "number")) return wrong(node, "not to be counted through", x);
    const step = bounds[0] <= bounds[1] ? 1 : -1, result = [];
    const first = bounds[0] + (x.startIncluded ? 0 : step), last = bounds[1] - (x.endIncluded ? 0 : step);
    for (let at = first; (last - at) * step >= 0; at += step) result.push(days ? C.date(...C.civil(at)) : at);
    return result;
  };
  /** Calls `visit(scope)` for every combination; false when one of the sources is null. `visit` may say `true` to end. */
  const loop = (sources, scope, visit, at = 0) => {
    if (at === sources.length) return visit(scope) === true ? "end" : true;
    const over = items(sources[at].source(scope), sources[at].node);
    if (over === null) return false;
    for (const item of over) {
      const inner = feel.scope(scope);
      feel.put(inner, sources[at].name, item);
      const went = loop(sources, inner, visit, at + 1);
      if (went !== true) return went;
    }
    return true;
  };
  feel.loop = loop;
  feel.quantified = (some, sources, test, scope) => {
    let unknown = false, decided = false;
    const went = loop(sources, scope, (inner) => {
      const found = test(inner);
      if (found === some) decided = true;
      else if (typeof found !== "boolean") unknown = true;
      return decided;
    });
    if (went === false) return null;
    return decided ? some : unknown ? null : !some;
  };
  feel.itemScope = (scope, item) => {
    const inner = feel.scope(scope);
    if (feel.isContext(item)) for (const key of Object.keys(item)) feel.put(inner, key, item[key]);
    // A context's own entry of that name wins, as every other of its entries does.
    if (!feel.isContext(item) || !("item" in item)) feel.put(inner, "item", item);
    return inner;
  };
  /** Whether a filter is a number, found out without an item: what is missing then is no mistake. */
  const isIndex = (test, scope) => {
    const [strict, warnings] = [feel.strict, feel.warnings];
    [feel.strict, feel.warnings] = [false, []];
    try {
      return kind(test(feel.itemScope(scope, null))) === "number";
    } finally {
      [feel.strict, feel.warnings] = [strict, warnings];
    }
  };
  feel.filter = (target, test, scope, node) => {
    if (target === null) return null;
    const list = Array.isArray(target) ? target : kind(target) === "range" ? items(target, node) ?? [] : [target];
    if (!list.length) return isIndex(test, scope) ? null : [];
    const kept = [];
    for (let at = 0; at < list.length; at++) {
      const item = list[at];
      let found = test(feel.itemScope(scope, item));
      if (at === 0 && kind(found) === "number") {
        const index = N.index(found);
        return list[index < 0 ? list.length + index : index - 1] ?? null;
      }
      if (kind(found) === "range") found = includes(found, item);
      if (found === true) kept.push(item);
      else if (found !== false && found !== null) return wrong(node, "a filter is a number or a test, not", found);
    }
    return kept;
  };
  const path = (target, name, node) => {
    if (Array.isArray(target)) return target.map((item) => path(item, name, node));
    const found = feel.member(target, name);
    return found === undefined ? feel.warn("path", `${kind(target)} has no ${name}`, node) : found;
  };

  // Functions ----------------------------------------------------------------------------------------------------------
  /** `given` is a list, or an object of names. */
  feel.invoke = (target, given, node = null) => {
    if (target instanceof feel.Builtin) return target.invoke(given, node);
    if (!(target instanceof FeelFunction)) return feel.warn("function", `${kind(target)} is no function`, node);
    const {params} = target;
    let values;
    if (Array.isArray(given)) values = given.length === params.length ? given : null;
    else {
      const names = new Map(Object.keys(given).map((key) => [feel.normalize(key), given[key]]));
      values = params.map((param) => names.get(feel.normalize(param.name)));
      if (names.size !== params.length || values.includes(undefined)) values = null;
    }
    if (values === null) return feel.warn("arguments", `the function takes ${params.map((p) => p.name).join(", ") || "nothing"}`, node);
    const before = feel.model;
    feel.model = target.model;
    try {
      const fitting = values.map((value, at) => feel.coerce(value, params[at].type));
      return fitting.includes(feel.BAD) ? feel.warn("arguments", "an argument is of another type", node) : target.call(fitting);
    } finally {
      feel.model = before;
    }
  };

  feel.operators = {wrong, arithmetic, negative, ordered, openRange, passes, any, loop, path};
})(globalThis.feel);
