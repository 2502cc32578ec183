// How a built-in function is called, and those on texts, numbers and contexts: DMN 1.5, 10.3.4. A signature is a text,
// "string:s, start position:n, length:n?": names of the parameters with their kinds; `?` may be missing, `~` may be null,
// `*` takes all the rest (or one list of them). Any other null makes the result null, as does whatever fits no signature.
(function (feel) {
  "use strict";
  const {kind, equals} = feel;
  const N = feel.number, T = feel.temporal, {D} = N;
  const KINDS = {
    s: "string", n: "number", b: "boolean", d: "date", t: "time", dt: "date and time", c: "context", r: "range", f: "function",
  };
  const BAD = feel.BAD;

  const parameters = (text) =>
    text === "" ? [] : text.split(", ").map((part) => {
      const found = /^(.+):([a-z|]+)([?~*]*)$/.exec(part);
      const kinds = found[2].split("|");
      return {name: found[1], kinds, optional: found[3].includes("?"), nullable: found[3].includes("~"), rest: found[3].includes("*")};
    });
  const fits = (value, what) => {
    if (what === "any") return true;
    if (what === "list") return Array.isArray(value);
    if (what === "dur") return T.isDuration(value);
    if (what === "order") return ["number", "string", "date", "time", "date and time"].includes(kind(value)) || T.isDuration(value);
    return kind(value) === KINDS[what];
  };
  /** The value as a parameter wants it, or BAD. */
  const convert = (value, {kinds}) => {
    if (kinds.some((what) => fits(value, what))) return value;
    if (kinds.includes("list")) return [value];
    if (Array.isArray(value) && value.length === 1 && kinds.some((what) => fits(value[0], what))) return value[0];
    if (kinds.includes("dt") && kind(value) === "date") return T.toDateTime(value, true);
    return BAD;
  };

  feel.Builtin = class Builtin {
    constructor(name) { this.name = name; this.ways = []; }
    get params() { return this.ways[0].params; }
    invoke(given, node) {
      for (const way of this.ways) {
        const values = Array.isArray(given) ? this.inOrder(given, way.params) : this.byName(given, way.params);
        if (values === null) continue;
        const fitting = this.fitting(values, way.params);
        if (fitting === null) continue;
        const result = way.call(...fitting);
        return result === null || result === undefined ? feel.warn("builtin", `${this.name}: no result`, node) : result;
      }
      return feel.warn("arguments", `${this.name} does not take these arguments`, node);
    }
    inOrder(given, params) {
      const last = params.at(-1);
      if (last?.rest) {
        const own = params.length - 1, rest = given.slice(own);
        if (!rest.length) return null;
        return [...given.slice(0, own), rest.length === 1 && Array.isArray(rest[0]) && own === 0 ? rest[0] : rest];
      }
      return given.length <= params.length ? given : null;
    }
    byName(given, params) {
      const names = Object.keys(given);
      const known = names.every((name) => params.some((param) => param.name === name));
      return known ? params.map((param) => (name(param) in given ? given[name(param)] : undefined)) : null;
    }
    fitting(values, params) {
      const result = [];
      for (let at = 0; at < params.length; at++) {
        const param = params[at], value = values[at];
        if (value === undefined) {
          if (!param.optional) return null;
          result.push(undefined);
        } else if (value === null) {
          if (param.rest) return null;
          if (param.nullable) result.push(param.optional ? undefined : null);
          else if (param.kinds[0] === "any") result.push(null);
          else return null;
        } else {
          const list = param.rest && !Array.isArray(value) ? [value] : value;
          const converted = param.rest ? list : convert(value, param);
          if (converted === BAD) return null;
          result.push(converted);
        }
      }
      return result;
    }
  };
  Object.defineProperty(feel.Builtin.prototype, feel.KIND, {value: "function"});
  const name = (param) => param.name;
  feel.builtins = Object.create(null);
  /** Add a way to call the function of that name. */
  feel.define = (title, signature, call) => {
    (feel.builtins[title] ??= new feel.Builtin(title)).ways.push({params: parameters(signature), call});
  };
  const define = feel.define;

  // Texts; positions count code points -----------------------------------------------------------------------------------
  const characters = (text) => Array.from(text);
  define("substring", "string:s, start position:n, length:n?", (text, start, length) => {
    const all = characters(text), from = N.index(start);
    const count = length === undefined ? all.length : N.index(length);
    if (from === 0 || Math.abs(from) > all.length || count < 0) return null;
    const begin = from < 0 ? all.length + from : from - 1;
    return all.slice(begin, begin + count).join("");
  });
  define("string length", "string:s", (text) => characters(text).length);
  define("upper case", "string:s", (text) => text.toUpperCase());
  define("lower case", "string:s", (text) => text.toLowerCase());
  define("substring before", "string:s, match:s", (text, match) => {
    const at = text.indexOf(match);
    return at < 0 ? "" : text.slice(0, at);
  });
  define("substring after", "string:s, match:s", (text, match) => {
    const at = text.indexOf(match);
    return at < 0 ? "" : text.slice(at + match.length);
  });
  define("contains", "string:s, match:s", (text, match) => text.includes(match));
  define("starts with", "string:s, match:s", (text, match) => text.startsWith(match));
  define("ends with", "string:s, match:s", (text, match) => text.endsWith(match));
  define("string join", "list:list, delimiter:s?~, prefix:s?~, suffix:s?~", (list, delimiter = "", prefix = "", suffix = "") => {
    if (list.some((item) => item !== null && kind(item) !== "string")) return null;
    return prefix + list.filter((item) => item !== null).join(delimiter) + suffix;
  });

  // Patterns are those of XML Schema and XPath: (?:…) and look-around are none of them, `x` lets white space be.
  const pattern = (source, flags, extra) => {
    if (!/^[smix]*$/.test(flags) || /\(\?/.test(source)) return null;
    let text = flags.includes("x") ? source.replace(/\[[^\]]*\]|\s+/g, (part) => (part[0] === "[" ? part : "")) : source;
    text = text.replace(/\\([ic])/gi, (_, c) => ({i: "[\\p{L}_:]", I: "[^\\p{L}_:]", c: "[\\p{L}\\p{N}\\-._:]", C: "[^\\p{L}\\p{N}\\-._:]"})[c]);
    // XPath lets more characters be escaped than JavaScript does outside of brackets.
    text = text.replace(/\\.|\[(\\.|[^\]\\])*\]/gs, (part) => (/^\\[-"'#&,:;<=>@_`~!% ]$/.test(part) ? part[1] : part));
    // Character class subtraction, [a-z-[aeiou]].
    text = text.replace(/\[([^\][]+)-\[([^\][]+)\]\]/g, "(?![$2])[$1]");
    const unique = [...new Set(flags.replace("x", ""))].join("");
    try {
      return new RegExp(text, unique + extra + "u");
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  };
  define("matches", "input:s, pattern:s, flags:s?~", (text, source, flags = "") => pattern(source, flags, "")?.test(text));
  define("replace", "input:s, pattern:s, replacement:s, flags:s?~", (text, source, replacement, flags = "") => {
    const wanted = pattern(source, flags, "g");
    if (!wanted || wanted.test("") || /(^|[^\\])(\\\\)*(\\(?![\\$])|\$(?!\d))/.test(replacement)) return null;
    wanted.lastIndex = 0;
    // $12 is group 12 if there are as many, else group 1 and a 2.
    return text.replace(wanted, (...found) => {
      const groups = found.slice(0, found.findIndex((part) => typeof part === "number"));
      return replacement.replace(/\\([\\$])|\$(\d+)/g, (_, escaped, digits) => {
        if (escaped) return escaped;
        let used = digits.length;
        while (used > 1 && Number(digits.slice(0, used)) >= groups.length) used -= 1;
        return (groups[Number(digits.slice(0, used))] ?? "") + digits.slice(used);
      });
    });
  });
  define("split", "string:s, delimiter:s", (text, delimiter) => {
    const wanted = pattern(delimiter, "", "");
    return wanted && text.split(wanted).map((part) => part ?? "");
  });

  // Numbers ------------------------------------------------------------------------------------------------------------
  const rounding = (title, how) =>
    define(title, "n:n, scale:n", (n, scale) => N.round(n, scale, how));
  rounding("decimal", D.ROUND_HALF_EVEN);
  rounding("round up", D.ROUND_UP);
  rounding("round down", D.ROUND_DOWN);
  rounding("round half up", D.ROUND_HALF_UP);
  rounding("round half down", D.ROUND_HALF_DOWN);
  define("floor", "n:n, scale:n?", (n, scale = 0) => N.round(n, scale, D.ROUND_FLOOR));
  define("ceiling", "n:n, scale:n?", (n, scale = 0) => N.round(n, scale, D.ROUND_CEIL));
  define("abs", "n:n", (n) => (N.compare(n, 0) < 0 ? N.negate(n) : n));
  define("abs", "n:dur", (d) => ((d.nanos ?? d.months) < 0 ? T.negate(d) : d));
  define("modulo", "dividend:n, divisor:n", (a, b) => {
    if (b === 0) return null;
    return N.of(D.sub(a, D.mul(b, D.div(a, b).floor())));
  });
  define("sqrt", "number:n", (n) => (N.compare(n, 0) < 0 ? null : N.of(D.sqrt(n))));
  define("log", "number:n", (n) => (N.compare(n, 0) <= 0 ? null : N.of(D.ln(n))));
  define("exp", "number:n", (n) => N.of(D.exp(n)));
  define("even", "number:n", (n) => new D(n).mod(2).isZero());
  define("odd", "number:n", (n) => new D(n).mod(2).abs().eq(1));

  // Booleans, conversion -----------------------------------------------------------------------------------------------
  define("not", "negand:b", (value) => !value);
  define("is", "value1:any, value2:any", (a, b) => {
    if (kind(a) !== kind(b)) return false;
    const zones = (x) => (T.isTemporal(x) && kind(x) !== "date" ? (x.time ?? x).zone ?? (x.time ?? x).offset : null);
    return equals(a, b) === true && zones(a) === zones(b);
  });
  define("string", "from:any", (value) => (value === null ? null : feel.text(value)));
  define("number", "from:s, grouping separator:s?~, decimal separator:s?~", (text, group, point) => {
    if (group !== undefined && ![" ", ",", "."].includes(group)) return null;
    if (point !== undefined && (![",", "."].includes(point) || point === group)) return null;
    let plain = group === undefined ? text : text.split(group).join("");
    if (point === ",") {
      if (plain.includes(".")) return null;
      plain = plain.replace(",", ".");
    }
    return N.parse(plain);
  });
  define("number", "from:n", (n) => n);

  // Contexts -----------------------------------------------------------------------------------------------------------
  const copy = (context) => Object.assign(feel.empty(), context);
  define("get value", "m:c, key:s", (context, key) => feel.member(context, key) ?? null);
  define("get entries", "m:c", (context) =>
    Object.keys(context).map((key) => Object.assign(feel.empty(), {key, value: context[key]})));
  define("context", "entries:list", (entries) => {
    const result = feel.empty();
    for (const entry of entries) {
      const usable = kind(entry) === "context" && typeof entry.key === "string" && "value" in entry;
      if (!usable || entry.key in result) return null;
      result[entry.key] = entry.value;
    }
    return result;
  });
  define("context merge", "contexts:list", (contexts) =>
    (contexts.every((one) => kind(one) === "context") ? Object.assign(feel.empty(), ...contexts) : null));
  const putDeep = (context, keys, value) => {
    if (!keys.length || kind(context) !== "context" || typeof keys[0] !== "string") return null;
    const inner = keys.length === 1 ? value : putDeep(context[keys[0]] ?? null, keys.slice(1), value);
    if (keys.length > 1 && inner === null) return null;
    const result = copy(context);
    result[keys[0]] = inner;
    return result;
  };
  define("context put", "context:c, key:s, value:any", (context, key, value) => putDeep(context, [key], value));
  define("context put", "context:c, keys:list, value:any", putDeep);
})(globalThis.feel);
