// Dates, times and durations by DMN 1.5, 10.3.2.3: proleptic Gregorian, years to ±999,999,999, nanoseconds, offsets to
// seconds, named zones. What a zone's offset was at which time comes from outside as data: `feel.zones`; a zone that is
// not there yet is asked for by throwing NeedZone (border.js), and the whole evaluation is done again.
(function (feel) {
  "use strict";
  const N = feel.number;
  const DAY = 86400, GIGA = 1000000000n;
  const div = (a, b) => Math.floor(a / b);
  const mod = (a, b) => a - b * Math.floor(a / b);
  const pad = (x, width = 2) => String(x).padStart(width, "0");

  feel.zones = Object.create(null);
  feel.NeedZone = class NeedZone { constructor(name) { this.name = name; } };

  // Days since 1970-01-01 and back (H. Hinnant, "chrono-compatible low-level date algorithms").
  const daysOf = (year, month, day) => {
    const y = month <= 2 ? year - 1 : year, era = div(y, 400), yoe = y - era * 400;
    const doy = div(153 * (month + (month > 2 ? -3 : 9)) + 2, 5) + day - 1;
    return era * 146097 + yoe * 365 + div(yoe, 4) - div(yoe, 100) + doy - 719468;
  };
  const civil = (days) => {
    const z = days + 719468, era = div(z, 146097), doe = z - era * 146097;
    const yoe = div(doe - div(doe, 1460) + div(doe, 36524) - div(doe, 146096), 365);
    const doy = doe - (365 * yoe + div(yoe, 4) - div(yoe, 100)), mp = div(5 * doy + 2, 153);
    const month = mp < 10 ? mp + 3 : mp - 9;
    return [yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - div(153 * mp + 2, 5) + 1];
  };
  const leap = (y) => mod(y, 4) === 0 && (mod(y, 100) !== 0 || mod(y, 400) === 0);
  const monthDays = (y, m) => (m === 2 ? (leap(y) ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31);
  const validDate = (y, m, d) => Math.abs(y) <= 999999999 && m >= 1 && m <= 12 && d >= 1 && d <= monthDays(y, m);

  // Zones -------------------------------------------------------------------------------------------------------------
  const zone = (name) => {
    if (!(name in feel.zones)) throw new feel.NeedZone(name);
    return feel.zones[name];
  };
  const offsetAt = (name, instant) => {
    const {at, offsets} = zone(name); // offsets[i] holds from at[i − 1] to at[i]
    let low = 0, high = at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at[middle] <= instant) low = middle + 1;
      else high = middle;
    }
    return offsets[low];
  };
  /** Offset of a local time; of a time that exists twice the earlier one, of one that is skipped the offset before. */
  const offsetOfLocal = (name, local) => {
    const before = offsetAt(name, local - DAY), after = offsetAt(name, local + DAY);
    if (before === after || offsetAt(name, local - before) === before) return before;
    return offsetAt(name, local - after) === after ? after : before;
  };
  const ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;
  const isZone = (name) => ZONE.test(name) && name.length < 50 && zone(name) !== null;
  const offsetText = (offset) => {
    if (offset === 0) return "Z";
    const size = Math.abs(offset), seconds = size % 60;
    return (offset < 0 ? "-" : "+") + pad(div(size, 3600)) + ":" + pad(div(size, 60) % 60) + (seconds ? ":" + pad(seconds) : "");
  };
  const suffix = (t) => (t.zone !== null ? "@" + t.zone : t.offset === null ? "" : offsetText(t.offset));

  // Values ------------------------------------------------------------------------------------------------------------
  class FeelDate {
    constructor(year, month, day) { this.year = year; this.month = month; this.day = day; }
    get days() { return daysOf(this.year, this.month, this.day); }
    toString() { return (this.year < 0 ? "-" : "") + pad(Math.abs(this.year), 4) + "-" + pad(this.month) + "-" + pad(this.day); }
  }
  class FeelTime {
    /** `seconds` since midnight, `nanos`, `offset` in seconds or null, name of the zone or null. */
    constructor(seconds, nanos, offset, zoneName) {
      this.seconds = seconds; this.nanos = nanos; this.offset = offset; this.zone = zoneName;
    }
    get hour() { return div(this.seconds, 3600); }
    get minute() { return div(this.seconds, 60) % 60; }
    get second() { return this.seconds % 60; }
    get local() { return this.offset === null && this.zone === null; }
    offsetOn(days) {
      return this.zone !== null ? offsetOfLocal(this.zone, days * DAY + this.seconds) : this.offset;
    }
    clock() {
      const fraction = this.nanos ? "." + pad(this.nanos, 9).replace(/0+$/, "") : "";
      return pad(this.hour) + ":" + pad(this.minute) + ":" + pad(this.second) + fraction;
    }
    toString() { return this.clock() + suffix(this); }
  }
  class FeelDateTime {
    constructor(date, time) { this.date = date; this.time = time; }
    get local() { return this.time.local; }
    get offset() { return this.time.offsetOn(this.date.days); }
    /** Seconds since 1970, of a local one as if it were UTC. */
    get instant() { return this.date.days * DAY + this.time.seconds - (this.offset ?? 0); }
    toString() { return this.date + "T" + this.time; }
  }
  class Months {
    constructor(months) { this.months = months; }
    toString() {
      const size = Math.abs(this.months), years = div(size, 12), rest = size % 12;
      if (!size) return "P0M";
      return (this.months < 0 ? "-P" : "P") + (years ? years + "Y" : "") + (rest ? rest + "M" : "");
    }
  }
  class Span {
    /** Length as a BigInt of nanoseconds. */
    constructor(nanos) { this.nanos = nanos; }
    get size() { return this.nanos < 0n ? -this.nanos : this.nanos; }
    part(unit, of) { return Number((this.size / unit) % of) * (this.nanos < 0n ? -1 : 1) + 0; }
    get days() { return Number(this.size / (86400n * GIGA)) * (this.nanos < 0n ? -1 : 1) + 0; }
    get hours() { return this.part(3600n * GIGA, 24n); }
    get minutes() { return this.part(60n * GIGA, 60n); }
    get seconds() {
      const nanos = this.size % (60n * GIGA), whole = Number(nanos / GIGA), rest = nanos % GIGA;
      const size = rest ? N.of(new N.D(whole + "." + pad(rest, 9))) : whole;
      return this.nanos < 0n ? N.negate(size) : size;
    }
    toString() {
      if (this.nanos === 0n) return "PT0S";
      const size = new Span(this.size), days = size.days, h = size.hours, m = size.minutes, s = size.seconds;
      const time = (h ? h + "H" : "") + (m ? m + "M" : "") + (s !== 0 ? N.text(s) + "S" : "");
      return (this.nanos < 0n ? "-P" : "P") + (days ? days + "D" : "") + (time ? "T" + time : "");
    }
  }

  // Reading -----------------------------------------------------------------------------------------------------------
  const date = (year, month, day) => (validDate(year, month, day) ? new FeelDate(year, month, day) : null);
  const parseDate = (text) => {
    const found = /^(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)$/.exec(text);
    return found && date((found[1] ? -1 : 1) * Number(found[2]) + 0, Number(found[3]), Number(found[4]));
  };
  const time = (hour, minute, second, nanos, offset, zoneName) => {
    const inside = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    if (!inside || (offset !== null && Math.abs(offset) > 18 * 3600)) return null;
    return new FeelTime(hour * 3600 + minute * 60 + second, nanos, offset, zoneName);
  };
  const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@(.+))?$/;
  const parseTime = (text) => {
    const found = TIME.exec(text);
    if (!found) return null;
    const [, hour, minute, second, fraction, zulu, sign, oh, om, os, name] = found;
    if (name !== undefined && !isZone(name)) return null;
    if (sign && (Number(om) > 59 || Number(os ?? 0) > 59)) return null;
    const size = sign ? Number(oh) * 3600 + Number(om) * 60 + Number(os ?? 0) : 0;
    const offset = zulu || sign ? (sign === "-" ? 0 - size : size) : null;
    const nanos = fraction ? Number(fraction.slice(0, 9).padEnd(9, "0")) : 0;
    return time(Number(hour), Number(minute), Number(second), nanos, offset, name ?? null);
  };
  const MIDNIGHT = new FeelTime(0, 0, null, null);
  const UTC_MIDNIGHT = new FeelTime(0, 0, 0, null);
  const parseDateTime = (text) => {
    const cut = text.indexOf("T");
    const day = parseDate(cut < 0 ? text : text.slice(0, cut));
    const clock = cut < 0 ? MIDNIGHT : parseTime(text.slice(cut + 1));
    return day && clock && new FeelDateTime(day, clock);
  };
  const parseDuration = (text) => {
    const months = /^(-?)P(?=\d)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?$/.exec(text);
    if (months) {
      const total = Number(months[2] ?? 0) * 12 + Number(months[3] ?? 0);
      return Number.isSafeInteger(total) ? new Months(months[1] ? 0 - total : total) : null;
    }
    const found = /^(-?)P(?=\d|T\d)(?:(\d{1,15})D)?(?:T(?=\d)(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15})(?:\.(\d*))?S)?)?$/.exec(text);
    if (!found) return null;
    const [, sign, d, h, m, s, fraction] = found;
    const whole = ((BigInt(d ?? 0) * 24n + BigInt(h ?? 0)) * 60n + BigInt(m ?? 0)) * 60n + BigInt(s ?? 0);
    const nanos = whole * GIGA + BigInt((fraction ?? "").slice(0, 9).padEnd(9, "0"));
    return new Span(sign ? -nanos : nanos);
  };

  feel.calendar = {
    FeelDate, FeelTime, FeelDateTime, Months, Span, DAY, GIGA, MIDNIGHT, UTC_MIDNIGHT,
    daysOf, civil, monthDays, leap, date, time, isZone, offsetAt,
    parseDate, parseTime, parseDateTime, parseDuration, div, mod,
    /** A text after `@`: what kind it is shows in its form. */
    parse(text) {
      if (/^-?P/.test(text)) return parseDuration(text);
      if (/^\d\d:/.test(text)) return parseTime(text);
      return text.includes("T") ? parseDateTime(text) : parseDate(text);
    },
  };
})(globalThis.feel);
