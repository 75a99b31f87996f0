import type { Operation } from "./openapi.js";

/** Of these the emulator knows nothing, and the client asks for none: keys, permissions, and whatever is not about pipelines. */
const TAGS = ["auth", "pipelines", "runs", "jobs"];
const OTHERS = [
  "listPermissions",
  "listApiKeys",
  "createApiKey",
  "deleteApiKey",
  // Routed under a switch, in place of the other spelling.
  "listPipelineRunsAlias",
];

/** Whether an emulator with the default switches carries an operation of the contract out. */
export function isEmulated({ tag, operationId }: Operation): boolean {
  return TAGS.includes(tag) && !OTHERS.includes(operationId);
}
