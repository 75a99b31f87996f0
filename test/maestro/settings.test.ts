import assert from "node:assert/strict";
import { isDadosferaError } from "#src/domain/errors.js";
import { parseMaestroSettings } from "#src/maestro/settings.js";

describe("the settings for Maestro", () => {
  it("need no more than a user and a password", () => {
    assert.deepEqual(parseMaestroSettings({ username: "robo", password: "senha" }), {
      baseUrl: "https://maestro.dadosfera.ai",
      username: "robo",
      password: "senha",
    });
  });

  it("take an API key instead", () => {
    const settings = parseMaestroSettings({ apiKey: "ddf_1", baseUrl: "http://127.0.0.1:8080/" });

    assert.deepEqual(settings, { apiKey: "ddf_1", baseUrl: "http://127.0.0.1:8080" });
  });

  it("without a credential say which variables and keys to set", () => {
    assert.throws(() => parseMaestroSettings({}), {
      code: "SETTINGS_MISSING",
      message: [
        "Could not sign in to Maestro: no credential is set.",
        "Nothing was changed.",
        "Set DADOSFERA_USERNAME and DADOSFERA_PASSWORD (or the config keys dadosfera:username and dadosfera:password), or DADOSFERA_API_KEY.",
      ].join("\n"),
    });
  });

  it("name every problem at once, and quote no value", () => {
    const raw = { baseUrl: "ftp://robo:segredo@x", password: "segredo", totpSecret: "segredo!" };

    assert.throws(
      () => parseMaestroSettings(raw),
      (error) => {
        assert.ok(isDadosferaError(error));
        assert.equal(error.code, "SETTINGS_INVALID");
        assert.match(error.happened, /baseUrl .*totpSecret .*no username/);
        assert.doesNotMatch(error.message, /segredo/);
        return true;
      },
    );
  });

  it("refuse what is not an object", () => {
    assert.throws(() => parseMaestroSettings("robo"), { code: "SETTINGS_INVALID" });
  });
});
