// Requirement graphs: what a decision needs is computed first, once; DMN 1.5, chapters 6 and 10.4. An element is known by
// namespace and id ("ns#id"); what it sees is what it requires, nothing else.
(function (feel, global) {
  "use strict";
  const {dmn} = feel;

  /** One run: inputs are fixed, values of decisions are remembered. */
  class Run {
    /** `given`: key of an input or decision -> value. */
    constructor(library, given) { this.library = library; this.given = given; this.values = new Map(); this.open = new Set(); }

    element(key) {
      const [namespace, id] = split(key), found = this.library[namespace]?.elements[id];
      if (!found) dmn.note("missing", `there is no element ${key}`);
      return found ?? null;
    }
    /** The value of an element after everything that it requires: so a long chain needs no deep stack. */
    reach(key) {
      const open = [key], seen = new Set();
      while (open.length) {
        const next = open.at(-1), element = this.values.has(next) ? null : this.element(next);
        if (element === null || seen.has(next)) {
          open.pop();
          if (element !== null) this.value(next);
          continue;
        }
        seen.add(next);
        if (!this.given.has(next)) for (const {key: wanted} of element.requires) if (!seen.has(wanted)) open.push(wanted);
      }
      return this.value(key);
    }
    value(key) {
      if (this.values.has(key)) return this.values.get(key);
      const element = this.element(key);
      if (element === null) return null;
      if (this.open.has(key)) return element.kind === "knowledge" ? null : dmn.note("cycle", `${element.name} requires itself`);
      this.open.add(key);
      const before = [dmn.element, feel.model];
      [dmn.element, feel.model] = [element.name, this.library[split(key)[0]].types];
      try {
        const value = this.compute(key, element);
        this.values.set(key, value);
        return value;
      } finally {
        [dmn.element, feel.model] = before;
        this.open.delete(key);
      }
    }
    compute(key, element) {
      switch (element.kind) {
        case "input":
          return dmn.typed(this.given.has(key) ? this.given.get(key) : null, element.type, element.name);
        case "knowledge": return this.knowledge(element);
        case "service": return this.service(element);
      }
      if (this.given.has(key)) return dmn.typed(this.given.get(key), element.type, element.name);
      const value = dmn.typed(dmn.value(element.expression, this.scope(element)), element.type, element.name);
      dmn.decisions.push({decision: element.name, id: element.id, value: feel.encode(value)});
      return value;
    }
    /** A scope with everything that the element requires. */
    scope(element, itself = null) {
      const scope = feel.scope(), imported = new Map();
      if (itself) feel.put(scope, element.name, itself);
      for (const {key: wanted, alias} of element.requires) {
        const other = this.element(wanted);
        if (other === null) continue;
        const value = this.value(wanted);
        if (alias === null) feel.put(scope, other.name, value, this.hint(wanted, other));
        else {
          if (!imported.has(alias)) imported.set(alias, feel.empty());
          imported.get(alias)[other.name] = value;
        }
      }
      for (const [alias, context] of imported) feel.put(scope, alias, context);
      return scope;
    }
    hint(key, element) {
      if (!element.type) return null;
      const before = feel.model;
      feel.model = this.library[split(key)[0]].types;
      const shape = feel.typeShape(element.type);
      feel.model = before;
      return shape;
    }
    knowledge(element) {
      if (element.language !== "FEEL") return dmn.note("language", `${element.name}: a function in ${element.language} is not called`);
      const type = element.type && feel.resolve(element.type).function ? feel.resolve(element.type).result ?? null : element.type;
      // The function may call itself; what it sees is put in once it is there.
      const inner = feel.scope();
      const made = dmn.function(element.params, element.expression, inner, type, element.name);
      const around = this.scope(element, made);
      Object.setPrototypeOf(inner, around);
      return made;
    }
    service(element) {
      const params = [...element.inputs, ...element.inputDecisions].map((wanted) => {
        const other = this.element(wanted);
        return {key: wanted, name: other?.name ?? wanted, type: other?.type ?? null};
      });
      const type = element.type && !feel.resolve(element.type).function ? element.type : null;
      return new feel.FeelFunction(params, (values) => {
        const run = new Run(this.library, new Map(params.map((param, at) => [param.key, values[at]])));
        const found = element.outputs.map((wanted) => [run.element(wanted)?.name ?? wanted, run.reach(wanted)]);
        const result = found.length === 1 ? found[0][1] : Object.assign(feel.empty(), Object.fromEntries(found));
        return dmn.typed(result, type, element.name);
      });
    }
  }
  const split = (key) => {
    const at = key.lastIndexOf("#");
    return [key.slice(0, at), key.slice(at + 1)];
  };

  // A library comes as text once and is kept by its digest; null when it is to be sent.
  const libraries = new Map();
  const open = (digest, text) => {
    let library = libraries.get(digest) ?? null;
    if (library === null && text !== null) {
      library = JSON.parse(text);
      for (const model of Object.values(library)) {
        const types = feel.empty();
        for (const [name, type] of model.types) types[name] = type;
        model.types = types;
      }
      if (libraries.size >= 20) libraries.delete(libraries.keys().next().value);
      libraries.set(digest, library);
    }
    return library;
  };
  /** Values of decisions by key, or of one function called with names; inputs are pairs of key and value. */
  global.dmn_decide = (digest, text, wanted, inputs, options) => {
    const library = open(digest, text);
    if (library === null) return {unknown: true};
    return feel.guarded(options, () => {
      Object.assign(dmn, {notes: [], tables: [], decisions: [], element: ""});
      const run = new Run(library, new Map(inputs.map(([key, value]) => [key, feel.decode(value)])));
      const values = wanted.map((key) => {
        const value = run.reach(key), {kind, name} = run.element(key) ?? {};
        if (kind !== "service" && kind !== "knowledge") return feel.encode(value);
        dmn.element = name;
        const given = feel.empty();
        for (const [param, one] of options.given ?? []) given[param] = feel.decode(one);
        return feel.encode(feel.invoke(value, given));
      });
      return {values, notes: dmn.notes, tables: dmn.tables, decisions: dmn.decisions};
    });
  };
})(globalThis.feel, globalThis);
