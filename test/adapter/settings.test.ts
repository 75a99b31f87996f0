import assert from "node:assert/strict";
import { readSettings } from "#src/adapter/settings.js";

describe("a provider's settings", () => {
  it("come from the environment first: what the state kept of the configuration may be old", () => {
    const { maestro, warehouse } = readSettings(
      { DADOSFERA_PASSWORD: "new", SNOWFLAKE_PASSWORD: "new too" },
      configOf({ ...COMPLETE, "dadosfera:password": "old", "snowflake:password": "old too" }),
    );

    assert.equal(maestro.password, "new");
    assert.deepEqual(warehouse?.login, { kind: "password", password: "new too" });
  });

  it("come from the stack's configuration where a variable is missing or empty", () => {
    const { maestro, warehouse } = readSettings(
      { DADOSFERA_PASSWORD: "", SNOWFLAKE_ACCOUNT: "" },
      configOf(COMPLETE),
    );

    assert.equal(maestro.password, "configured");
    assert.equal(warehouse?.account, "acme");
    assert.equal(warehouse?.journalSchema, "OPS");
  });

  it("hold no warehouse where none is given", () => {
    const { warehouse } = readSettings({}, configOf({ "dadosfera:apiKey": "key" }));

    assert.equal(warehouse, undefined);
  });

  it("poll every two seconds at most, unless told otherwise", () => {
    const config = configOf({ "dadosfera:apiKey": "key" });

    assert.deepEqual(readSettings({}, config).polling, { leastMs: 2000, mostMs: 30_000 });
    assert.deepEqual(readSettings({ DADOSFERA_POLL_INTERVAL_MS: "5" }, config).polling, {
      leastMs: 5,
      mostMs: 5,
    });
  });
});

const COMPLETE = {
  "dadosfera:username": "robo",
  "dadosfera:password": "configured",
  "dadosfera:journalSchema": "OPS",
  "snowflake:account": "acme",
  "snowflake:user": "ROBO",
  "snowflake:password": "configured",
  "snowflake:database": "DW",
};

function configOf(values: Readonly<Record<string, string>>): (key: string) => string | undefined {
  return (key) => values[key];
}
