import assert from "node:assert/strict";
import type { CursorType } from "#src/domain/destination.js";
import { beyondBookmark, cursorText, cursorValue } from "#src/warehouse/destination.js";
import { identifier, shown } from "#src/warehouse/sql.js";

describe("a cursor value", () => {
  const cast: readonly (readonly [CursorType, string, string])[] = [
    ["TIMESTAMP_NTZ", "2025-12-17 16:49:00", "'2025-12-17 16:49:00'::TIMESTAMP_NTZ"],
    ["TIMESTAMP_LTZ", "2025-12-17 16:49:00", "'2025-12-17 16:49:00 +00:00'::TIMESTAMP_TZ"],
    ["TIMESTAMP_TZ", "2025-12-17 16:49:00", "'2025-12-17 16:49:00 +00:00'::TIMESTAMP_TZ"],
    ["DATE", "2025-12-17", "'2025-12-17'::DATE"],
    ["NUMBER", "42", "'42'::NUMBER(38, 9)"],
  ];

  for (const [type, value, text] of cast) {
    it(`is cast as ${type}, in UTC where the type knows a zone`, () => {
      assert.equal(shown(cursorValue(value, type)), text);
    });
  }

  it("is bound, never written into the text", () => {
    assert.deepEqual(cursorValue("1'; DROP TABLE t", "NUMBER").binds, ["1'; DROP TABLE t"]);
  });
});

describe("the newest cursor", () => {
  const printed: readonly (readonly [CursorType, string])[] = [
    ["TIMESTAMP_NTZ", `TO_VARCHAR("at", 'YYYY-MM-DD HH24:MI:SS.FF9')`],
    ["TIMESTAMP_TZ", `TO_VARCHAR(CONVERT_TIMEZONE('UTC', "at"), 'YYYY-MM-DD HH24:MI:SS.FF9')`],
    ["TIMESTAMP_LTZ", `TO_VARCHAR(CONVERT_TIMEZONE('UTC', "at"), 'YYYY-MM-DD HH24:MI:SS.FF9')`],
    ["DATE", `TO_VARCHAR("at", 'YYYY-MM-DD')`],
    ["NUMBER", `TO_VARCHAR("at")`],
  ];

  for (const [type, text] of printed) {
    it(`is printed in UTC and in full where it is a ${type}`, () => {
      assert.equal(shown(cursorText(identifier("at"), type)), text);
    });
  }
});

describe("a window", () => {
  it("is everything, or the rows beyond the bookmark", () => {
    const cursor = { column: "nº", type: "NUMBER" } as const;

    assert.equal(shown(beyondBookmark({ kind: "all" })), "TRUE");
    assert.equal(
      shown(beyondBookmark({ kind: "after", cursor, bookmark: "42" })),
      `"nº" > '42'::NUMBER(38, 9)`,
    );
  });
});
