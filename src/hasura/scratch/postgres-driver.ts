import type { Client, ClientConfig } from "pg";
import { DadosferaError } from "../../domain/errors.js";

/** Connects with node-postgres; every value comes back as PostgreSQL writes it. Throws what the driver throws if it cannot. */
export async function connect(address: ClientConfig): Promise<Client> {
  const { Client } = await importDriver();
  const client = new Client({
    application_name: "dadosfera",
    options: SETTINGS.map((one) => `-c ${one}`).join(" "),
    types: { getTypeParser: () => (value: string) => value },
    ...address,
  });
  // A server that goes away between two statements is reported by the next one; unheard, this event would end the process.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

const SETTINGS = [
  "TimeZone=UTC",
  "DateStyle=ISO,MDY",
  "IntervalStyle=postgres",
  "client_min_messages=warning",
];

async function importDriver(): Promise<typeof import("pg")> {
  try {
    const module = await import("pg");
    return module.default;
  } catch (error) {
    throw new DadosferaError(
      {
        code: "SCRATCH_UNAVAILABLE",
        happened: "Could not speak to PostgreSQL: the package pg is not installed.",
        now: "No database was made and no file was changed.",
        next: "Run `npm install --save-dev pg`, or use the engine that needs no server: `--engine pglite`.",
      },
      { cause: error },
    );
  }
}
