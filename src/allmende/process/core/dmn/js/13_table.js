// Decision tables: DMN 1.5, chapter 8. Every table that is computed leaves a trace: values of the inputs, what each cell
// said to them, which rules hit.
(function (feel) {
  "use strict";
  const {dmn, compare, equals} = feel;
  const N = feel.number;
  const MOST_TRACED = 100;

  const same = (a, b) => equals(a, b) === true;
  const ANSWERS = new Map([[true, "yes"], [false, "no"], [null, "unknown"]]);

  /** Scopes in which `?` is the value of each input column. */
  const asked = (table, scope) => {
    const values = [];
    for (const column of table.inputs) {
      const value = dmn.typed(dmn.text(column.text, scope), column.type, column.label);
      const inner = feel.scope(scope);
      feel.put(inner, "?", value, column.type ? feel.typeShape(column.type) : null);
      if (column.allowed && value !== null && dmn.text(column.allowed, inner, true) === false)
        return dmn.note("input", `${column.label}: not one of ${column.allowed}`, {value: feel.encode(value)});
      values.push(inner);
    }
    return values;
  };
  /** What a cell says to its input, true, false or null. A column's cells are built once for the names that are there. */
  const ask = (column, scope, shape, text, at) => {
    if (text === "-" || text === "") return true;
    let cells = column.built?.get(shape);
    if (!cells) (column.built ??= new Map()).set(shape, (cells = []));
    if (cells[at]) return cells[at](scope);
    const answer = dmn.text(text, scope, true);
    // A text that cannot be read is not kept: it is said anew each time.
    if (answer !== null) cells[at] = feel.fetch(text, shape, true);
    return answer;
  };

  const outputs = (table, rule, scope, number) =>
    rule.outputs.map((text, at) => {
      const column = table.outputs[at];
      const what = column.name || column.label || "output";
      return dmn.typed(text === "" ? null : dmn.text(text, scope), column.type, what, {rules: [number]});
    });
  const result = (table, values) => {
    if (table.outputs.length === 1) return values[0];
    const context = feel.empty();
    table.outputs.forEach((column, at) => { context[column.name ?? `output ${at + 1}`] = values[at]; });
    return context;
  };
  const otherwise = (table, scope) => {
    if (table.outputs.every((column) => column.otherwise === null)) {
      if (table.policy !== "COLLECT") return null;
      return table.aggregation === null ? [] : table.aggregation === "COUNT" ? 0 : null;
    }
    return result(table, table.outputs.map((column) => (column.otherwise === null ? null : dmn.text(column.otherwise, scope))));
  };

  /** Places of the output values in the order that the columns allow them, best first. */
  const byPriority = (table, hits, scope) => {
    const orders = table.outputs.map((column) => {
      const listed = column.allowed ? dmn.text(`[${column.allowed}]`, scope) : null;
      return Array.isArray(listed) ? listed : null;
    });
    if (orders.every((order) => order === null)) {
      dmn.note("priority", "the table has no list of output values to rank by");
      return hits;
    }
    const place = (order, value) => {
      const at = order ? order.findIndex((one) => same(one, value)) : 0;
      return at < 0 ? order.length : at;
    };
    const ranks = new Map(hits.map((hit) => [hit, hit.values.map((value, at) => place(orders[at], value))]));
    return hits.slice().sort((a, b) => {
      const [x, y] = [ranks.get(a), ranks.get(b)];
      const differs = x.findIndex((rank, at) => rank !== y[at]);
      return differs < 0 ? 0 : x[differs] - y[differs];
    });
  };
  const AGGREGATES = {
    COUNT: (values) => values.length,
    SUM: (values) => (values.every(N.isNumber) && values.length ? values.reduce(N.add) : null),
    MIN: (values) => extreme(values, -1),
    MAX: (values) => extreme(values, 1),
  };
  const extreme = (values, sign) =>
    (values.length && values.every((one) => compare(one, one) === 0) ? values.reduce((best, one) => (compare(one, best) === sign ? one : best)) : null);

  const numbersOf = (hits) => hits.map((hit) => hit.number);
  const POLICIES = {
    UNIQUE(table, hits) {
      if (hits.length < 2) return hits[0].result;
      return dmn.note("conflict", `UNIQUE, but rules ${numbersOf(hits).join(", ")} hit`, {rules: numbersOf(hits)});
    },
    ANY(table, hits) {
      const other = hits.find((hit) => !same(hit.result, hits[0].result));
      if (!other) return hits[0].result;
      return dmn.note("conflict", `ANY, but rules ${numbersOf(hits).join(", ")} say different things`, {rules: numbersOf(hits)});
    },
    FIRST: (table, hits) => hits[0].result,
    PRIORITY: (table, hits, scope) => byPriority(table, hits, scope)[0].result,
    "OUTPUT ORDER": (table, hits, scope) => byPriority(table, hits, scope).map((hit) => hit.result),
    "RULE ORDER": (table, hits) => hits.map((hit) => hit.result),
    COLLECT(table, hits) {
      const values = hits.map((hit) => hit.result);
      if (!table.aggregation) return values;
      if (table.outputs.length > 1 && table.aggregation !== "COUNT")
        return dmn.note("policy", "only a single output can be added up or compared");
      return AGGREGATES[table.aggregation](values);
    },
  };

  dmn.table = (table, scope) => {
    const columns = asked(table, scope);
    if (columns === null) return null;
    const trace = {
      element: dmn.element, policy: table.policy, aggregation: table.aggregation,
      inputs: columns.map((inner, at) => ({label: table.inputs[at].label, value: feel.encode(inner["?"])})),
      rules: [], hits: [],
    };
    if (dmn.tables.length < MOST_TRACED) dmn.tables.push(trace);
    const hits = [], shapes = columns.map(feel.survey);
    table.rules.forEach((rule, at) => {
      const cells = rule.inputs.map((text, i) => ask(table.inputs[i], columns[i], shapes[i], text, at));
      if (cells.every((cell) => cell === true)) hits.push({rule, number: at + 1});
      trace.rules.push(cells.map((cell) => ANSWERS.get(cell) ?? "unknown"));
    });
    trace.hits = numbersOf(hits);
    if (!hits.length) return otherwise(table, scope);
    const wanted = table.policy === "FIRST" ? hits.slice(0, 1) : hits;
    for (const hit of wanted) {
      hit.values = outputs(table, hit.rule, scope, hit.number);
      hit.result = result(table, hit.values);
    }
    return POLICIES[table.policy](table, wanted, scope);
  };
})(globalThis.feel);
