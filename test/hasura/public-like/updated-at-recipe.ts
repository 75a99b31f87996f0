import { leftBehind, refused } from "../words.js";
import { type Column, pick, type Recipe, withTable } from "./world.js";

/** The console's template: a column, a trigger and a function that all tables share; the first to use it makes the function. */
export const addUpdatedAt: Recipe = (world, random) => {
  const table = pick(
    world.tables.filter(({ columns }) => columns.every(({ name }) => name !== "updated_at")),
    random,
  );
  if (table === undefined) return undefined;
  const first = !world.functions.includes("set_current_timestamp_updated_at");
  const trigger = `"set_public_${table.name}_updated_at"`;
  const on = `"public"."${table.name}"`;
  const drop = `DROP TRIGGER IF EXISTS ${trigger} ON ${on};\nalter table ${on} drop column "updated_at";`;
  const dropFunction = `\nDROP FUNCTION "public"."set_current_timestamp_updated_at"();`;
  const name = "set_current_timestamp_updated_at()";
  const column: Column = { name: "updated_at", kind: "timestamptz", needed: true };
  return {
    name: `alter_table_public_${table.name}_add_column_updated_at`,
    up: updatedAt(on, trigger),
    down: first ? `${drop}${dropFunction}` : drop,
    wrong: first
      ? [
          {
            fault: "another schema",
            down: drop,
            status: "broken",
            words: [leftBehind("function", name)],
          },
        ]
      : [
          {
            fault: "another schema",
            down: `DROP TRIGGER IF EXISTS ${trigger} ON ${on};`,
            status: "broken",
            words: [leftBehind("column", `${table.name}.updated_at`)],
          },
          {
            fault: "failing",
            down: drop.replace("drop column", "drop colunm"),
            status: "broken",
            words: [refused("down", "42601")],
          },
        ],
    next: {
      ...withTable(world, { ...table, columns: [...table.columns, column] }),
      functions: [...world.functions, "set_current_timestamp_updated_at"],
    },
  };
};

function updatedAt(on: string, trigger: string): string {
  return `alter table ${on} add column "updated_at" timestamptz
 null;

CREATE OR REPLACE FUNCTION "public"."set_current_timestamp_updated_at"()
RETURNS TRIGGER AS $$
DECLARE
  _new record;
BEGIN
  _new := NEW;
  _new."updated_at" = NOW();
  RETURN _new;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER ${trigger}
BEFORE UPDATE ON ${on}
FOR EACH ROW
EXECUTE PROCEDURE "public"."set_current_timestamp_updated_at"();
COMMENT ON TRIGGER ${trigger} ON ${on}
IS 'trigger to set value of column "updated_at" to current timestamp on row update';
`;
}
