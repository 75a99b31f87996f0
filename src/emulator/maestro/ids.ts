import { createHash, randomBytes } from "node:crypto";

const PIPELINE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const Z_BASE_32 = "ybndrfg8ejkmcpqxot1uwisza345h769";
const HASH_LENGTH = 6;

/** The emulator's own spelling of an id: lower case, with hyphens. Requests may use either spelling. */
export function canonical(id: string): string {
  return id.trim().toLowerCase().replaceAll("_", "-");
}

/** The spelling of every answer. */
export function underscored(id: string): string {
  return id.replaceAll("-", "_");
}

export function isPipelineId(id: string): boolean {
  return PIPELINE_ID.test(canonical(id));
}

/** `tb__{hash}__{source_schema}__{source_table}`: the hash is z-base-32 over the first 30 bits of the pipeline's UUID. */
export function defaultTableName(pipelineId: string, schema: string, table: string): string {
  const bits = Number.parseInt(canonical(pipelineId).slice(0, 8), 16) >>> 2;
  const characters = Array.from({ length: HASH_LENGTH }, (_, index) => {
    const shift = 5 * (HASH_LENGTH - 1 - index);
    return Z_BASE_32.charAt((bits >>> shift) & 31);
  });
  return `tb__${characters.join("")}__${schema}__${table}`;
}

/** A run's id in the list: 32 hex digits, unlike the `manual__…` name that execute answers. */
export function newRunId(): string {
  return randomBytes(16).toString("hex");
}

/** The same run's id as Maestro's reference spells it: a UUID with underscores. */
export function runIdAsUuid(runId: string): string {
  return runId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1_$2_$3_$4_$5");
}

/** A token that is opaque, and different each time. */
export function newToken(): string {
  return createHash("sha256").update(randomBytes(32)).digest("base64url");
}
