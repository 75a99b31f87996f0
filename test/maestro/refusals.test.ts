import assert from "node:assert/strict";
import type { Reaction } from "../support/hostile-server.js";
import { JOB, PIPELINE } from "../support/maestro-samples.js";
import { clientOf, refused, startScriptedMaestro } from "../support/scripted-maestro.js";

const CASES: readonly (readonly [string, Reaction, string, RegExp])[] = [
  [
    "a text",
    refused(400, { detail: "Property pipeline_id is read only" }),
    "MAESTRO_REFUSED",
    /answered 400 \(Property pipeline_id is read only\)/,
  ],
  [
    "an exception",
    refused(404, {
      detail: { status: false, exception_type: "PipelineNotFound", traceback: "No.", data: null },
    }),
    "PIPELINE_NOT_FOUND",
    /PipelineNotFound: No\./,
  ],
  [
    "a list of invalid fields",
    refused(422, {
      detail: [
        { loc: ["body", "jobs", 0, "input"], msg: "field required", type: "missing" },
        { loc: ["body", "cron"], msg: "invalid", type: "value" },
      ],
    }),
    "MAESTRO_REFUSED",
    /body\.jobs\.0\.input: field required; body\.cron: invalid/,
  ],
  [
    "the gateway's message",
    refused(400, { message: "Memory limit exceeded", statusCode: 400 }),
    "MAESTRO_REFUSED",
    /Memory limit exceeded/,
  ],
  [
    "the gateway's list of messages",
    refused(400, { message: ["name must be a string", "cron is bad"], statusCode: 400 }),
    "MAESTRO_REFUSED",
    /name must be a string; cron is bad/,
  ],
  ["a short message", refused(401, { msg: "Expired" }), "MAESTRO_UNAUTHORIZED", /\(Expired\)/],
  [
    "the gateway's code",
    refused(403, { statusCode: 403, code: "AUTH.FORBIDDEN" }),
    "MAESTRO_FORBIDDEN",
    /AUTH\.FORBIDDEN/,
  ],
  [
    "the gateway's details",
    refused(500, { statusCode: 500, message: "Oops", code: "UNKNOWN", details: "Bad id: 9001" }),
    "MAESTRO_OUTCOME_UNKNOWN",
    /UNKNOWN; Oops; Bad id: 9001/,
  ],
  [
    "a page of HTML",
    { kind: "html", status: 403, html: "<style>p{}</style><h1>Access</h1>\n<p>denied</p>" },
    "MAESTRO_FORBIDDEN",
    /\(Access denied\)/,
  ],
  ["nothing", { kind: "empty", status: 400 }, "MAESTRO_REFUSED", /Maestro answered 400\.$/],
  ["unknown JSON", refused(409, { nope: 1 }), "MAESTRO_REFUSED", /Maestro answered 409\.$/],
  ["a redirect", { kind: "empty", status: 302 }, "ROUTE_NOT_FOUND", /302/],
  ["a page that is not there", { kind: "empty", status: 404 }, "ROUTE_NOT_FOUND", /404/],
];

describe("a refusal", () => {
  for (const [form, reaction, code, happened] of CASES) {
    it(`in the form of ${form} has a code, and says what Maestro said`, async () => {
      const route = `PATCH /platform/pipeline/${PIPELINE}`;
      await using server = await startScriptedMaestro({ [route]: [reaction] });
      await using client = clientOf(server);

      await assert.rejects(client.patchPipeline(PIPELINE, { name: "x" }), { code, happened });
    });
  }

  it("has three lines, and names the job", async () => {
    const route = `POST /platform/jobs/${JOB}/reset-state`;
    await using server = await startScriptedMaestro({
      [route]: [refused(400, { detail: "incremental_column_value must be a timestamp" })],
    });
    await using client = clientOf(server);

    await assert.rejects(client.resetStateTo(JOB, "yesterday"), {
      message: [
        `Could not set the state of job ${JOB}: Maestro answered 400 (incremental_column_value must be a timestamp).`,
        "Nothing was changed.",
        "Correct what the answer names, then run the same command again.",
      ].join("\n"),
    });
  });

  it("of a job whose pipeline is gone says so", async () => {
    const route = `PUT /platform/jobs/${JOB}/memory`;
    const detail = { status: false, exception_type: "PipelineNotFound", traceback: "Gone." };
    await using server = await startScriptedMaestro({ [route]: [refused(404, { detail })] });
    await using client = clientOf(server);

    await assert.rejects(client.setJobMemory(JOB, 4096), { code: "PIPELINE_NOT_FOUND" });
  });

  it("does not bring a long answer whole", async () => {
    const route = `GET /platform/pipeline/${PIPELINE}`;
    await using server = await startScriptedMaestro({
      [route]: [refused(400, { detail: "x".repeat(5000) })],
    });
    await using client = clientOf(server);

    await assert.rejects(client.findPipeline(PIPELINE), { happened: /^.{0,500}…\)\.$/ });
  });
});
