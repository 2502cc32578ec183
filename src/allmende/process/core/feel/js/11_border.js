// The border to Python. JSON has no dates and no exact numbers, so every value but null, booleans, texts, lists and whole
// numbers is an object with one key: n number, c context, d date, t time, dt date and time, s days and time duration,
// m years and months duration, r range, f function (its parameters; one way only).
(function (feel, global) {
  "use strict";
  const {kind} = feel;
  const N = feel.number, C = feel.calendar;

  const encode = (x) => {
    switch (kind(x)) {
      case "null": return null;
      case "number": return typeof x === "number" ? x : {n: x.toString()};
      case "list": return x.map(encode);
      case "context": return {c: Object.keys(x).map((key) => [key, encode(x[key])])};
      case "date": return {d: String(x)};
      case "time": return {t: String(x)};
      case "date and time": return {dt: String(x)};
      case "days and time duration": return {s: String(x)};
      case "years and months duration": return {m: x.months};
      case "range": return {r: [encode(x.start), encode(x.end), x.startIncluded, x.endIncluded, x.op]};
      case "function": return {f: x.params.map((param) => param.name)};
      default: return x;
    }
  };
  const READ = {
    n: (text) => N.parse(text),
    d: C.parseDate, t: C.parseTime, dt: C.parseDateTime, s: C.parseDuration, // either kind: the text tells
    m: (months) => new C.Months(months),
    c(entries) {
      const result = feel.empty();
      for (const [key, value] of entries) result[key] = decode(value);
      return result;
    },
    r: ([start, end, startIncluded, endIncluded, op]) => new feel.FeelRange(decode(start), decode(end), startIncluded, endIncluded, op),
  };
  const decode = (x) => {
    if (x === null || typeof x !== "object") return x;
    if (Array.isArray(x)) return x.map(decode);
    const [[key, value]] = Object.entries(x), found = READ[key](value);
    if (found === null) throw new feel.FeelFailure("border", `no value: ${key}`, null);
    return found;
  };

  /** Runs `work` with a clean list of warnings; what it cannot do comes back as data. */
  feel.guarded = (options, work) => {
    feel.warnings = [];
    feel.strict = Boolean(options.strict);
    feel.clock = options.now ?? null;
    Object.assign(feel.zones, options.zones);
    try {
      return {...work(), warnings: feel.warnings};
    } catch (error) {
      if (error instanceof feel.NeedZone) return {zone: error.name};
      if (error instanceof feel.FeelFailure) return {error: {...error}};
      if (error?.position) return {error: {code: "syntax", message: error.message, from: error.position.from}};
      throw error;
    }
  };
  const scopeOf = (context) => {
    const scope = feel.scope();
    for (const [name, value] of context) feel.put(scope, name, decode(value));
    return scope;
  };
  /** The function of a text; where strict, every name must be there, whether it is come to or not. */
  const build = (text, scope, unary, strict) => {
    const made = feel.build(text, scope, unary);
    if (strict) {
      const shape = feel.survey(scope).value ?? {};
      for (const [name, {from, filtered}] of free(feelin.syntaxTree(unary, text, shape).topNode, text, new Set(["?"])))
        if (!filtered && !(name in scope)) throw new feel.FeelFailure("unknown", `unknown name: ${name}`, from);
    }
    return made;
  };
  global.feel_evaluate = (text, context, options) =>
    feel.guarded(options, () => {
      const scope = scopeOf(context);
      return {value: encode(build(text, scope, false, options.strict)(scope))};
    });
  global.feel_test = (text, value, context, options) =>
    feel.guarded(options, () => {
      const scope = scopeOf(context);
      feel.put(scope, "?", decode(value));
      return {value: build(text, scope, true, options.strict)(scope)};
    });

  /** The same values in the one spelling that results have. */
  global.feel_canonical = (values, options) => feel.guarded(options, () => ({value: values.map((one) => encode(decode(one)))}));

  // The names that an expression uses and does not bind itself, with the place of the first use. A name that stands only
  // inside a filter may be an entry of the items: `filtered`.
  const free = (node, text, bound, found = new Map(), filtered = false) => {
    const children = [];
    for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
    const said = (child) => feel.normalize(text.slice(child.from, child.to));
    const walk = (child, names, inside = filtered) => free(child, text, names, found, inside);
    let names = new Set(bound);
    switch (node.name) {
      case "VariableName":
        if (!bound.has(said(node)) && !(said(node) in feel.builtins) && !(found.get(said(node))?.filtered === false))
          found.set(said(node), {from: node.from, filtered});
        return found;
      case "PathExpression": return walk(children[0], bound);
      case "Type": case "ParameterName": case "Key": return found;
      case "InExpression": return walk(children.at(-1), bound);
      case "ForExpression": case "QuantifiedExpression":
        for (const child of children) {
          if (child.name !== "InExpressions") { walk(child, names); continue; }
          for (let one = child.firstChild; one; one = one.nextSibling) {
            walk(one, names);
            names = new Set(names).add(said(one.firstChild));
          }
          names.add("partial");
        }
        return found;
      case "FunctionDefinition":
        for (let one = node.getChild("FormalParameters")?.firstChild; one; one = one.nextSibling)
          if (one.name === "FormalParameter") names.add(said(one.firstChild));
        for (const child of children) if (child.name !== "FormalParameters") walk(child, names);
        return found;
      case "Context":
        for (const child of children) {
          walk(child, names);
          if (child.name === "ContextEntry") names = new Set(names).add(said(child.firstChild).replace(/^"|"$/g, ""));
        }
        return found;
      case "FilterExpression":
        names.add("item");
        children.forEach((child, at) => walk(child, at ? names : bound, filtered || at > 0));
        return found;
    }
    for (const child of children) walk(child, names);
    return found;
  };
  global.feel_names = (text, known, unary) =>
    feel.guarded({}, () => {
      const shape = {};
      for (const name of known) shape[name] = null;
      feelin.build(unary, text, shape, null); // says what does not parse
      const found = free(feelin.syntaxTree(unary, text, shape).topNode, text, new Set(["?"]));
      return {value: [...found.keys()].sort()};
    });
  Object.assign(feel, {encode, decode});
})(globalThis.feel, globalThis);
