import { randomUUID } from "node:crypto";
import { unknownValue } from "./property.js";
import { providerType, type ResourceState } from "./resource-state.js";
import type { Snapshot } from "./snapshot.js";
import { configInputs, type StackConfig } from "./stack-config.js";

/** Puts the provider entry in front of the first resource that uses it; answers `<urn>::<id>`. */
export async function settleDefaultProvider(
  snapshot: Snapshot,
  known: {
    readonly project: string;
    readonly stack: string;
    readonly config: StackConfig;
    readonly isPreview: boolean;
  },
): Promise<string> {
  const urn = `urn:pulumi:${known.stack}::${known.project}::${providerType}::default`;
  const old = snapshot.findOld(urn);
  const settled = snapshot.findSettled(urn);
  if (settled !== undefined) return `${urn}::${settled.id}`;
  const inputs = configInputs(known.config);
  const now = new Date().toISOString();
  const { created, modified } = old ?? { created: now, modified: now };
  const next: ResourceState = {
    urn,
    custom: true,
    id: old?.id ?? (known.isPreview ? unknownValue : randomUUID()),
    type: providerType,
    ...(known.config.size > 0 && { inputs, outputs: inputs }),
    ...(created && { created }),
    ...(modified && { modified }),
  };
  await snapshot.settle(next, old);
  return `${urn}::${next.id}`;
}
