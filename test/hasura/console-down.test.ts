import assert from "node:assert/strict";
import { consoleDown } from "#src/hasura/sql/console-down.js";

const MARKER =
  "-- Could not auto-generate a down migration.\n-- Please write an appropriate down migration for the SQL below:\n";

describe("a down that the console could not write", () => {
  it("is a comment and nothing else", () => {
    const up = "UPDATE students\nSET score_decimal = score::decimal;";
    const down = `${MARKER}-- UPDATE students\n-- SET score_decimal = score::decimal;\n;\n`;

    assert.deepEqual(consoleDown(down, up), { kind: "comment only" });
  });

  it("is live in its tail where only the first line became a comment", () => {
    const up = 'alter table "public"."a" add column "b" text\n not null;';
    const down = `${MARKER}-- alter table "public"."a" add column "b" text\n not null;\n`;

    assert.deepEqual(consoleDown(down, up), {
      kind: "half commented",
      line: 4,
      tail: "not null;",
    });
  });

  it("is live in its tail also when the tail is a statement that runs", () => {
    const up = "CREATE OR REPLACE VIEW v AS\r\n SELECT a\r\n FROM t;";
    const down = `${MARKER}-- CREATE OR REPLACE VIEW v AS\r\n SELECT a\r\n FROM t;`;

    assert.deepEqual(consoleDown(down, up), {
      kind: "half commented",
      line: 4,
      tail: "SELECT a\n FROM t;",
    });
  });

  it("is answered when someone wrote statements under it", () => {
    const up = "CREATE INDEX i ON a (b);";
    const down = `${MARKER}-- CREATE INDEX i ON a (b);\nDROP INDEX i;\n`;

    assert.deepEqual(consoleDown(down, up), { kind: "answered" });
  });

  it("is none without the console's words", () => {
    assert.deepEqual(consoleDown("-- nothing to undo\n", "SELECT 1;"), { kind: "none" });
  });
});
