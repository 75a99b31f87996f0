import assert from "node:assert/strict";
import fc from "fast-check";
import { type Bind, identifier, joined, shown, sql } from "#src/warehouse/sql.js";

const binds = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const hostile = fc.string({ unit: fc.constantFrom('"', "'", "?", ";", "-", "\\", " ", "a") });

describe("an identifier", () => {
  it("cannot break out of its quotes, whatever the name", () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string()), (name) => {
        const { text, binds: none } = identifier(name);
        assert.equal(inside(text).replaceAll('""', '"'), name);
        assert.doesNotMatch(inside(text).replaceAll('""', ""), /"/);
        assert.deepEqual(none, []);
      }),
    );
  });

  it("is a path where there are several names", () => {
    assert.equal(identifier("DW", 'a"b', "c.d").text, '"DW"."a""b"."c.d"');
  });
});

describe("a composed statement", () => {
  it("binds its values in order, those of its parts included", () => {
    fc.assert(
      fc.property(binds, binds, binds, binds, (one, two, three, four) => {
        const part = sql`b = ${two} AND c = ${three}`;
        const statement = sql`SELECT ${one} WHERE ${part} LIMIT ${four}`;
        assert.equal(statement.text, "SELECT ? WHERE b = ? AND c = ? LIMIT ?");
        assert.deepEqual(statement.binds, [one, two, three, four]);
      }),
    );
  });

  it("has as many marks as values, and none of the values in its text", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 5 }), (values) => {
        const statement = joined(
          values.map((value) => sql`${value}`),
          ", ",
        );
        assert.equal(statement.text, values.map(() => "?").join(", "));
        assert.deepEqual(statement.binds, values);
      }),
    );
  });

  it("says what stands for an empty list", () => {
    assert.deepEqual(joined([], " AND ", "TRUE"), { text: "TRUE", binds: [] });
  });
});

describe("a statement for a person to read", () => {
  it("leaves no mark behind, and gives each value its own place", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), hostile, (values, name) => {
        const statement = sql`${identifier(name)} IN (${joined(
          values.map((value) => sql`${value}`),
          ",",
        )})`;
        assert.equal(shown(statement), `${identifier(name).text} IN (${values.join(",")})`);
      }),
    );
  });

  it("shows every text as a literal that ends where it should", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const literal = inside(shown(sql`${value}`));
        assert.equal(literal.replaceAll("''", "'").replaceAll("\\\\", "\\"), value);
        assert.doesNotMatch(literal.replaceAll("''", "").replaceAll("\\\\", ""), /['\\]/);
      }),
    );
  });

  const examples: readonly (readonly [Bind, string])[] = [
    ["d'água", "'d''água'"],
    ["two  spaces?", "'two  spaces?'"],
    [12, "12"],
    [true, "TRUE"],
    [null, "NULL"],
  ];

  for (const [value, text] of examples) {
    it(`shows ${JSON.stringify(value)} as ${text}`, () => {
      assert.equal(shown(sql`${value}`), text);
    });
  }

  it("folds white space between words only", () => {
    assert.equal(
      shown(sql`
        SELECT ${identifier("two  words")}
        FROM t `),
      'SELECT "two  words" FROM t',
    );
  });
});

function inside(text: string): string {
  return text.slice(1, -1);
}
