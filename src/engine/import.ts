import { settleDefaultProvider } from "./default-provider.js";
import type { Import } from "./import-file.js";
import { withProvider } from "./maintenance.js";
import { hasSecret, type PropertyMap } from "./property.js";
import { providerType, type ResourceState, stackType } from "./resource-state.js";
import type { Run } from "./run.js";
import type { RunContext } from "./run-context.js";
import { configInputs, type StackConfig } from "./stack-config.js";

/** Takes resources that are there already into the state. The program is not run. */
export async function importStack(
  context: RunContext,
  config: StackConfig,
  wish: { readonly imports: readonly Import[]; readonly protect: boolean },
): Promise<void> {
  const { run, session } = context;
  const place = { project: session.project.name, stack: session.stack, config };
  const present = run.snapshot.all;
  const known = new Map(present.map((state) => [state.urn, state]));
  const fresh = wish.imports.filter(({ urn, id }) => known.get(urn)?.id !== id);
  const providerInputs = present.find(({ type }) => type === providerType)?.inputs;
  await withProvider(context, providerInputs ?? configInputs(config), async () => {
    await run.snapshot.settleRest();
    for (const state of present) if (state.type !== providerType) noteUntouched(run, state);
    await settleStack(run, place);
    const provider = await settleDefaultProvider(run.snapshot, {
      ...place,
      isPreview: run.isPreview,
    });
    for (const level of levelsOf(fresh)) {
      await Promise.all(
        level.map((each) => importOne(run, each, { provider, protect: wish.protect })),
      );
      if (run.stop !== undefined) return;
    }
  });
}

function noteUntouched(run: Run, state: ResourceState): void {
  run.note("same", { urn: state.urn, old: state, new: state, changed: "", isUntouched: true });
}

async function settleStack(
  run: Run,
  { project, stack }: { readonly project: string; readonly stack: string },
): Promise<void> {
  if (run.snapshot.all.some(({ type }) => type === stackType)) return;
  const urn = `urn:pulumi:${stack}::${project}::${stackType}::${project}-${stack}`;
  const state = { urn, custom: false, type: stackType };
  await run.step({ operation: "create", urn, new: state, changed: "" }, () =>
    run.snapshot.settle({ ...state, ...timesNow() }),
  );
}

/** Those whose parents are there; then their children; and so on. */
function levelsOf(imports: readonly Import[]): readonly (readonly Import[])[] {
  const levels: (readonly Import[])[] = [];
  let left = imports;
  while (left.length > 0) {
    const waiting = new Set(left.map(({ urn }) => urn));
    const level = left.filter(({ parent }) => !waiting.has(parent));
    levels.push(level);
    left = left.filter((each) => !level.includes(each));
  }
  return levels;
}

async function importOne(
  run: Run,
  imported: Import,
  how: { readonly provider: string; readonly protect: boolean },
): Promise<void> {
  const { urn, type, id, parent } = imported;
  const goal: ResourceState = {
    urn,
    custom: true,
    type,
    ...(imported.inputs && { inputs: imported.inputs }),
    ...(imported.outputs && { outputs: imported.outputs }),
    parent,
    ...(how.protect && { protect: true }),
    provider: how.provider,
  };
  const step = { operation: "import", urn, new: { ...goal, importID: id }, changed: "" } as const;
  await run.track(async () => {
    if (run.stop !== undefined) return;
    try {
      await run.step(step, async () => {
        const found = await contentOf(run, imported).catch((error: Error) => {
          run.stopFor({
            kind: "step-failed",
            because: `: step application failed: ${error.message}`,
          });
          throw error;
        });
        run.requirePassphraseFor(hasSecret(found.inputs) || hasSecret(found.outputs));
        await warnOfFailures(run, urn, found.inputs);
        await run.snapshot.settle({ ...goal, ...found, ...timesNow() });
      });
    } catch (error) {
      run.fail(error, urn);
    }
  });
}

async function contentOf(
  run: Run,
  { urn, type, id, inputs, outputs }: Import,
): Promise<{ readonly id: string; readonly inputs: PropertyMap; readonly outputs: PropertyMap }> {
  if (run.snapshot.findSettled(urn) !== undefined)
    throw new Error(`resource '${urn}' already exists`);
  if (inputs !== undefined && outputs !== undefined) return { id, inputs, outputs };
  const read = await (await run.provider()).read({ urn, type, id, custom: true });
  if (read === undefined) throw new Error(`resource '${id}' does not exist`);
  if (read.inputs === undefined)
    throw new Error(`the provider of '${urn}' tells no inputs, so it cannot import what it reads`);
  return { id: read.id, inputs: read.inputs, outputs: read.outputs };
}

/** What a check does not like is imported all the same: it is there. */
async function warnOfFailures(run: Run, urn: string, inputs: PropertyMap): Promise<void> {
  const { failures } = await (await run.provider()).check(urn, inputs, inputs);
  for (const { property, reason } of failures)
    run.say("warning", `${property === "" ? "" : `property ${property}: `}${reason}`, urn);
}

function timesNow(): Pick<ResourceState, "created" | "modified"> {
  const now = new Date().toISOString();
  return { created: now, modified: now };
}
