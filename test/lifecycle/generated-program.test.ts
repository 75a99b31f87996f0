import assert from "node:assert/strict";
import fc from "fast-check";
import { type ProgramPart, programParts, programText } from "#src/domain/generated-program.js";
import { describePipeline } from "#src/domain/live-description.js";
import { importedResources } from "#src/lifecycle/import-file.js";
import { survey } from "#src/lifecycle/survey.js";
import { providerText } from "#src/resources/provider-text.js";
import { writesOf } from "../support/complaint.js";
import { type MadeElsewhere, pipelinesMadeElsewhere } from "../support/live-pipelines.js";
import { type Registered, registeredBy } from "../support/registered.js";
import { type Props, startWorld, type World } from "../support/world.js";

const MAESTRO_ONLY = {
  SNOWFLAKE_ACCOUNT: "",
  SNOWFLAKE_USER: "",
  SNOWFLAKE_PASSWORD: "",
};

/** Fifty pipelines of one tenant, where names are unique. */
const tenants = fc.uniqueArray(pipelinesMadeElsewhere, {
  minLength: 50,
  maxLength: 50,
  selector: ({ body }) => body.name,
});

describe("200 random pipelines, of every load type", function () {
  this.timeout(120_000);

  it("are adopted by the program that is generated from them, and imported by the file, without a change", async () => {
    await using world = await startWorld(
      { switches: { jobObjectStyle: "reference" } },
      MAESTRO_ONLY,
    );

    await fc.assert(
      fc.asyncProperty(tenants, async (made) => {
        await world.emulator.reset();
        await make(made, world);
        const before = writesOf(world).length;

        const parts = await generate(world);
        const registered = await registeredBy(programText(parts), countOf(made));
        const adopted = await adoptAll(registered, world);
        const imported = await compareAll(registered, importFileOf(parts), world);

        assert.deepEqual(
          parts.flatMap(({ description }) => description.remarks),
          [],
        );
        assert.deepEqual(adopted.filter(isChange), []);
        assert.deepEqual(imported.filter(isChange), []);
        assert.deepEqual(saidOf(registered), wantedOf(made));
        assert.equal(writesOf(world).length, before);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

/** What became of a resource that was there before. */
interface Ending {
  readonly name: string;
  readonly complaint: string;
  readonly changes: boolean;
}

function isChange({ complaint, changes }: Ending): boolean {
  return changes || complaint !== "";
}

async function make(made: readonly MadeElsewhere[], world: World): Promise<void> {
  const { maestro } = world.process.contextOf("").doors;
  for (const { body, isPaused } of made) {
    await maestro.createPipeline(body);
    if (isPaused) await maestro.pausePipeline(body.id);
  }
}

async function generate(world: World): Promise<readonly ProgramPart[]> {
  const { pipelines } = await survey("all", world.process.contextOf(""));
  return programParts(pipelines.map((live) => describePipeline(live, () => false)));
}

function importFileOf(parts: readonly ProgramPart[]) {
  return importedResources(parts, { project: "shop", stack: "dev", providerText });
}

/** `check` and `create` of each, and then the `diff` of the next `up`. */
function adoptAll(registered: readonly Registered[], world: World): Promise<readonly Ending[]> {
  return endings(registered, async ({ resource, inputs }) => {
    const { outs } = await world.create(resource, inputs);
    return differs(world, resource, inputs, inputs, outs);
  });
}

/** `check` and `diff` of each, with what the file put into the state. */
function compareAll(
  registered: readonly Registered[],
  imported: ReturnType<typeof importFileOf>,
  world: World,
): Promise<readonly Ending[]> {
  return endings(registered, async ({ resource, name, inputs }) => {
    const inState = imported.find((each) => each.name === name);
    assert.equal(inState?.type, `pulumi-nodejs:dynamic/dadosfera:${resource}`);
    return differs(world, resource, inputs, inState.inputs as Props, inState.outputs as Props);
  });
}

async function endings(
  registered: readonly Registered[],
  end: (one: Registered) => Promise<boolean>,
): Promise<readonly Ending[]> {
  return Promise.all(
    registered.map(async (one) => {
      try {
        return { name: one.name, complaint: "", changes: await end(one) };
      } catch (error) {
        return { name: one.name, complaint: String(error), changes: false };
      }
    }),
  );
}

/** Whether an `up` of the program would change what is in the state. */
async function differs(
  { providers }: World,
  resource: Registered["resource"],
  news: Props,
  oldInputs: Props,
  oldOutputs: Props,
): Promise<boolean> {
  const checked = await providers[resource].check?.(oldInputs, news);
  assert.deepEqual(checked?.failures, []);
  const difference = await providers[resource].diff?.("id", oldOutputs, checked?.inputs);
  return difference?.changes !== false;
}

/** What the program says of each pipeline, by its id. */
function saidOf(registered: readonly Registered[]) {
  return registered
    .filter(({ resource }) => resource === "Pipeline")
    .map(({ inputs }) => ({
      id: inputs["pipelineId"],
      name: inputs["name"],
      description: inputs["description"] ?? "",
      cron: inputs["cron"] ?? null,
      isPaused: inputs["paused"] ?? false,
      jobs: (inputs["jobs"] as readonly Props[]).map(
        ({ input, output, primaryKeys, transformations }) => ({
          input,
          output,
          primaryKeys: primaryKeys ?? [],
          transformations: transformations ?? [],
        }),
      ),
    }))
    .sort(byId);
}

function wantedOf(made: readonly MadeElsewhere[]) {
  return made
    .map(({ body, isPaused }) => ({
      id: body.id,
      name: body.name,
      description: body.description ?? "",
      cron: body.cron,
      isPaused,
      jobs: body.jobs.map(
        ({ input: { primaryKeys = [], columnIncludeList, ...input }, ...job }) => ({
          input: { ...input, ...(columnIncludeList !== null && { columnIncludeList }) },
          output: withoutDefaults(job.output),
          primaryKeys,
          transformations: job.transformations,
        }),
      ),
    }))
    .sort(byId);
}

/** The schema that Maestro would choose by itself is not written down. */
function withoutDefaults({ raw, ...output }: MadeElsewhere["body"]["jobs"][number]["output"]) {
  if (raw === undefined) return output;
  const { tableSchema, tableName } = raw;
  return { ...output, raw: { tableName, ...(tableSchema !== "PUBLIC" && { tableSchema }) } };
}

function byId(one: { readonly id: unknown }, other: { readonly id: unknown }): number {
  return String(one.id) < String(other.id) ? -1 : 1;
}

function countOf(made: readonly MadeElsewhere[]): number {
  return made.reduce((count, { body }) => count + 1 + body.jobs.length, 0);
}
