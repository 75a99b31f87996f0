import assert from "node:assert/strict";
import fc from "fast-check";
import { literalText, quotedText } from "#src/domain/literal-text.js";
import { jsonValues, texts } from "../support/live-pipelines.js";

/** What a JavaScript engine makes of the text. */
function readBack(text: string): unknown {
  return new Function(`"use strict"; return (${text});`)();
}

describe("a value as TypeScript", () => {
  it("reads back equal, whatever it holds", () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const text = literalText(value);

        assert.deepEqual(readBack(text), value);
      }),
    );
  });

  it("keeps a field that is named as the prototype is", () => {
    const value = JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2 }');

    const back = readBack(literalText(value));

    assert.equal(JSON.stringify(back), JSON.stringify(value));
  });

  it("stands on one line where it is short and plain, and else item by item", () => {
    const value = {
      output: { plugin: "dadosfera_snowflake" },
      "table name": "pedidos",
      short: ["id", "valor"],
      long: ["a".repeat(50), "b".repeat(50)],
      nested: [{ type: "rename", to: null, on: true }],
      nothing: undefined,
      empty: {},
    };

    assert.equal(
      literalText(value),
      `{
  output: { plugin: "dadosfera_snowflake" },
  "table name": "pedidos",
  short: ["id", "valor"],
  long: [
    "${"a".repeat(50)}",
    "${"b".repeat(50)}",
  ],
  nested: [
    {
      type: "rename",
      to: null,
      on: true,
    },
  ],
  empty: {},
}`,
    );
  });
});

describe("a text in quotes", () => {
  it("reads back equal, and shows nothing that is invisible", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const quoted = quotedText(text);

        assert.equal(readBack(quoted), text);
        assert.doesNotMatch(quoted, /[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
