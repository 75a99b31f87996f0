import { createHash } from "node:crypto";
import { EngineError } from "./engine-error.js";
import { findIntegrityProblem } from "./integrity.js";
import {
  encryptedSecret,
  hasSecret,
  isPropertyMap,
  type PropertyMap,
  type PropertyValue,
  replaceSecretsLater,
  secret,
} from "./property.js";
import type { PendingOperation, ResourceState } from "./resource-state.js";
import type { SecretsKeeper } from "./secrets.js";

/** The state of a stack, decrypted: secrets are in the form they have on the wire. */
export interface Checkpoint {
  readonly resources: readonly ResourceState[];
  readonly pendingOperations: readonly PendingOperation[];
}

/** The `deployment` of `pulumi stack export`, as the state file has it. */
export interface StoredDeployment {
  readonly manifest?: { readonly version?: string; readonly magic?: string };
  readonly secrets_providers?: {
    readonly type?: string;
    readonly state?: { readonly salt?: string };
  };
  readonly resources?: readonly ResourceState[];
  readonly pending_operations?: readonly PendingOperation[];
}

/** Reads the text of a state file and checks what Pulumi itself would check. Secrets stay encrypted. */
export function parseStateFile(text: string, path: string): StoredDeployment {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw unusable(path, "it is not JSON", cause);
  }
  if (!isPropertyMap(content)) throw unusable(path, "it does not hold a map");
  const version = content["version"];
  // Pulumi takes a file without a version for one of an empty stack, and a later version for its own.
  if (version === undefined) return {};
  if (typeof version !== "number" || version < 3) throw unusable(path, "its version is not 3");
  const checkpoint = content["checkpoint"];
  const latest = (isPropertyMap(checkpoint) && checkpoint["latest"]) || {};
  // The integrity check below is what makes this a stored deployment.
  const deployment = latest as StoredDeployment;
  const problem =
    findManifestProblem(deployment) ?? findIntegrityProblem(deployment.resources ?? []);
  if (problem !== undefined) throw unusable(path, problem);
  const secretsType = deployment.secrets_providers?.type ?? "passphrase";
  if (secretsType !== "passphrase")
    throw unusable(path, `its secrets are kept by ${secretsType}, not by a passphrase`);
  return deployment;
}

export async function decryptDeployment(
  deployment: StoredDeployment,
  keeper: SecretsKeeper,
): Promise<Checkpoint> {
  const open = async (sealed: PropertyMap): Promise<PropertyValue> =>
    secret(JSON.parse(await keeper.decrypt(String(sealed["ciphertext"]))));
  const resources: ResourceState[] = [];
  for (const state of deployment.resources ?? []) resources.push(await changeSecrets(state, open));
  const pendingOperations: PendingOperation[] = [];
  for (const { resource, type } of deployment.pending_operations ?? []) {
    pendingOperations.push({ resource: await changeSecrets(resource, open), type });
  }
  return { resources, pendingOperations };
}

/**
 * Turns checkpoints of a stack into the text of its state file. A state is written at every step: what has not changed
 * since the last one is neither formatted nor encrypted again.
 */
export function stateFileFormat(
  stackName: string,
  keeper: SecretsKeeper,
): (checkpoint: Checkpoint) => Promise<string> {
  const known = new WeakMap<ResourceState, string>();
  const seal = async (each: PropertyMap): Promise<PropertyValue> =>
    encryptedSecret(await keeper.encrypt(JSON.stringify(each["value"] ?? null)));
  const textOf = async (state: ResourceState): Promise<string> => {
    const text = known.get(state) ?? JSON.stringify(await changeSecrets(state, seal));
    known.set(state, text);
    return text;
  };
  return async ({ resources, pendingOperations }) => {
    const settled: string[] = [];
    for (const state of resources) settled.push(await textOf(state));
    const pending: string[] = [];
    for (const { resource, type } of pendingOperations)
      pending.push(`{"resource":${await textOf(resource)},"type":${JSON.stringify(type)}}`);
    const salt = keeper.salt();
    const parts = {
      manifest: JSON.stringify({
        time: new Date().toISOString(),
        magic: magicOf(followed),
        version: followed,
      }),
      ...(salt !== undefined && {
        secrets_providers: JSON.stringify({ type: "passphrase", state: { salt } }),
      }),
      ...(settled.length > 0 && { resources: `[${settled.join(",")}]` }),
      ...(pending.length > 0 && { pending_operations: `[${pending.join(",")}]` }),
      metadata: "{}",
    };
    const latest = Object.entries(parts).map(([key, text]) => `"${key}":${text}`);
    const stack = JSON.stringify(stackName);
    return `{"version":3,"checkpoint":{"stack":${stack},"latest":{${latest.join(",")}}}}`;
  };
}

// The version of the Pulumi CLI whose recordings this engine follows.
const followed = "v3.260.0";

function magicOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function findManifestProblem({ manifest }: StoredDeployment): string | undefined {
  if (!manifest?.magic || manifest.magic === magicOf(manifest.version ?? "")) return undefined;
  return "its manifest's magic does not match its version";
}

async function changeSecrets(
  state: ResourceState,
  change: (secret: PropertyMap) => Promise<PropertyValue>,
): Promise<ResourceState> {
  const changeMap = async (properties: PropertyMap): Promise<PropertyMap> => {
    if (!hasSecret(properties)) return properties;
    const changed = await replaceSecretsLater(properties, change);
    return isPropertyMap(changed) ? changed : {};
  };
  return {
    ...state,
    ...(state.inputs && { inputs: await changeMap(state.inputs) }),
    ...(state.outputs && { outputs: await changeMap(state.outputs) }),
  };
}

function unusable(path: string, problem: string, cause?: unknown): EngineError {
  return new EngineError(
    {
      happened: `Could not use the state file ${path}: ${problem}.`,
      now: "Nothing was changed.",
      next: "Put back a copy of the file that worked, or start with another --stack.",
      exitCode: 1,
    },
    { cause },
  );
}
