import assert from "node:assert/strict";
import { readSettings, type Settings } from "#src/adapter/settings.js";

/** Every setting of the README: its variable, its key in the stack's config, and where it arrives. */
const names: readonly (readonly [string, string, (settings: Settings) => unknown])[] = [
  ["DADOSFERA_BASE_URL", "dadosfera:baseUrl", ({ maestro }) => maestro.baseUrl],
  ["DADOSFERA_USERNAME", "dadosfera:username", ({ maestro }) => maestro.username],
  ["DADOSFERA_PASSWORD", "dadosfera:password", ({ maestro }) => maestro.password],
  ["DADOSFERA_TOTP_SECRET", "dadosfera:totpSecret", ({ maestro }) => maestro.totpSecret],
  ["DADOSFERA_API_KEY", "dadosfera:apiKey", ({ maestro }) => maestro.apiKey],
  ["DADOSFERA_CUSTOMER_NAME", "dadosfera:customerName", ({ maestro }) => maestro.customerName],
  ["HASURA_GRAPHQL_ADMIN_SECRET", "hasura:adminSecret", ({ hasura }) => hasura.adminSecret],
  ["HASURA_PROOF_ENGINE", "hasura:proofEngine", ({ hasura }) => hasura.proofEngine],
  ["SNOWFLAKE_ACCOUNT", "snowflake:account", ({ warehouse }) => warehouse?.account],
  ["SNOWFLAKE_USER", "snowflake:user", ({ warehouse }) => warehouse?.user],
  ["SNOWFLAKE_ROLE", "snowflake:role", ({ warehouse }) => warehouse?.role],
  ["SNOWFLAKE_WAREHOUSE", "snowflake:warehouse", ({ warehouse }) => warehouse?.warehouse],
  ["SNOWFLAKE_DATABASE", "snowflake:database", ({ warehouse }) => warehouse?.database],
  ["SNOWFLAKE_SCHEMA", "snowflake:schema", ({ warehouse }) => warehouse?.schema],
  ["SNOWFLAKE_HOST", "snowflake:host", ({ warehouse }) => warehouse?.accessUrl],
  [
    "DADOSFERA_JOURNAL_SCHEMA",
    "dadosfera:journalSchema",
    ({ warehouse }) => warehouse?.journalSchema,
  ],
  ["SNOWFLAKE_PASSWORD", "snowflake:password", loginOf("password")],
  ["SNOWFLAKE_TOKEN", "snowflake:token", loginOf("token")],
  ["SNOWFLAKE_PRIVATE_KEY", "snowflake:privateKey", loginOf("privateKey")],
  ["SNOWFLAKE_PRIVATE_KEY_PATH", "snowflake:privateKeyPath", loginOf("privateKeyPath")],
];

describe("a setting", () => {
  for (const [variable, key, find] of names) {
    it(`is read from ${variable} first, then from ${key}`, () => {
      const [one, other] = valuesFor(variable);
      const read = (environment: string | undefined, config: string | undefined) =>
        find(settingsWith(variable, environment, key, config));

      assert.equal(read(one, undefined), arrived(variable, one));
      assert.equal(read(undefined, other), arrived(variable, other));
      assert.equal(read(one, other), arrived(variable, one));
      assert.equal(read("", other), arrived(variable, other));
    });
  }
});

describe("the warehouse's settings", () => {
  it("are undefined where none are given", () => {
    const { warehouse } = readSettings({ DADOSFERA_API_KEY: "k" }, () => undefined);

    assert.equal(warehouse, undefined);
  });
});

describe("polling", () => {
  it("is from 2 to 30 seconds, unless told otherwise", () => {
    const read = (environment: Readonly<Record<string, string>>) =>
      readSettings({ DADOSFERA_API_KEY: "k", ...environment }, () => undefined).polling;

    assert.deepEqual(read({}), { leastMs: 2000, mostMs: 30_000 });
    assert.deepEqual(read({ DADOSFERA_POLL_INTERVAL_MS: "5" }), { leastMs: 5, mostMs: 5 });
  });
});

/** Reads the setting under test beside as little as lets settings be read at all. */
function settingsWith(
  variable: string,
  environment: string | undefined,
  key: string,
  config: string | undefined,
): Settings {
  const least = {
    DADOSFERA_USERNAME: "robo",
    DADOSFERA_PASSWORD: "senha",
    SNOWFLAKE_ACCOUNT: "acme",
    SNOWFLAKE_USER: "ROBO",
    SNOWFLAKE_PASSWORD: "senha",
    SNOWFLAKE_DATABASE: "DW",
  };
  return readSettings({ ...least, [variable]: environment }, (asked) =>
    asked === key ? config : undefined,
  );
}

function valuesFor(variable: string): readonly [string, string] {
  if (variable === "DADOSFERA_BASE_URL") return ["https://one.example", "https://other.example"];
  if (variable === "DADOSFERA_TOTP_SECRET") return ["GEZDGNBV", "GY3TQOJQ"];
  return ["one", "other"];
}

function arrived(variable: string, value: string): string {
  return variable === "SNOWFLAKE_HOST" ? `https://${value}` : value;
}

function loginOf(field: string): (settings: Settings) => unknown {
  return ({ warehouse }) => Reflect.get(warehouse?.login ?? {}, field);
}
