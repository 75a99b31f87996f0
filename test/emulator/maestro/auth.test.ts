import assert from "node:assert/strict";
import { totpCode } from "#src/emulator/maestro/totp.js";
import { emulatedMaestro, maestroUnderTest } from "./maestro-under-test.js";

const MINUTE_MS = 60_000;
const TOTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

describe("signing in to Maestro", () => {
  it("[T] answers a bare token that the other operations take", async () => {
    await using maestro = await maestroUnderTest();

    const { status, body } = await maestro.send("POST", "/auth/sign-in", maestro.credentials, {});

    assert.equal(status, 200);
    const listed = await maestro.send("GET", "/platform/pipelines", undefined, {
      authorization: body.tokens.accessToken,
    });
    assert.equal(listed.status, 200);
  });

  it("[F] is refused with 401 for a wrong password", async () => {
    await using maestro = await maestroUnderTest();
    const wrong = { ...maestro.credentials, password: "not this one" };

    const { status } = await maestro.send("POST", "/auth/sign-in", wrong, {});

    assert.equal(status, 401);
  });

  it("[F] is refused with 400 when the e-mail comes as `email`", async () => {
    await using maestro = await maestroUnderTest();
    const { username, password } = maestro.credentials;

    const { status } = await maestro.send(
      "POST",
      "/auth/sign-in",
      { email: username, password },
      {},
    );

    assert.equal(status, 400);
  });

  it("[F] brings no token when the account asks for a code and none was sent under `totp`", async function () {
    await using maestro = await emulatedMaestro(this, { totpSecret: TOTP_SECRET });
    const body = { ...maestro.credentials, code: totpCode(TOTP_SECRET, Date.now()) };

    const answer = await maestro.send("POST", "/auth/sign-in", body, {});

    assert.equal(answer.status, 200);
    assert.equal(answer.body.tokens.accessToken, undefined);
  });

  it("[D] takes a one-time code of this half minute, and no other", async function () {
    await using maestro = await emulatedMaestro(this, { totpSecret: TOTP_SECRET });
    const signIn = (totp: string) =>
      maestro.send("POST", "/auth/sign-in", { ...maestro.credentials, totp }, {});

    const good = await signIn(totpCode(TOTP_SECRET, Date.now()));
    const old = await signIn(totpCode(TOTP_SECRET, Date.now() - 10 * MINUTE_MS));

    assert.equal(good.status, 200);
    assert.notEqual(good.body.tokens.accessToken, "");
    assert.equal(old.status, 401);
  });

  it("[F] brings no token when that switch is on", async function () {
    await using maestro = await emulatedMaestro(this, { switches: { signInWithoutToken: true } });

    const { status, body } = await maestro.send("POST", "/auth/sign-in", maestro.credentials, {});

    assert.deepEqual([status, body.tokens], [200, {}]);
  });
});

describe("one-time codes", () => {
  it("[D] are those of RFC 6238, appendix B", () => {
    const moments = [59, 1_111_111_109, 1_234_567_890, 20_000_000_000];

    const codes = moments.map((seconds) => totpCode(TOTP_SECRET, seconds * 1000));

    assert.deepEqual(codes, ["287082", "081804", "005924", "353130"]);
  });
});

describe("a token", () => {
  it("[F] is refused behind `Bearer `", async () => {
    await using maestro = await maestroUnderTest();
    const { body } = await maestro.send("POST", "/auth/sign-in", maestro.credentials, {});

    const { status } = await maestro.send("GET", "/platform/pipelines", undefined, {
      authorization: `Bearer ${body.tokens.accessToken}`,
    });

    assert.equal(status, 401);
  });

  it("[D] lasts thirty minutes, and the refresh token brings another for a day", async function () {
    await using maestro = await emulatedMaestro(this);
    const { clock } = maestro.emulator;
    const { body } = await maestro.send("POST", "/auth/sign-in", maestro.credentials, {});
    const refreshToken: string = body.tokens.refreshToken;
    const { customerName } = maestro;
    const refresh = () =>
      maestro.send("POST", "/auth/refresh-access-token", { refreshToken, customerName }, {});
    const list = (authorization: string) =>
      maestro.send("GET", "/platform/pipelines", undefined, { authorization });

    clock.advance(29 * MINUTE_MS);
    const before = await list(body.tokens.accessToken);
    clock.advance(2 * MINUTE_MS);
    const after = await list(body.tokens.accessToken);
    const renewed = await refresh();
    const again = await list(renewed.body.tokens.accessToken);
    clock.advance(24 * 60 * MINUTE_MS);
    const tooLate = await refresh();

    assert.deepEqual([before.status, after.status, again.status], [200, 401, 200]);
    assert.equal(tooLate.status, 401);
  });

  it("[F] may be replaced by an API key in `x-api-key`", async function () {
    await using maestro = await emulatedMaestro(this, { apiKey: "ddf_sample" });
    const list = (key: string) =>
      maestro.send("GET", "/platform/pipelines", undefined, { "x-api-key": key });

    const [right, wrong] = [await list("ddf_sample"), await list("ddf_other")];

    assert.deepEqual([right.status, wrong.status], [200, 401]);
  });
});

describe("Maestro's gateway", () => {
  it("[I] names a route that it does not have, with or without a token", async () => {
    await using maestro = await maestroUnderTest();

    const { status, body } = await maestro.send("POST", "/platform/nothing", {}, {});

    assert.equal(status, 404);
    assert.deepEqual(body, {
      message: "Cannot POST /platform/nothing",
      error: "Not Found",
      statusCode: 404,
    });
  });
});
