// Built-in functions on lists, times and ranges: DMN 1.5, 10.3.4.4 and 10.3.4.6–10.3.4.10.
(function (feel) {
  "use strict";
  const {kind, equals, compare, define} = feel;
  const N = feel.number, C = feel.calendar, T = feel.temporal, {D} = N;
  const same = (a, b) => equals(a, b) === true;

  // Lists --------------------------------------------------------------------------------------------------------------
  define("list contains", "list:list, element:any", (list, element) => list.some((item) => same(item, element)));
  define("count", "list:list", (list) => list.length);
  const extreme = (sign) => (list) => {
    if (!list.length) return null;
    return list.reduce((best, item) => {
      const order = best === null || item === null ? null : compare(item, best);
      return order === null ? null : order === sign ? item : best;
    });
  };
  const ordered = (call) => (list) => (list.every((item) => compare(item, item) === 0) ? call(list) : null);
  define("min", "list:any*", ordered(extreme(-1)));
  define("max", "list:any*", ordered(extreme(1)));
  const numbers = (call) => (list) => (list.every(N.isNumber) ? call(list) : null);
  const total = (list) => list.reduce(N.add, 0);
  const byValue = (list) => list.slice().sort(N.compare);
  define("sum", "list:any*", numbers((list) => (list.length ? total(list) : null)));
  define("product", "list:any*", numbers((list) => (list.length ? list.reduce(N.multiply, 1) : null)));
  define("mean", "list:any*", numbers((list) => (list.length ? N.divide(total(list), list.length) : null)));
  define("median", "list:any*", numbers((list) => {
    if (!list.length) return null;
    const sorted = byValue(list), middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : N.divide(N.add(sorted[middle - 1], sorted[middle]), 2);
  }));
  define("stddev", "list:any*", numbers((list) => {
    if (list.length < 2) return null;
    const mean = D.div(total(list), list.length);
    const squares = list.reduce((sum, x) => sum.add(D.sub(x, mean).pow(2)), new D(0));
    return N.of(squares.div(list.length - 1).sqrt());
  }));
  define("mode", "list:any*", numbers((list) => {
    const counts = [];
    for (const x of byValue(list)) {
      if (counts.length && N.compare(counts.at(-1)[0], x) === 0) counts.at(-1)[1] += 1;
      else counts.push([x, 1]);
    }
    const most = Math.max(...counts.map(([, count]) => count));
    return counts.filter(([, count]) => count === most).map(([x]) => x);
  }));
  const logical = (decisive) => (list) => {
    if (list.includes(decisive)) return decisive;
    return list.every((item) => typeof item === "boolean") ? !decisive : null;
  };
  define("all", "list:any*", logical(false));
  define("any", "list:any*", logical(true));
  define("sublist", "list:list, start position:n, length:n?", (list, start, length) => {
    const from = N.index(start);
    if (from === 0 || Math.abs(from) > list.length) return null;
    const begin = from < 0 ? list.length + from : from - 1;
    if (length === undefined) return list.slice(begin);
    const count = N.index(length);
    return count < 0 || begin + count > list.length ? null : list.slice(begin, begin + count);
  });
  define("append", "list:list, item:any*", (list, items) => [...list, ...items]);
  define("concatenate", "list:any*", (lists) => lists.flatMap((one) => one));
  const position = (list, at) => {
    const index = N.index(at);
    return index === 0 || Math.abs(index) > list.length ? null : index < 0 ? list.length + index : index - 1;
  };
  define("insert before", "list:list, position:n, newItem:any", (list, at, item) => {
    const index = N.index(at) === list.length + 1 ? list.length : position(list, at);
    return index === null ? null : list.toSpliced(index, 0, item);
  });
  define("remove", "list:list, position:n", (list, at) => {
    const index = position(list, at);
    return index === null ? null : list.toSpliced(index, 1);
  });
  define("list replace", "list:list, position:n, newItem:any", (list, at, item) => {
    const index = position(list, at);
    return index === null ? null : list.with(index, item);
  });
  define("list replace", "list:list, match:f, newItem:any", (list, match, item) => {
    const found = list.map((old) => feel.invoke(match, [old, item]));
    return found.every((one) => typeof one === "boolean") ? list.map((old, at) => (found[at] ? item : old)) : null;
  });
  define("reverse", "list:list", (list) => list.toReversed());
  define("index of", "list:list, match:any", (list, match) => list.flatMap((item, at) => (same(item, match) ? [at + 1] : [])));
  const distinct = (list) => {
    const kept = [], plain = new Set();
    for (const item of list) {
      const simple = typeof item === "string" || typeof item === "number";
      if (simple ? plain.has(item) : kept.some((other) => same(item, other))) continue;
      if (simple) plain.add(item);
      kept.push(item);
    }
    return kept;
  };
  define("union", "list:any*", (lists) => distinct(lists.flatMap((one) => one)));
  define("distinct values", "list:list", distinct);
  define("flatten", "list:list", (list) => list.flat(Infinity));
  // Merge sort: stable, and sound with whatever order a function gives.
  const sorted = (list, before) => {
    if (list.length < 2) return list.slice();
    const middle = list.length >> 1, left = sorted(list.slice(0, middle), before), right = sorted(list.slice(middle), before);
    const result = [];
    let l = 0, r = 0;
    while (l < left.length && r < right.length) result.push(before(right[r], left[l]) ? right[r++] : left[l++]);
    return result.concat(left.slice(l), right.slice(r));
  };
  define("sort", "list:list, precedes:f", (list, precedes) => sorted(list, (a, b) => feel.invoke(precedes, [a, b]) === true));
  define("sort", "list:list", (list) => ordered((all) => sorted(all, (a, b) => compare(a, b) < 0))(list));

  // Dates and times ----------------------------------------------------------------------------------------------------
  const intOf = (x) => (N.whole(x) && typeof x === "number" ? x : NaN);
  define("date", "from:s", C.parseDate);
  define("date", "from:d", (day) => day);
  define("date", "from:dt", (value) => value.date);
  define("date", "year:n, month:n, day:n", (year, month, day) => C.date(intOf(year), intOf(month), intOf(day)));
  define("date and time", "from:s", C.parseDateTime);
  define("date and time", "from:dt", (value) => value);
  define("date and time", "date:d|dt, time:t", (day, time) => new C.FeelDateTime(day.date ?? day, time));
  define("time", "from:s", C.parseTime);
  define("time", "from:t", (value) => value);
  define("time", "from:d", () => C.UTC_MIDNIGHT);
  define("time", "from:dt", (value) => value.time);
  define("time", "hour:n, minute:n, second:n, offset:dur?~", (hour, minute, second, offset) => {
    const whole = N.index(second), nanos = D.sub(second, whole).mul(1e9).trunc().toNumber();
    if (offset !== undefined && !(offset instanceof C.Span)) return null;
    const shift = offset === undefined ? null : Number(offset.nanos / C.GIGA);
    return C.time(intOf(hour), intOf(minute), whole, nanos, shift, null);
  });
  define("duration", "from:s", C.parseDuration);
  define("duration", "from:dur", (value) => value);
  define("years and months duration", "from:d|dt, to:d|dt", T.monthsBetween);
  define("now", "", () => feel.clock && C.parseDateTime(feel.clock));
  define("today", "", () => feel.clock && C.parseDateTime(feel.clock).date);
  const dayOf = (value) => value.date ?? value;
  const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  define("day of week", "date:d|dt", (value) => WEEKDAYS[T.weekday(dayOf(value)) - 1]);
  define("month of year", "date:d|dt", (value) => MONTHS[dayOf(value).month - 1]);
  define("day of year", "date:d|dt", (value) => T.dayOfYear(dayOf(value)));
  define("week of year", "date:d|dt", (value) => T.week(dayOf(value)));

  // Ranges: tables 77 and 78 of the standard; a point is a range with both ends included ---------------------------------
  const asRange = (x) => (kind(x) === "range" ? x : new feel.FeelRange(x, x, true, true));
  /** -1, 0, 1 for two ends; an open side lies beyond everything. */
  const ends = (a, b, openA, openB) => {
    if (a === null || b === null) return a === b ? (openA === openB ? 0 : openA - openB) : a === null ? openA : -openB;
    return compare(a, b);
  };
  const startToStart = (a, b) => ends(a.start, b.start, -1, -1);
  const endToEnd = (a, b) => ends(a.end, b.end, 1, 1);
  const endToStart = (a, b) => ends(a.end, b.start, 1, -1);
  const before = (a, b) => {
    const order = endToStart(a, b);
    return order === null ? null : order < 0 || (order === 0 && !(a.endIncluded && b.startIncluded));
  };
  const meets = (a, b) => {
    const order = endToStart(a, b);
    return order === null ? null : order === 0 && a.endIncluded && b.startIncluded;
  };
  const startsEarlier = (a, b) => {
    const order = startToStart(a, b);
    return order === null ? null : order < 0 || (order === 0 && a.startIncluded && !b.startIncluded);
  };
  const endsLater = (a, b) => {
    const order = endToEnd(a, b);
    return order === null ? null : order > 0 || (order === 0 && a.endIncluded && !b.endIncluded);
  };
  const both = (x, y) => (x === null || y === null ? null : x && y);
  const no = (x) => (x === null ? null : !x);
  const includes = (a, b) => both(no(startsEarlier(b, a)), no(endsLater(b, a)));
  const overlaps = (a, b) => both(no(before(a, b)), no(before(b, a)));
  const finishes = (a, b) => {
    const order = endToEnd(a, b);
    return order === null ? null : both(order === 0 && a.endIncluded === b.endIncluded, no(startsEarlier(a, b)));
  };
  const starts = (a, b) => {
    const order = startToStart(a, b);
    return order === null ? null : both(order === 0 && a.startIncluded === b.startIncluded, no(endsLater(a, b)));
  };
  const coincides = (a, b) => {
    const [x, y] = [startToStart(a, b), endToEnd(a, b)];
    if (x === null || y === null) return null;
    return x === 0 && y === 0 && a.startIncluded === b.startIncluded && a.endIncluded === b.endIncluded;
  };
  const relation = (name, first, second, call) => {
    const names = {p: "point", r: "range"}, same = first === second;
    const label = (what, at) => (same ? names[what] + at : names[what]) + (what === "p" ? ":order" : ":r");
    define(name, label(first, 1) + ", " + label(second, 2), (a, b) => call(asRange(a), asRange(b)));
  };
  for (const [first, second] of ["pp", "pr", "rp", "rr"]) {
    relation("before", first, second, before);
    relation("after", first, second, (a, b) => before(b, a));
    relation("coincides", first, second, coincides);
  }
  relation("meets", "r", "r", meets);
  relation("met by", "r", "r", (a, b) => meets(b, a));
  relation("overlaps", "r", "r", overlaps);
  relation("overlaps before", "r", "r", (a, b) => both(both(startsEarlier(a, b), overlaps(a, b)), no(endsLater(a, b))));
  relation("overlaps after", "r", "r", (a, b) => both(both(endsLater(a, b), overlaps(a, b)), no(startsEarlier(a, b))));
  for (const one of "pr") {
    relation("finishes", one, "r", finishes);
    relation("finished by", "r", one, (a, b) => finishes(b, a));
    relation("includes", "r", one, includes);
    relation("during", one, "r", (a, b) => includes(b, a));
    relation("starts", one, "r", starts);
    relation("started by", "r", one, (a, b) => starts(b, a));
  }
  define("range", "from:s", (text) => {
    if (!/^\s*[[(\]].*\.\..*[\])[]\s*$/s.test(text)) return null;
    const found = feel.build(text, feel.scope())(feel.scope());
    return kind(found) === "range" ? found : null;
  });
})(globalThis.feel);
