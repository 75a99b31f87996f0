import type { Polling } from "../lifecycle/context.js";
import { type MaestroSettings, parseMaestroSettings } from "../maestro/settings.js";
import { parseWarehouseSettings, type WarehouseSettings } from "../warehouse/settings.js";

/** Reads one key of the stack's configuration, as `dadosfera:username`; undefined where it is not set. */
export type ReadConfig = (key: string) => string | undefined;

/** Everything that a provider process is told from outside. */
export interface Settings {
  /** Throws a `DadosferaError` where they are missing or wrong: a stack of migrations alone needs none. */
  readonly maestro: MaestroSettings;
  readonly hasura: HasuraSettings;
  readonly warehouse: WarehouseSettings | undefined;
  readonly polling: Polling;
  /** How long one request to Maestro may take, where that is not the usual time. */
  readonly deadlineMs?: number;
}

/** How to be let in by every Hasura of the stack, and what its migrations are proven on; its address is a resource's own argument. */
interface HasuraSettings {
  readonly adminSecret?: string;
  /** What migrations are compared and proven on, as `--engine` takes it: `pglite` unless told otherwise. */
  readonly proofEngine?: string;
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
  const adminSecret = reader("HASURA_GRAPHQL", "hasura", environment, config)("adminSecret");
  const proofEngine = reader("HASURA", "hasura", environment, config)("proofEngine");
  const maestro = Object.fromEntries(MAESTRO_KEYS.map((key) => [key, dadosfera(key)]));
  return {
    get maestro() {
      return parseMaestroSettings(maestro);
    },
    hasura: {
      ...(adminSecret !== undefined && { adminSecret }),
      ...(proofEngine !== undefined && { proofEngine }),
    },
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
export function secretsOf(settings: Settings): readonly string[] {
  const { kind: _kind, ...login } = settings.warehouse?.login ?? { kind: "none" };
  const { password, totpSecret, apiKey } = maestroOf(settings);
  const { adminSecret, proofEngine = "" } = settings.hasura;
  const enginePassword = URL.parse(proofEngine)?.password;
  return [password, totpSecret, apiKey, adminSecret, enginePassword, ...Object.values(login)]
    .filter((secret) => secret !== undefined)
    .flatMap((secret) => [secret, ...secret.split("\n")]);
}

/** Settings that cannot be used hold no secret that a message could repeat: none was sent anywhere. */
function maestroOf(settings: Settings): Partial<MaestroSettings> {
  try {
    return settings.maestro;
  } catch {
    return {};
  }
}

const MAESTRO_KEYS = [
  "baseUrl",
  "username",
  "password",
  "totpSecret",
  "apiKey",
  "customerName",
] as const;

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
