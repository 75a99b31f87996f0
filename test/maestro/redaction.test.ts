import assert from "node:assert/strict";
import fc from "fast-check";
import { Redaction } from "#src/domain/redaction.js";
import type { Reaction } from "../support/hostile-server.js";
import { PIPELINE, PIPELINE_PATH } from "../support/maestro-samples.js";
import {
  clientOf,
  REFRESH,
  SIGN_IN,
  signedIn,
  startScriptedMaestro,
} from "../support/scripted-maestro.js";

/** Credentials as people and services make them; long enough never to stand in a message by chance. */
const passwords = fc
  .string({ unit: "grapheme-ascii", minLength: 8, maxLength: 24 })
  .filter((password) => password.trim().length >= 8);
const opaqueTokens = fc.stringMatching(/^[A-Za-z0-9._~+/-]{12,60}$/);

/** How a service might give a credential back. */
const echoes = fc.constantFrom<(secret: string) => unknown>(
  (secret) => ({ detail: `who is ${secret}?` }),
  (secret) => ({ detail: { status: false, exception_type: secret, traceback: secret } }),
  (secret) => ({ detail: [{ loc: ["header", secret], msg: secret }] }),
  (secret) => ({ message: [secret, `${"x".repeat(290)}${secret}`], statusCode: 400 }),
  (secret) => ({ msg: JSON.stringify({ password: secret }) }),
  (secret) => ({ statusCode: 400, code: secret, details: encodeURIComponent(secret) }),
  (secret) => ({ message: `Basic ${Buffer.from(secret).toString("base64")}` }),
  (secret) => ({ [secret]: secret }),
  (secret) => secret,
);
const statuses = fc.constantFrom(200, 302, 400, 401, 403, 404, 405, 409, 422, 429, 500, 503);

/** What is given back, and by which route. A failed sign-in can only give back what it was given. */
const SCENES = [
  { victim: "password", route: SIGN_IN },
  { victim: "password", route: `GET ${PIPELINE_PATH}` },
  { victim: "access", route: `GET ${PIPELINE_PATH}` },
  { victim: "refresh", route: `GET ${PIPELINE_PATH}` },
  { victim: "refresh", route: REFRESH },
] as const;

describe("an error of the door", () => {
  it("holds no credential, whatever the service answered", async () => {
    const world = fc.record({
      password: passwords,
      access: opaqueTokens,
      refresh: opaqueTokens,
      echo: echoes,
      status: statuses,
      isHtml: fc.boolean(),
      scene: fc.constantFrom(...SCENES),
    });
    await fc.assert(
      fc.asyncProperty(world, async (drawn) => {
        const secrets = [drawn.password, drawn.access, drawn.refresh];
        const body = drawn.echo(drawn[drawn.scene.victim]);
        const echo: Reaction = drawn.isHtml
          ? { kind: "html", status: drawn.status, html: `<p>${JSON.stringify(body)}</p>` }
          : { kind: "answer", status: drawn.status, body };
        await using server = await startScriptedMaestro({
          [SIGN_IN]: [signedIn(drawn.access, drawn.refresh)],
          [`GET ${PIPELINE_PATH}`]: [echo],
          [drawn.scene.route]: [echo],
        });
        await using client = clientOf(server, { password: drawn.password });

        const error = await client.findPipeline(PIPELINE).catch((caught: unknown) => caught);

        const told = everythingIn(error);
        for (const secret of secrets) assert.ok(!told.includes(secret), told);
      }),
      { numRuns: 150 },
    );
  }).timeout(20_000);

  it("holds no API key", async () => {
    await using server = await startScriptedMaestro({
      [`GET ${PIPELINE_PATH}`]: [
        { kind: "answer", status: 403, body: { detail: "key ddf_um2tres is not allowed" } },
      ],
    });
    await using client = clientOf(server, { apiKey: "ddf_um2tres" });

    await assert.rejects(client.findPipeline(PIPELINE), {
      happened: /key \[withheld\] is not allowed/,
    });
  });
});

describe("redaction", () => {
  it("reaches every cause, however deep, and its stack", () => {
    fc.assert(
      fc.property(passwords, fc.nat({ max: 8 }), (secret, depth) => {
        const redaction = new Redaction();
        redaction.learn(secret);
        let error = new Error(`deepest ${secret}`);
        for (let level = 0; level < depth; level += 1) {
          error = new Error(`level ${secret}`, { cause: error });
        }

        assert.ok(!everythingIn(redaction.cause(error)).includes(secret));
      }),
    );
  });

  it("finds a credential in every spelling that a service may give it", () => {
    const secret = 'a "b"&<c>/+ç?';
    const redaction = new Redaction();
    redaction.learn(secret);

    const spelled = [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      new URLSearchParams({ p: secret }).toString().slice(2),
      Buffer.from(secret).toString("base64"),
      Buffer.from(secret).toString("base64url"),
      "a &quot;b&quot;&amp;&lt;c&gt;/+ç?",
    ].map((spelling) => redaction.text(spelling));

    assert.deepEqual(new Set(spelled), new Set(["[withheld]"]));
  });

  it("finds a credential inside another, and in other letters", () => {
    const redaction = new Redaction();
    redaction.learn("segredo");
    redaction.learn("segredo-longo");

    assert.equal(redaction.text("a segredo-longo, SEGREDO b"), "a [withheld], [withheld] b");
  });

  it("knows the look of a token that it never held", () => {
    const redaction = new Redaction();

    assert.equal(redaction.text("use eyJhbGciOiJIUzI1NiJ9.e30.x0 now"), "use [withheld] now");
  });

  it("lets no control character through to a terminal", () => {
    assert.equal(new Redaction().quote("a\u001b[31mb\u0000c"), "a [31mb c");
  });

  it("leaves alone what is no secret", () => {
    const redaction = new Redaction();
    redaction.learn(undefined);
    redaction.learn("");

    assert.equal(redaction.quote("  two\n lines "), "two lines");
  });
});

/** All text that a printed error could show: messages, stacks, fields and causes. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fields = Object.values(error).filter((value) => typeof value === "string");
  return [error.name, error.message, error.stack, ...fields, everythingIn(error.cause)].join("\n");
}
