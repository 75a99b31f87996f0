import assert from "node:assert/strict";
import fc from "fast-check";
import {
  cursorKindOf,
  freeSecondBelow,
  parseBookmark,
  secondsOf,
  timestampOf,
} from "#src/domain/bookmark.js";
import { occupiedSeconds, seconds } from "../support/arbitraries.js";

describe("the bookmark that is offered", () => {
  it("is at or below the given one, with no row in its second or in the second on either side", () => {
    fc.assert(
      fc.property(occupiedSeconds, ({ bookmark, occupied }) => {
        const offered = freeSecondBelow(bookmark, occupied);
        const near = occupied.filter((second) => Math.abs(second - offered) <= 1);
        assert.ok(offered <= bookmark);
        assert.deepEqual(near, []);
      }),
    );
  });

  it("is the nearest such second", () => {
    fc.assert(
      fc.property(occupiedSeconds, ({ bookmark, occupied }) => {
        const offered = freeSecondBelow(bookmark, occupied);
        const between = Array.from({ length: bookmark - offered }, (_, age) => bookmark - age);
        const isFree = (second: number) => occupied.every((each) => Math.abs(each - second) > 1);
        assert.deepEqual(between.filter(isFree), []);
      }),
    );
  });

  it("is the given one where no row is near", () => {
    assert.equal(freeSecondBelow(1000, [998, 997]), 1000);
  });

  it("lies two seconds below a row of the next second", () => {
    assert.equal(freeSecondBelow(1000, [1001]), 999);
  });
});

describe("a bookmark", () => {
  const timestamp = { kind: "bookmark", cursorKind: "timestamp", text: "2025-12-17 16:49:00" };

  for (const spelling of [
    "2025-12-17 16:49:00",
    "2025-12-17T16:49:00",
    "2025-12-17T16:49:00Z",
    "2025-12-17 16:49:00.000",
  ]) {
    it(`may be written ${spelling}`, () => {
      assert.deepEqual(parseBookmark(spelling, "timestamp"), timestamp);
    });
  }

  it("is read as it is printed, whatever the second", () => {
    fc.assert(
      fc.property(seconds, (second) => {
        const text = timestampOf(second);
        const parsed = parseBookmark(text, "timestamp");
        assert.deepEqual(parsed, { kind: "bookmark", cursorKind: "timestamp", text });
        assert.equal(secondsOf(text), second);
      }),
    );
  });

  it("is read as it is printed, whatever the number", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        const parsed = parseBookmark(number, "number");
        assert.deepEqual(parsed, { kind: "bookmark", cursorKind: "number", text: String(number) });
        assert.deepEqual(parseBookmark(String(number), "number"), parsed);
      }),
    );
  });

  it("is read as it is printed, whatever the date", () => {
    fc.assert(
      fc.property(seconds, (second) => {
        const text = timestampOf(second).slice(0, 10);
        assert.deepEqual(parseBookmark(text, "date"), {
          kind: "bookmark",
          cursorKind: "date",
          text,
        });
      }),
    );
  });

  const fraction = "has a fraction of a second, which Maestro may cut: give whole seconds";
  const offset = "has a time-zone offset: give the time in UTC without one";
  const noTimestamp = "is not a timestamp (YYYY-MM-DD HH:MM:SS in UTC), which this cursor holds";
  const noDate = "is not a date (YYYY-MM-DD), which this cursor holds";
  const noNumber = "is not a plain number, which this cursor holds";
  const wrong = [
    ["2025-12-17 16:49:00.5", "timestamp", fraction],
    ["2025-12-17T16:49:00.123456Z", "timestamp", fraction],
    ["2025-12-17 16:49:00-03:00", "timestamp", offset],
    ["2025-12-17T16:49:00+0000", "timestamp", offset],
    ["2025-12-17 16:49:00.000-03:00", "timestamp", offset],
    ["2025-02-30 10:00:00", "timestamp", noTimestamp],
    ["2025-12-17 24:00:00", "timestamp", noTimestamp],
    ["2025-12-17 16:60:00", "timestamp", noTimestamp],
    ["2025-12-17", "timestamp", noTimestamp],
    ["17/12/2025 16:49:00", "timestamp", noTimestamp],
    ["yesterday", "timestamp", noTimestamp],
    ["", "timestamp", noTimestamp],
    [1_765_990_140, "timestamp", noTimestamp],
    ["2025-12-17 16:49:00", "date", noDate],
    ["2025-02-30", "date", noDate],
    [20251217, "date", noDate],
    ["2025-12-17", "number", noNumber],
    ["1e3", "number", noNumber],
    ["1,000", "number", noNumber],
    [1e21, "number", noNumber],
    [Number.NaN, "number", noNumber],
    [Number.POSITIVE_INFINITY, "number", noNumber],
  ] as const;

  for (const [value, cursorKind, problem] of wrong) {
    it(`is refused for a ${cursorKind} cursor when written ${JSON.stringify(value)}`, () => {
      assert.deepEqual(parseBookmark(value, cursorKind), { kind: "problem", problem });
    });
  }
});

describe("the kind of a cursor", () => {
  const named = [
    ["mysql", "timestamp", "timestamp"],
    ["mysql", "DATETIME", "timestamp"],
    ["postgresql", "timestamp with time zone", "timestamp"],
    ["sqlserver", "datetimeoffset", "timestamp"],
    ["mysql", "date", "date"],
    ["oracle", "DATE", "timestamp"],
    ["oracle", "NUMBER", "number"],
    ["postgresql", "bigserial", "number"],
    ["mysql", "varchar", undefined],
  ] as const;

  for (const [plugin, type, kind] of named) {
    it(`is ${kind ?? "unknown"} for ${type} of ${plugin}`, () => {
      assert.equal(cursorKindOf(plugin, type), kind);
    });
  }
});
