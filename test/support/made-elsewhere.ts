import { type Emulator, type EmulatorOptions, startEmulator } from "pulumi-dadosfera/testing";
import { type PipelineId, pipelineId } from "#src/domain/job-id.js";
import { MaestroClient } from "#src/maestro/client.js";
import type { JobInput, PipelineCreate } from "#src/maestro/records.js";

export const ORDERS = pipelineId.parse("7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae");
export const ITEMS = pipelineId.parse("5e0c9a41-2d7f-4b86-a3c4-9f61d208be73");

/** A pipeline over `cadastros.pedidos`, as somebody makes it without this package. */
export function aCreation(
  id: PipelineId,
  name: string,
  fields: Partial<PipelineCreate> = {},
  input: Partial<JobInput> = {},
): PipelineCreate {
  return {
    id,
    name,
    cron: null,
    jobs: [
      {
        input: {
          connector: "jdbc",
          plugin: "mysql",
          tableSchema: "cadastros",
          tableName: "pedidos",
          loadType: "incremental",
          incrementalColumnName: "updated_at",
          incrementalColumnType: "timestamp",
          columnIncludeList: ["id", "valor", "updated_at"],
          authParameters: { authType: "connection_manager", configId: "config-1" },
          ...input,
        },
        transformations: [],
        output: { plugin: "dadosfera_snowflake" },
      },
    ],
    ...fields,
  };
}

/** An emulator in which somebody has made pipelines. */
export async function emulatorWith(
  creations: readonly PipelineCreate[],
  options: EmulatorOptions = {},
): Promise<Emulator> {
  const emulator = await startEmulator({ seed: "caso-1", ...options });
  await make(creations, emulator);
  return emulator;
}

export async function make(
  creations: readonly PipelineCreate[],
  { maestroUrl, environment, runs }: Emulator,
): Promise<void> {
  await using maestro = new MaestroClient({
    baseUrl: maestroUrl,
    username: environment["DADOSFERA_USERNAME"] ?? "",
    password: environment["DADOSFERA_PASSWORD"] ?? "",
  });
  for (const creation of creations) await maestro.createPipeline(creation);
  await runs.idle();
}

/** What a shell needs to find Maestro, and nothing of the warehouse. */
export function maestroOnly({ environment }: Emulator): Readonly<Record<string, string>> {
  const own = Object.entries(environment).filter(([name]) => name.startsWith("DADOSFERA_"));
  return Object.fromEntries(own);
}

/** What was asked of Maestro to change something. */
export function effectsAt({ requests }: Emulator): readonly string[] {
  return requests
    .filter(({ method, path }) => method !== "GET" && path.startsWith("/platform/"))
    .map(({ method, path }) => `${method} ${path}`);
}
