// Numbers as FEEL has them: decimal, 34 digits, half to even (IEEE 754 decimal128). A whole number within ±(2^53 − 1) is
// a JavaScript number, every other one a Decimal; `of` keeps that form, so that both never stand for the same value.
(function (global) {
  "use strict";
  const feel = (global.feel = Object.create(null));
  const D = Decimal.clone({
    precision: 34, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -7000, toExpPos: 7000, minE: -6176, maxE: 6144,
  });

  const isNumber = (x) => typeof x === "number" || x instanceof D;
  const of = (x) => {
    if (!x.isFinite()) return null;
    if (x.isInteger() && x.abs().lte(Number.MAX_SAFE_INTEGER)) return x.toNumber() + 0 || 0;
    return x;
  };
  const safe = Number.isSafeInteger;
  const near = (x) => (typeof x === "number" ? x : (x.near ??= Number(x)));
  const whole = (x) => typeof x === "number" || x.isInteger();

  feel.number = {
    D, of, isNumber, whole,
    /** The number that a text says in FEEL's spelling, or null. */
    parse(text) {
      if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,6})?$/.test(text) || text.length > 10000) return null;
      return of(new D(text).toSignificantDigits(34));
    },
    text: (x) => (typeof x === "number" ? String(x) : x.toString()),
    add(a, b) {
      const sum = typeof a === "number" && typeof b === "number" ? a + b : NaN;
      return safe(sum) ? sum : of(D.add(a, b));
    },
    subtract(a, b) {
      const rest = typeof a === "number" && typeof b === "number" ? a - b : NaN;
      return safe(rest) ? rest : of(D.sub(a, b));
    },
    multiply(a, b) {
      const product = typeof a === "number" && typeof b === "number" ? a * b : NaN;
      return safe(product) ? product + 0 : of(D.mul(a, b));
    },
    divide(a, b) {
      if (b === 0) return null;
      const part = typeof a === "number" && typeof b === "number" ? a / b : NaN;
      return safe(part) && part * b === a ? part + 0 : of(D.div(a, b));
    },
    power: (a, b) => of(D.pow(a, b)),
    negate: (a) => (typeof a === "number" ? 0 - a : of(a.neg())),
    compare(a, b) {
      if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : 0;
      // Two that are clearly apart as doubles are so exactly; comparing decimals takes 50 times as long.
      const x = near(a), y = near(b);
      if (Math.abs(x - y) > 1e-12 * (Math.abs(x) + Math.abs(y))) return x < y ? -1 : 1;
      return new D(a).cmp(b);
    },
    /** Rounded to `scale` digits after the point; null when the scale is none that decimal128 has. */
    round(x, scale, how) {
      const digits = typeof scale === "number" ? scale : scale.trunc().toNumber();
      if (digits < -6111 || digits > 6176) return null;
      const value = new D(x);
      if (digits >= value.decimalPlaces()) return x;
      if (digits >= 0) return of(value.toDecimalPlaces(digits, how));
      const unit = D.pow(10, -digits);
      return of(value.div(unit).toDecimalPlaces(0, how).mul(unit));
    },
    /** Index for JavaScript: the whole part. */
    index: (x) => (typeof x === "number" ? x : x.trunc().toNumber()),
  };
})(globalThis);
