// Runs first in every context. What could tell two runs apart or hold a thread up is taken away, and the one function
// that the outside calls is made while everything is still as it was born: a script that later replaces JSON.parse
// changes nothing here.
(function (deterministic) {
  "use strict";
  const {parse, stringify} = JSON;
  const {apply, construct, defineProperty} = Reflect;
  const slice = String.prototype.slice, join = Array.prototype.join;
  const PromiseHere = Promise, ErrorHere = Error, text = String;

  for (const name of ["Atomics", "SharedArrayBuffer", "WeakRef", "FinalizationRegistry", "performance", "print"])
    delete globalThis[name];

  if (deterministic) {
    const Clock = Date;
    const refuse = () => { throw new TypeError("there is no clock here"); };
    const Fixed = function Date(...parts) {
      if (!new.target || !parts.length) refuse();
      return construct(Clock, parts, new.target);
    };
    Fixed.prototype = Clock.prototype;
    Fixed.UTC = Clock.UTC;
    Fixed.parse = Clock.parse;
    Fixed.now = refuse;
    defineProperty(Clock.prototype, "constructor", {value: Fixed, writable: true, configurable: true});
    globalThis.Date = Fixed;
    Math.random = () => { throw new TypeError("there is no chance here"); };
  }

  const cut = (value) => apply(slice, typeof value === "string" ? value : "", [0, 2000]);
  const described = (error) => {
    try {
      if (error instanceof ErrorHere) return ["threw", cut(error.name), cut(error.message)];
      // The engine throws null when no memory is left for an error.
      if (error === null) return ["threw", "InternalError", "out of memory"];
      return ["threw", "thrown", cut(typeof error === "object" ? "" : text(error))];
    } catch {
      return ["threw", "thrown", ""];
    }
  };
  const run = (name, values, most) => {
    let answer;
    try {
      const target = globalThis[name];
      if (typeof target !== "function") return stringify(["missing", cut(name), ""]);
      const value = apply(target, undefined, parse(values));
      if (value instanceof PromiseHere) return stringify(["result", "a promise is not waited for", ""]);
      answer = stringify(value);
      if (typeof answer !== "string") return stringify(["result", "no JSON value", typeof value]);
      if (answer.length > most) return stringify(["result", "too large", ""]);
    } catch (error) {
      return stringify(described(error));
    }
    return apply(join, ["=", answer], [""]); // "=" + answer would be a rope, which the binding cannot read
  };
  return run;
})
