// What the nodes of the syntax tree do. feelin builds the tree and keeps the nodes that only pass things on; those that
// compute are here.
(function (feel) {
  "use strict";
  const {compare, FeelFunction} = feel;
  const {wrong, arithmetic, negative, ordered, openRange, passes, any, loop, path} = feel.operators;
  const N = feel.number, C = feel.calendar;

  const asksForInput = (text) => text.replace(/"(\\.|[^"\\])*"/g, "").includes("?");
  // \u and four digits are a UTF-16 unit, \U and six a code point (DMN 1.5, 10.3.1.2, rule 66).
  const ESCAPED = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(["\\nrt']))/g;
  const SIGNS = {n: "\n", r: "\r", t: "\t"};
  const unescaped = (text) =>
    text.replace(ESCAPED, (all, unit, point, sign) => {
      if (sign) return SIGNS[sign] ?? sign;
      const code = parseInt(unit ?? point, 16);
      return code > 0x10ffff ? all : String.fromCodePoint(code);
    });

  const NODES = {
    ArithOp: (node) => node.input,
    CompareOp: (node) => node.input,
    every: () => "every",
    some: () => "some",
    NumericLiteral(node) {
      // The sign belongs to the literal, with white space or a comment between the two.
      const [digits] = /(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/.exec(node.input);
      const value = N.parse(node.input.startsWith("-") ? "-" + digits : digits);
      return Object.assign(() => value, {constantValue: value});
    },
    StringLiteral(node) {
      const value = unescaped(node.input.slice(1, -1));
      return Object.assign(() => value, {constantValue: value});
    },
    ArithmeticExpression(node, args) {
      if (args.length === 2) return (scope) => negative(args[1](scope), node);
      const [a, op, b] = args;
      return (scope) => arithmetic(op, a(scope), b(scope), node);
    },
    Comparison(node, args) {
      const [left, op, right] = args;
      if (op === "between") {
        const end = args[4];
        return (scope) => {
          const value = left(scope), low = compare(right(scope), value), high = compare(value, end(scope));
          if (low === null || high === null) return feel.warn("type", "not comparable", node);
          return low <= 0 && high <= 0;
        };
      }
      if (op === "in") {
        const tests = args[3] ?? right;
        return (scope) => {
          const inner = feel.scope(scope);
          feel.put(inner, "?", left(scope));
          return tests(inner);
        };
      }
      return (scope) => ordered(op, left(scope), right(scope), node);
    },
    IfExpression(node, args) {
      return (scope) => (args[1](scope) === true ? args[3](scope) : args[5] ? args[5](scope) : null);
    },
    Interval(node, args) {
      const [open, close] = [args[0] === "[", args[4] === "]"];
      const make = (start, end) => {
        const found = feel.range(start, end, open, close, node);
        // Only a loop may count downwards.
        return found && compare(found.start, found.end) === 1 ? wrong(node, "the range ends before it starts") : found;
      };
      const fixed = [args[1].constantValue, args[3].constantValue];
      // Of two literals the range is made once, unless there is something to say about it.
      const made = fixed.every(N.isNumber) && N.compare(...fixed) <= 0 ? make(...fixed) : null;
      return made ? () => made : (scope) => make(args[1](scope), args[3](scope));
    },
    SimplePositiveUnaryTest(node, args) {
      if (args.length === 1) return args[0];
      return (scope) => openRange(args[0], args[1](scope));
    },
    Wildcard: () => () => true,
    PositiveUnaryTest(node, args) {
      const asked = asksForInput(node.input), inner = args[0];
      return (scope) => passes(inner(scope), scope["?"] ?? null, asked);
    },
    PositiveUnaryTests: (node, args) => (args.length === 1 ? args[0] : (scope) => any(args.map((test) => test(scope)))),
    UnaryTests(node, args) {
      if (args[0] !== "not") return args[0];
      return (scope) => {
        const found = args[2](scope);
        return typeof found === "boolean" ? !found : null;
      };
    },
    "?": () => (scope) => ("?" in scope ? scope["?"] : null),
    List(node, args) {
      const parts = args.slice(1, -1);
      return (scope) => parts.map((part) => part(scope));
    },
    Context(node, args) {
      const entries = args.slice(1, -1);
      return (scope) => {
        const inner = feel.scope(scope), result = feel.empty();
        for (const entry of entries) {
          const [key, value] = entry(inner);
          if (key in result) return feel.warn("context", `the entry ${key} is there twice`, node);
          result[key] = value;
          feel.put(inner, key, value);
        }
        return result;
      };
    },
    FormalParameter: (node, args) => ({name: args[0], type: args[1] ? feel.typeOf(args.at(-1)) : null}),
    FunctionDefinition(node, args) {
      const params = Array.isArray(args[2]) ? args[2] : [], body = args.at(-1);
      if (args.includes("external")) return () => feel.warn("external", "external functions are not run", node);
      return (scope) =>
        new FeelFunction(params, (values) => {
          const inner = feel.scope(scope);
          params.forEach((param, at) => feel.put(inner, param.name, values[at]));
          return body(inner);
        });
    },
    FunctionInvocation(node, args) {
      const given = typeof args[2] === "function" ? args[2] : () => [];
      return (scope) => feel.invoke(args[0](scope), given(scope), node);
    },
    PositionalParameters: (node, args) => (scope) => args.map((arg) => arg(scope)),
    NamedParameters: (node, args) => (scope) => {
      const given = feel.empty();
      for (const arg of args) {
        const [name, value] = arg(scope);
        given[name] = value;
      }
      return given;
    },
    DateTimeConstructor: (node) => () => feel.builtins[node.input.replace(/\s+/g, " ")] ?? null,
    SpecialFunctionName: (node) => () => feel.builtins[node.input.replace(/\s+/g, " ")] ?? null,
    DateTimeLiteral: (node, args) => (args.length === 1 ? args[0] : NODES.FunctionInvocation(node, args)),
    AtLiteral: (node, args) => (scope) => {
      const text = args[0](scope);
      return C.parse(text) ?? feel.warn("literal", `no date, time or duration: ${text}`, node);
    },
    VariableName(node, args) {
      const name = feel.normalize(args.join(" "));
      return (scope) => {
        const value = scope[name];
        if (value !== undefined) return value;
        const builtin = feel.builtins[name];
        if (builtin) return builtin;
        if (feel.strict) throw new feel.FeelFailure("unknown", `unknown name: ${name}`, node.position.from);
        return feel.warn("unknown", `unknown name: ${name}`, node);
      };
    },
    PathName: (node, args) => args.join(" "),
    PathExpression: (node, args) => (scope) => path(args[0](scope), args[2], node),
    FilterExpression: (node, args) => (scope) => feel.filter(args[0](scope), args[2], scope, node),
    IterationContext(node, args) {
      if (args.length < 3) return args[0];
      return (scope) => feel.range(args[0](scope), args[2](scope), true, true, node);
    },
    InExpression: (node, args) => ({name: args[0], source: args[2], node}),
    InExpressions: (node, args) => args,
    ForExpression(node, args) {
      return (scope) => {
        const partial = [], outer = feel.scope(scope);
        feel.put(outer, "partial", partial);
        return loop(args[1], outer, (inner) => { partial.push(args.at(-1)(inner)); }) ? partial : null;
      };
    },
    QuantifiedExpression: (node, args) => (scope) => feel.quantified(args[0] === "some", args[1], args.at(-1), scope),
    InstanceOfExpression(node, args) {
      const type = feel.typeOf(args[3]);
      return (scope) => feel.isInstance(args[0](scope), type);
    },
  };
  feelin.mend((theirs) => (node, args, sink) => {
    const ours = Object.hasOwn(NODES, node.name) ? NODES[node.name] : null;
    return ours ? ours(node, args) : theirs(node, args, sink);
  });
})(globalThis.feel);
