import assert from "node:assert/strict";
import { type OrdersStack, openOrdersStack, PIPELINE } from "../support/orders-stack.js";

describe("a refresh", function () {
  this.timeout(60_000);

  it("shows what was changed elsewhere, and the next up puts it back", async () => {
    await using stack = await openOrdersStack();
    await stack.up({ skipPreview: true });
    await stack.askMaestro("PATCH", `/platform/pipeline/${PIPELINE}`, { description: "outra" });

    const refresh = await stack.refresh();
    const [pipeline] = await resourcesOf(stack, "Pipeline");
    const up = await stack.up({ skipPreview: true });
    const answer = await stack.askMaestro("GET", `/platform/pipeline/${PIPELINE}`);

    assert.match(refresh.stdout, /~ +\S+:Pipeline orders updated/);
    assert.equal(pipeline?.outputs["description"], "outra");
    assert.deepEqual(up.changeSummary, { same: 2, update: 1 }, up.stdout);
    assert.match(await answer.text(), /"tabela pedidos"/);
  });

  it("tells of columns that Maestro loads although the program never asked for them", async () => {
    await using stack = await openOrdersStack();
    await stack.up({ skipPreview: true });
    await stack.askMaestro("PATCH", `/platform/jobs/${PIPELINE}-0/input`, {
      column_include_list: ["telefone"],
    });

    const refresh = await stack.refresh();
    const [job] = await resourcesOf(stack, "Job");

    assert.match(refresh.stdout, /warning: Maestro also loads telefone/);
    assert.deepEqual(job?.outputs["extraColumns"], ["telefone"]);
  });

  it("forgets a pipeline that was deleted elsewhere", async () => {
    await using stack = await openOrdersStack();
    await stack.up({ skipPreview: true });
    await stack.askMaestro("DELETE", `/platform/pipeline/${PIPELINE}`);

    const refresh = await stack.refresh();

    assert.equal(refresh.exitCode, 0, refresh.stdout);
    assert.deepEqual(await resourcesOf(stack, "Pipeline"), []);
    assert.deepEqual(await resourcesOf(stack, "Job"), []);
  });
});

interface Exported {
  readonly deployment: {
    readonly resources: readonly {
      readonly type: string;
      readonly outputs: Readonly<Record<string, unknown>>;
    }[];
  };
}

async function resourcesOf(stack: OrdersStack, kind: "Pipeline" | "Job") {
  const { deployment } = (await stack.export()) as Exported;
  return deployment.resources.filter(({ type }) => type.endsWith(`:${kind}`));
}
