import type { Polling } from "../lifecycle/context.js";
import { type MaestroSettings, parseMaestroSettings } from "../maestro/settings.js";
import { parseWarehouseSettings, type WarehouseSettings } from "../warehouse/settings.js";

/** Reads one key of the stack's configuration, as `dadosfera:username`; undefined where it is not set. */
export type ReadConfig = (key: string) => string | undefined;

/** Everything that a provider process is told from outside. */
export interface Settings {
  readonly maestro: MaestroSettings;
  readonly warehouse: WarehouseSettings | undefined;
  readonly polling: Polling;
  /** How long one request to Maestro may take, where that is not the usual time. */
  readonly deadlineMs?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment first, then the stack's configuration: `refresh` and `destroy` see only the configuration saved at
 * the last `up`, so a credential that was changed since is read from the environment.
 */
export function readSettings(environment: Environment, config: ReadConfig): Settings {
  const dadosfera = reader("DADOSFERA", "dadosfera", environment, config);
  const snowflake = reader("SNOWFLAKE", "snowflake", environment, config);
  const pollMs = Number(dadosfera("pollIntervalMs") ?? Number.NaN);
  const deadlineMs = Number(dadosfera("deadlineMs") ?? Number.NaN);
  return {
    maestro: parseMaestroSettings({
      baseUrl: dadosfera("baseUrl"),
      username: dadosfera("username"),
      password: dadosfera("password"),
      totpSecret: dadosfera("totpSecret"),
      apiKey: dadosfera("apiKey"),
      customerName: dadosfera("customerName"),
    }),
    warehouse: parseWarehouseSettings({
      ...Object.fromEntries(WAREHOUSE_KEYS.map((key) => [key, snowflake(key)])),
      journalSchema: dadosfera("journalSchema"),
    }),
    polling: Number.isFinite(pollMs)
      ? { leastMs: pollMs, mostMs: pollMs }
      : { leastMs: 2000, mostMs: 30_000 },
    ...(Number.isFinite(deadlineMs) && { deadlineMs }),
  };
}

/** Every credential among the settings; a key of several lines also line by line, as a message may wrap it. */
export function secretsOf({ maestro, warehouse }: Settings): readonly string[] {
  const { kind: _kind, ...login } = warehouse?.login ?? { kind: "none" };
  return [maestro.password, maestro.totpSecret, maestro.apiKey, ...Object.values(login)]
    .filter((secret) => secret !== undefined)
    .flatMap((secret) => [secret, ...secret.split("\n")]);
}

const WAREHOUSE_KEYS = [
  "account",
  "user",
  "password",
  "privateKey",
  "privateKeyPath",
  "privateKeyPassphrase",
  "token",
  "authenticator",
  "role",
  "warehouse",
  "database",
  "schema",
  "host",
  "port",
  "protocol",
] as const;

function reader(prefix: string, namespace: string, environment: Environment, config: ReadConfig) {
  return (key: string): string | undefined => {
    const variable = `${prefix}_${key.replaceAll(/([A-Z])/g, "_$1").toUpperCase()}`;
    // An empty variable is how a shell or a pipeline says "not set".
    return environment[variable] || config(`${namespace}:${key}`) || undefined;
  };
}
