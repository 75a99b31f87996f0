import assert from "node:assert/strict";
import { parseWarehouseSettings } from "#src/warehouse/settings.js";

const least = { account: "acme", user: "ROBO", database: "DW", password: "senha" };

describe("the settings for Snowflake", () => {
  it("may be missing altogether", () => {
    assert.equal(parseWarehouseSettings({ database: "DW" }), undefined);
  });

  it("need account, user, database and a credential", () => {
    assert.deepEqual(parseWarehouseSettings(least), {
      account: "acme",
      user: "ROBO",
      login: { kind: "password", password: "senha" },
      database: "DW",
      schema: "PUBLIC",
      journalSchema: "PUBLIC",
    });
  });

  it("take a key pair first, then a token, then a password", () => {
    const loginOf = (more: Record<string, string>) =>
      parseWarehouseSettings({ ...least, ...more })?.login;

    assert.deepEqual(loginOf({ token: "t", privateKeyPath: "key.p8", privateKeyPassphrase: "p" }), {
      kind: "key-pair",
      privateKeyPath: "key.p8",
      passphrase: "p",
    });
    assert.deepEqual(loginOf({ privateKey: "PEM", privateKeyPath: "key.p8" }), {
      kind: "key-pair",
      privateKey: "PEM",
    });
    assert.deepEqual(loginOf({ token: "t" }), { kind: "programmatic-access-token", token: "t" });
    assert.deepEqual(loginOf({ token: "t", authenticator: "oauth" }), {
      kind: "oauth",
      token: "t",
    });
  });

  it("name another server by host, port and protocol", () => {
    const more = { host: "127.0.0.1", port: "8080", protocol: "http" };

    assert.equal(parseWarehouseSettings({ ...least, ...more })?.accessUrl, "http://127.0.0.1:8080");
    assert.equal(
      parseWarehouseSettings({ ...least, host: "acme.example" })?.accessUrl,
      "https://acme.example",
    );
  });

  it("without a credential say which variables to set", () => {
    assert.throws(() => parseWarehouseSettings({ ...least, password: undefined }), {
      code: "SETTINGS_INVALID",
      message: [
        "Cannot use the settings of Snowflake: no credential: none of SNOWFLAKE_PASSWORD, SNOWFLAKE_PRIVATE_KEY, SNOWFLAKE_PRIVATE_KEY_PATH, SNOWFLAKE_TOKEN is set.",
        "Nothing was changed.",
        "Set the SNOWFLAKE_… variables, or `pulumi config set snowflake:account …` and so on; the README lists them.",
      ].join("\n"),
    });
  });

  it("name every problem by its variable, and quote no value", () => {
    const wrong = { ...least, database: undefined, port: "segredo", protocol: "segredo" };

    assert.throws(
      () => parseWarehouseSettings(wrong),
      (error: Error) => {
        assert.match(error.message, /SNOWFLAKE_DATABASE: .*SNOWFLAKE_PORT: .*SNOWFLAKE_PROTOCOL: /);
        assert.doesNotMatch(error.message, /segredo/);
        return true;
      },
    );
  });
});
