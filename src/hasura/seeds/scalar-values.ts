import type { ScalarType } from "./seed-type.js";

/**
 * The values that a column is given, by how much they hurt: `plain` ones survive what migrations usually do, `tricky` ones are
 * accepted but come back changed (`'007'` from a number), `harsh` ones are often refused (`''` as a number). No value is in two of
 * them, except where the type has no more (an enum, a boolean): then the three are one list.
 */
export interface Values {
  readonly plain: readonly string[];
  readonly tricky: readonly string[];
  readonly harsh: readonly string[];
}

/** The values for a type that PostgreSQL or one of its extensions defines; undefined for one that is not known here, such as xml. */
export function scalarValues({ name, modifiers }: ScalarType): Values | undefined {
  return VALUES[name]?.(modifiers);
}

type ByModifiers = (modifiers: readonly number[]) => Values;

/** How many plain values there are: more than rows, so that columns can start at different ones. */
const PLAIN = 24;

const VALUES: Readonly<Record<string, ByModifiers>> = {
  text: () => texts(1000),
  citext: () => texts(1000),
  name: () => texts(60),
  varchar: ([length = 1000]) => texts(length),
  bpchar: ([length = 1000]) => texts(length),
  char: () => listed((n) => String.fromCodePoint(97 + n), ["0", "7", "-", " "], ['"', "'", "Z"]),
  int2: () => integers(["32767", "-32768", "32766", "-32767", "255", "256"]),
  int4: () => integers(["2147483647", "-2147483648", "32768", "16777217", "-32769", "2147483646"]),
  int8: () =>
    integers([
      "9223372036854775807",
      "-9223372036854775808",
      "9007199254740993",
      "2147483648",
      "-2147483649",
      "4294967296",
    ]),
  oid: () => listed((n) => String(n + 1), ["0", "1000"], ["4294967295", "16384"]),
  numeric: ([precision, scale]) => numerics(precision, scale),
  float4: () => floats(["3.4e38", "1e-37", "16777217"]),
  float8: () => floats(["1.7e308", "2.3e-308", "9007199254740993"]),
  money: () =>
    listed((n) => `${n + 1}.25`, ["0", "-1.50", "1000.01", "0.01"], ["92233720368547758.07"]),
  bool: () => {
    // Every five bits in a row occur once in it, so that no two starts give the same rows.
    const bits = [..."00000100011001010011101011011111"].map((bit) => (bit === "1" ? "t" : "f"));
    return { plain: bits, tricky: bits, harsh: bits };
  },
  date: () => listed(day, DAYS, ["infinity", "-infinity", ...FAR_DAYS]),
  timestamp: () => listed((n) => `${day(n)} 10:30:00`, MOMENTS, ["infinity", ...FAR_MOMENTS]),
  timestamptz: () =>
    listed(
      (n) => `${day(n)} 10:30:00+00`,
      OFFSET_MOMENTS,
      ["infinity", ...FAR_MOMENTS].map((text) => (text.endsWith("y") ? text : `${text}+00`)),
    ),
  time: () => listed(hour, HOURS, FAR_HOURS),
  timetz: () =>
    listed(
      (n) => `${hour(n)}+00`,
      HOURS.map((text) => `${text}-03`),
      FAR_HOURS.map((text) => `${text}+13:45`),
    ),
  interval: () =>
    listed(
      (n) => `${n + 1} hours`,
      ["1 mon", "-1 days", "36:00:00", "00:00:00.000001"],
      ["0", "1 year 2 mons -3 days 04:05:06.789", "30 days", "178000000 years", "-1 mons +30 days"],
    ),
  uuid: () => listed((n) => uuid(n + 1), UUIDS.slice(0, 4), UUIDS.slice(4)),
  json: () => listed((n) => `{"a": ${n + 1}}`, JSON_TEXTS.slice(0, 4), JSON_TEXTS.slice(4)),
  jsonb: () => listed((n) => `{"a": ${n + 1}}`, JSON_TEXTS.slice(0, 4), JSON_TEXTS.slice(4)),
  jsonpath: () => listed((n) => `$.a[${n}]`, ["$", "$.*"], ["$.a ? (@ > 1)"]),
  bytea: () =>
    listed(
      (n) => `\\x${hexadecimal(n + 65)}`,
      ["\\x00", "\\xff", "\\xdeadbeef", "\\x0a"],
      ["\\x", "\\xc3a7", "\\x5c27", `\\x${"00ff".repeat(100)}`, "\\x2020", "\\xff00"],
    ),
  inet: () => listed((n) => `10.0.0.${n + 1}`, NETWORKS, ["::1", "10.0.0.1/8", "0.0.0.0"]),
  cidr: () => listed((n) => `10.0.${n}.0/24`, ["10.0.0.0/8", "0.0.0.0/0"], ["::/0", "::1/128"]),
  macaddr: () => listed((n) => `08:00:2b:01:02:${hexadecimal(n)}`, MACS, []),
  macaddr8: () => listed((n) => `08:00:2b:ff:fe:01:02:${hexadecimal(n)}`, [], []),
  bit: ([length = 1]) => bits(length, true),
  varbit: ([length = 12]) => bits(length, false),
  point: () => listed((n) => `(${n + 1},2.5)`, ["(0,0)", "(-1.5,1e1)"], ["(1e300,-1e300)"]),
  line: () => listed((n) => `{1,2,${n + 1}}`, ["{0,-1,0}"], []),
  lseg: () => listed((n) => `[(0,0),(${n + 1},2)]`, ["[(0,0),(0,0)]"], ["[(-1,1e300),(0,0)]"]),
  box: () => listed((n) => `(${n + 1},2),(0,0)`, ["(0,0),(0,0)"], ["(1e300,0),(-1e300,-1)"]),
  path: () => listed((n) => `[(0,0),(${n + 1},2)]`, ["((0,0),(1,1))"], ["[(0,0)]"]),
  polygon: () => listed((n) => `((0,0),(${n + 1},2),(1,0))`, ["((0,0))"], []),
  circle: () => listed((n) => `<(0,0),${n + 1}>`, ["<(0,0),0>"], ["<(-1,1e300),5>"]),
  tsvector: () => listed((n) => `'word${n}':1`, ["'a':1A 'b':2"], [""]),
  tsquery: () => listed((n) => `'word${n}'`, ["'a' & 'b'"], ["!'a'"]),
  pg_lsn: () => listed((n) => `0/${hexadecimal(n + 1)}`, ["0/0"], ["FFFFFFFF/FFFFFFFF"]),
  ltree: () => listed((n) => `top.n${n + 1}`, ["a", "a.b.c.d"], ["007", ""]),
  hstore: () => listed((n) => `"a"=>"${n + 1}"`, ['"a"=>NULL'], ["", '"ç \\" 🙂"=>""']),
};

function listed(
  plain: (n: number) => string,
  tricky: readonly string[],
  harsh: readonly string[],
): Values {
  return { plain: Array.from({ length: PLAIN }, (_, n) => plain(n)), tricky, harsh };
}

/** Plain texts look like numbers and dates would not: a cast of them is what migrations do. No text is longer than the column. */
function texts(length: number): Values {
  const cut = (values: readonly string[]) => [
    ...new Set(values.map((value) => [...value].slice(0, length).join(""))),
  ];
  const plain = Array.from({ length: PLAIN }, (_, n) => (n % 2 === 0 ? `${n + 1}` : `${n + 1}.5`));
  return {
    plain: cut(plain),
    tricky: cut(["007", "1e1", " 8 ", "-1.50"]),
    harsh: cut(["", "Ünïcödé ção 🙂", ODD_CHARACTERS, " ", "null", LONG]),
  };
}

const ODD_CHARACTERS = 'O\'Brien "said" \\n 100% $1\n\ttrue; -- no';
const LONG = `2024-02-29 ${"long ".repeat(198)}`.slice(0, 1000);

function integers(extremes: readonly string[]): Values {
  return listed((n) => String(n + 1), ["0", "-1", "1000", "-250"], extremes);
}

function floats(extremes: readonly string[]): Values {
  const harsh = ["NaN", "Infinity", "-Infinity", ...extremes];
  return listed((n) => `${n + 1}.5`, ["0", "-1.25", "0.1", "1000"], harsh);
}

/** `scale` is how many digits come after the point; `numeric(5)` has none, `numeric` has any number. */
function numerics(precision?: number, scale = 0): Values {
  if (precision === undefined) {
    const extremes = ["NaN", "12345678901234567890.0123456789", "1e-20", "-1e40", "2.000", "1e10"];
    return listed((n) => (n % 2 === 0 ? `${n + 1}` : `${n + 1}.5`), NUMBERS, extremes);
  }
  const most = `${"9".repeat(precision)}e${-scale}`;
  const least = `1e${-scale}`;
  const fits = (text: string) => Math.abs(Number(text)) < 10 ** (precision - scale);
  const plain = Array.from({ length: PLAIN }, (_, n) => `${n + 1}`).filter(fits);
  return {
    plain: plain.length === 0 ? [least] : plain,
    tricky: ["0", "-1", "100.25", `-${least}`].filter(fits),
    harsh: ["NaN", most, `-${most}`, `-2e${-scale}`],
  };
}

const NUMBERS = ["0", "-1", "1000.10", "0.50"];

function bits(length: number, isFixed: boolean): Values {
  const written = (n: number) => n.toString(2).slice(-length);
  const full = (n: number) => written(n).padStart(length, "0");
  const plain = Array.from({ length: PLAIN }, (_, n) => (isFixed ? full(n + 1) : written(n + 1)));
  const harsh = ["0".repeat(length), "1".repeat(length)];
  return { plain: [...new Set(plain)], tricky: [], harsh: isFixed ? harsh : ["", ...harsh] };
}

/** The day that is so many days after one in January 2024. */
function day(n: number): string {
  return new Date(Date.UTC(2024, 0, 15 + n)).toISOString().slice(0, 10);
}

function hour(n: number): string {
  return `${String(n % 24).padStart(2, "0")}:15:00`;
}

function hexadecimal(n: number): string {
  return n.toString(16).padStart(2, "0");
}

function uuid(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

const DAYS = ["2024-02-29", "1969-12-31", "1999-12-31", "2000-01-01"];
const FAR_DAYS = ["0001-01-01", "9999-12-31", "1582-10-10", "0044-03-15 BC"];
const MOMENTS = [
  "2024-02-29 23:59:59.999999",
  "1969-12-31 23:59:59",
  "2024-03-10 02:30:00",
  "2000-01-01 00:00:00",
];
const FAR_MOMENTS = [
  "2023-11-05 01:30:00.5",
  "0001-01-01 00:00:00",
  "9999-12-31 23:59:59.999999",
  "1900-01-01 00:00:00",
];
const OFFSET_MOMENTS = [
  "2024-02-29 23:59:59.999999-03",
  "1969-12-31 23:59:59+00",
  "2024-03-10 02:30:00-05",
  "2018-11-04 00:30:00-02",
];
const HOURS = ["00:00:00", "23:59:59.999999", "02:30:00", "12:00:00.5"];
const FAR_HOURS = ["24:00:00", "00:00:00.000001", "01:30:00", "03:00:00"];
const UUIDS = [
  "00000000-0000-0000-0000-000000000000",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
  "018f3e5c-7d00-7000-8000-0000000000ab",
  "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
  "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
  "0e1e0e1e-0000-4000-8000-00000000000e",
  "12345678-1234-4234-8234-123456789012",
  "deadbeef-dead-4eef-adbe-efdeadbeef00",
  "7fffffff-ffff-4fff-bfff-ffffffffffff",
];
const JSON_TEXTS = [
  "{}",
  "[]",
  '{"a": 1.0, "b": null}',
  '[1, "2", null, true, 1e1]',
  "null",
  '"007"',
  '{"a": 1, "a": 2}',
  '{"a": {"b": [{"c": "\\u00e7 \\" \\\\"}, []]}}',
  "0",
  '{"ünï": "ção 🙂", "": 12345678901234567890}',
];
const NETWORKS = ["192.168.0.1/24", "10.0.0.0/8", "255.255.255.255", "2001:db8::8a2e:370:7334"];
const MACS = ["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"];
