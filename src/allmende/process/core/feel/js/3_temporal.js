// Arithmetic of dates, times and durations: DMN 1.5, 10.3.2.3 and table 56.
(function (feel) {
  "use strict";
  const N = feel.number, C = feel.calendar;
  const {FeelDate, FeelTime, FeelDateTime, Months, Span, DAY, GIGA, div, mod} = C;

  const addMonths = (day, months) => {
    const total = day.year * 12 + (day.month - 1) + months;
    const year = div(total, 12), month = mod(total, 12) + 1;
    return C.date(year, month, Math.min(day.day, C.monthDays(year, month)));
  };
  const dateOfDays = (days) => (Math.abs(days) < 4e11 ? C.date(...C.civil(days)) : null);

  /** Seconds and nanoseconds of a span, rounded down; of a time only what is left of whole days counts. */
  const split = (span, ofDay) => {
    const nanos = ((span.nanos % GIGA) + GIGA) % GIGA, seconds = (span.nanos - nanos) / GIGA;
    return [Number(ofDay ? seconds % 86400n : seconds), Number(nanos)];
  };
  const addSpan = (value, span) => {
    const [seconds, nanos] = split(span, value instanceof FeelTime);
    if (value instanceof FeelDate) return dateOfDays(value.days + div(seconds, DAY));
    const clock = value instanceof FeelTime ? value : value.time;
    const fine = clock.nanos + nanos, carry = fine >= 1e9 ? 1 : 0;
    if (value instanceof FeelTime) {
      return new FeelTime(mod(clock.seconds + seconds + carry, DAY), fine - carry * 1e9, clock.offset, clock.zone);
    }
    // Time passes on the world's clock: over a change to summer time the local clock jumps.
    const instant = value.instant + seconds + carry;
    const offset = clock.zone !== null ? C.offsetAt(clock.zone, instant) : clock.offset ?? 0;
    const local = instant + offset, day = dateOfDays(div(local, DAY));
    return day && new FeelDateTime(day, new FeelTime(mod(local, DAY), fine - carry * 1e9, clock.offset, clock.zone));
  };
  const add = (value, duration) => {
    if (duration instanceof Span) return addSpan(value, duration);
    if (value instanceof FeelTime) return null;
    if (value instanceof FeelDate) return addMonths(value, duration.months);
    const day = addMonths(value.date, duration.months);
    return day && new FeelDateTime(day, value.time);
  };
  const negate = (duration) => (duration instanceof Span ? new Span(-duration.nanos) : new Months(0 - duration.months));

  const span = (seconds, nanos) => new Span(BigInt(seconds) * GIGA + BigInt(nanos));
  const toDateTime = (value, zoned) =>
    value instanceof FeelDate ? new FeelDateTime(value, zoned ? C.UTC_MIDNIGHT : C.MIDNIGHT) : value;
  const subtract = (a, b) => {
    if (a instanceof FeelTime || b instanceof FeelTime) {
      if (!(a instanceof FeelTime && b instanceof FeelTime) || a.local !== b.local) return null;
      return span(a.seconds - (a.offsetOn(0) ?? 0) - b.seconds + (b.offsetOn(0) ?? 0), a.nanos - b.nanos);
    }
    const zoned = [a, b].some((x) => x instanceof FeelDateTime && !x.local);
    const [x, y] = [toDateTime(a, zoned), toDateTime(b, zoned)];
    return x.local === y.local ? span(x.instant - y.instant, x.time.nanos - y.time.nanos) : null;
  };
  /** Whole months from one day to another. */
  const monthsBetween = (from, to) => {
    const [a, b] = [from, to].map((x) => (x instanceof FeelDateTime ? x.date : x));
    let months = (b.year - a.year) * 12 + b.month - a.month;
    const seconds = (x) => (x instanceof FeelDateTime ? x.time.seconds : 0);
    const past = (x, y, dx, dy) => x > y || (x === y && dx > dy);
    if (months > 0 && past(a.day, b.day, seconds(from), seconds(to))) months -= 1;
    else if (months < 0 && past(b.day, a.day, seconds(to), seconds(from))) months += 1;
    return new Months(months);
  };

  const whole = (x) => BigInt(new N.D(x).trunc().toFixed(0));
  const scaled = (duration, change) => {
    const size = change(length(duration));
    if (!size.isFinite() || size.abs().gt(1e30)) return null;
    if (duration instanceof Span) return new Span(whole(size));
    const months = N.of(size.trunc());
    return typeof months === "number" ? new Months(months) : null;
  };
  const isDuration = (x) => x instanceof Span || x instanceof Months;
  const sameKind = (a, b) => (a instanceof Span && b instanceof Span) || (a instanceof Months && b instanceof Months);
  const join = (a, b, sign) =>
    a instanceof Span ? new Span(a.nanos + BigInt(sign) * b.nanos) : new Months(a.months + sign * b.months);
  const length = (x) => new N.D(x instanceof Span ? x.nanos.toString() : x.months);

  feel.temporal = {
    add, subtract, negate, monthsBetween, isDuration, sameKind, join, toDateTime,
    isTemporal: (x) => x instanceof FeelDate || x instanceof FeelTime || x instanceof FeelDateTime,
    multiply: (a, b) => scaled(a, (size) => size.mul(b)),
    divide(a, b) {
      if (isDuration(b)) return sameKind(a, b) && !length(b).isZero() ? N.of(length(a).div(length(b))) : null;
      return b === 0 ? null : scaled(a, (size) => size.div(b));
    },
    /** What comparing needs: seconds of a time (UTC when it has an offset) or of a day. Whole seconds, as the test
     * cases of the standard have it. */
    seconds(x) {
      if (x instanceof FeelDate) return x.days * DAY;
      if (x instanceof FeelTime) return x.seconds - (x.offsetOn(0) ?? 0);
      return x.instant;
    },
    weekday: (day) => mod(day.days + 3, 7) + 1,
    dayOfYear: (day) => day.days - C.daysOf(day.year, 1, 1) + 1,
    /** Week by ISO 8601: week 1 has the year's first Thursday. */
    week(day) {
      const thursday = day.days - mod(day.days + 3, 7) + 3, [year] = C.civil(thursday);
      return div(thursday - C.daysOf(year, 1, 1), 7) + 1;
    },
  };
})(globalThis.feel);
