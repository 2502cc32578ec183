// Boxed expressions of DMN 1.5, chapter 10.2. Python has read the XML; an expression is an object with a `kind`.
(function (feel) {
  "use strict";
  const {kind} = feel;
  const dmn = (feel.dmn = Object.create(null));

  // What happened, for people: problems of the element that is being computed.
  dmn.notes = [];
  dmn.note = (code, message, extra = {}) => {
    if (dmn.notes.length < 200) dmn.notes.push({code, message, element: dmn.element, ...extra});
    return null;
  };
  /** A value of an expression's text; a text that cannot be read is null, with a note. */
  dmn.text = (text, scope, unary = false) => {
    try {
      return feel.build(text, scope, unary)(scope);
    } catch (error) {
      if (!error?.position) throw error;
      return dmn.note("syntax", error.message, {text, position: error.position.from});
    }
  };
  /** The value as its declared type wants it; of another type it is null. */
  dmn.typed = (value, type, what, extra = {}) => {
    const fitting = feel.coerce(value, type);
    if (fitting !== feel.BAD) return fitting;
    return dmn.note("type", `${what}: ${kind(value)} where ${dmn.typeName(type)} is wanted`, {value: feel.encode(value), ...extra});
  };
  dmn.typeName = (type) => {
    if (!type) return "anything";
    if (type.name !== undefined) return type.name;
    if (type.list) return `list of ${dmn.typeName(type.list)}`;
    if (type.of) return dmn.typeName(type.of);
    return type.context ? "context" : type.range ? "range" : "function";
  };

  const iterate = (box, scope) => {
    const sources = [{name: box.variable, source: (inner) => dmn.value(box.source, inner), node: null}];
    const result = (inner) => dmn.value(box.result, inner);
    if (box.kind !== "for") return feel.quantified(box.kind === "some", sources, result, scope);
    const partial = [], outer = feel.scope(scope);
    feel.put(outer, "partial", partial);
    return feel.loop(sources, outer, (inner) => { partial.push(result(inner)); }) ? partial : null;
  };
  const BOXES = {
    literal(box, scope) {
      if (box.foreign) return dmn.note("language", `an expression in ${box.foreign} is not evaluated`);
      return dmn.typed(dmn.text(box.text, scope), box.type, "expression");
    },
    context(box, scope) {
      const inner = feel.scope(scope), result = feel.empty();
      for (const entry of box.entries) {
        const value = dmn.typed(dmn.value(entry.expression, inner), entry.type, entry.name ?? "result");
        if (entry.name === null) return value;
        result[entry.name] = value;
        feel.put(inner, entry.name, value, entry.type ? feel.typeShape(entry.type) : null);
        feel.changed(inner);
      }
      return result;
    },
    invocation(box, scope) {
      const given = feel.empty();
      for (const {name, expression} of box.bindings) given[name] = dmn.value(expression, scope);
      return feel.invoke(dmn.value(box.function, scope), given);
    },
    list: (box, scope) => box.items.map((item) => dmn.value(item, scope)),
    relation: (box, scope) =>
      box.rows.map((row) => {
        const result = feel.empty();
        box.columns.forEach((column, at) => {
          result[column.name] = dmn.typed(dmn.value(row[at] ?? null, scope), column.type, column.name);
        });
        return result;
      }),
    function(box, scope) {
      if (box.language !== "FEEL") return dmn.note("language", `a function in ${box.language} is not called`);
      return dmn.function(box.params, box.body, scope, null);
    },
    conditional: (box, scope) => dmn.value(dmn.value(box.test, scope) === true ? box.then : box.otherwise, scope),
    filter(box, scope) {
      const source = dmn.value(box.source, scope);
      if (source !== null && !Array.isArray(source)) return dmn.note("type", "a filter needs a list");
      const list = source ?? [];
      const found = list.map((item) => dmn.value(box.match, feel.itemScope(scope, item)));
      if (found.some((one) => typeof one !== "boolean")) return dmn.note("type", "a filter's test is neither true nor false");
      return source && list.filter((_, at) => found[at]);
    },
    for: iterate,
    every: iterate,
    some: iterate,
    table: (box, scope) => dmn.table(box, scope),
  };
  /** The value of a boxed expression; null when there is none. */
  dmn.value = (box, scope) => (box === null ? null : BOXES[box.kind](box, scope));

  /** A function with typed parameters and a body of boxes. */
  dmn.function = (params, body, scope, type, label = null) => {
    const around = dmn.element;
    return new feel.FeelFunction(
      params,
      (values) => {
        const inner = feel.scope(scope), before = dmn.element;
        params.forEach((param, at) => feel.put(inner, param.name, values[at], param.type ? feel.typeShape(param.type) : null));
        dmn.element = label ?? around;
        try {
          return dmn.typed(dmn.value(body, inner), type, label ?? "function");
        } finally {
          dmn.element = before;
        }
      },
      type ? feel.typeShape(type) : null,
    );
  };
})(globalThis.feel);
