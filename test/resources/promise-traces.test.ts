import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Job } from "pulumi-dadosfera";

const input = {
  connector: "jdbc",
  plugin: "mysql",
  tableSchema: "cadastros",
  tableName: "pedidos",
  loadType: "full_load",
  authParameters: { authType: "connection_manager", configId: "config-1" },
} as const;
const args = {
  jobId: "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae-0",
  input,
  output: { plugin: "dadosfera_snowflake" },
} as const;

describe("a resource made in a program", () => {
  before(async () => {
    const mocks = {
      call: () => ({}),
      newResource: ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({
        id: name,
        state: inputs,
      }),
    };
    await pulumi.runtime.setMocks(mocks, "shop", "dev", false, "organization");
  });

  it("costs one stack trace, for its place in the program, and none for its promises", async () => {
    const { prepareStackTrace, stackTraceLimit } = Error;
    let traces = 0;
    Error.prepareStackTrace = (error, frames) => {
      if (frames.length > 0) traces += 1;
      return [error, ...frames].join("\n    at ");
    };

    const job = new Job("items", args);
    Object.assign(Error, { prepareStackTrace });

    assert.equal(traces, 1);
    assert.equal(Error.stackTraceLimit, stackTraceLimit);
    await new Promise((resolve) => job.urn.apply(resolve));
  });

  it("leads from an error to the line that caused it", () => {
    const { stackTraceLimit } = Error;

    assert.throws(
      () => new Job("", args),
      ({ message, stack }: Error) =>
        message.includes("resource name") && /promise-traces\.test/.test(stack ?? ""),
    );
    assert.equal(Error.stackTraceLimit, stackTraceLimit);
  });
});
