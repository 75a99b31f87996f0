import { z } from "zod";
import { DadosferaError } from "../domain/errors.js";

const text = z.string().min(1);

/** How to sign in to Snowflake; the first complete one of key pair, token and password is taken. */
export type WarehouseLogin =
  | { readonly kind: "password"; readonly password: string }
  | {
      readonly kind: "key-pair";
      readonly privateKey?: string;
      readonly privateKeyPath?: string;
      readonly passphrase?: string;
    }
  | { readonly kind: "oauth"; readonly token: string }
  | { readonly kind: "programmatic-access-token"; readonly token: string };

/** Everything needed to reach the destination. */
export interface WarehouseSettings {
  readonly account: string;
  readonly user: string;
  readonly login: WarehouseLogin;
  readonly role?: string;
  readonly warehouse?: string;
  readonly database: string;
  /** Where destination tables are looked for when a job names no schema; `PUBLIC` unless given. */
  readonly schema: string;
  /** Where the journal, the leases and their view live; `PUBLIC` unless given, the same for all stacks. */
  readonly journalSchema: string;
  /** The server's address, where it is not the account's usual one. */
  readonly accessUrl?: string;
}

const raw = z.object({
  account: text,
  user: text,
  database: text,
  password: text.optional(),
  privateKey: text.optional(),
  privateKeyPath: text.optional(),
  privateKeyPassphrase: text.optional(),
  token: text.optional(),
  authenticator: text.optional(),
  role: text.optional(),
  warehouse: text.optional(),
  schema: text.default("PUBLIC"),
  journalSchema: text.default("PUBLIC"),
  host: text.optional(),
  port: z.coerce.number().int().optional(),
  protocol: z.enum(["http", "https"]).default("https"),
});
type RawSettings = z.infer<typeof raw>;

const VARIABLE: Readonly<Record<string, string>> = {
  account: "SNOWFLAKE_ACCOUNT",
  user: "SNOWFLAKE_USER",
  database: "SNOWFLAKE_DATABASE",
  port: "SNOWFLAKE_PORT",
  protocol: "SNOWFLAKE_PROTOCOL",
};

/** Reads settings as the environment or the stack's config give them; undefined where none are given at all. */
export function parseWarehouseSettings(
  values: Readonly<Record<string, string | undefined>>,
): WarehouseSettings | undefined {
  if (values["account"] === undefined && values["user"] === undefined) return undefined;
  const settings = raw.safeParse(values);
  if (!settings.success) {
    throw settingsError(
      settings.error.issues.map(
        (issue) => `${VARIABLE[String(issue.path[0])] ?? issue.path.join(".")}: ${issue.message}`,
      ),
    );
  }
  const { account, user, role, warehouse, database, schema, journalSchema } = settings.data;
  const accessUrl = accessUrlOf(settings.data);
  return {
    account,
    user,
    login: loginOf(settings.data),
    database,
    schema,
    journalSchema,
    ...(role !== undefined && { role }),
    ...(warehouse !== undefined && { warehouse }),
    ...(accessUrl !== undefined && { accessUrl }),
  };
}

function loginOf(settings: RawSettings): WarehouseLogin {
  const { privateKey, privateKeyPath, privateKeyPassphrase, token, password } = settings;
  if (privateKey !== undefined || privateKeyPath !== undefined) {
    return {
      kind: "key-pair",
      ...(privateKey !== undefined ? { privateKey } : { privateKeyPath: privateKeyPath ?? "" }),
      ...(privateKeyPassphrase !== undefined && { passphrase: privateKeyPassphrase }),
    };
  }
  if (token !== undefined) {
    const isOauth = settings.authenticator?.toUpperCase() === "OAUTH";
    return { kind: isOauth ? "oauth" : "programmatic-access-token", token };
  }
  if (password !== undefined) return { kind: "password", password };
  throw settingsError([
    "no credential: none of SNOWFLAKE_PASSWORD, SNOWFLAKE_PRIVATE_KEY, SNOWFLAKE_PRIVATE_KEY_PATH, SNOWFLAKE_TOKEN is set",
  ]);
}

function accessUrlOf({ host, port, protocol }: RawSettings): string | undefined {
  if (host === undefined) return undefined;
  return `${protocol}://${host}${port === undefined ? "" : `:${port}`}`;
}

function settingsError(problems: readonly string[]): DadosferaError {
  return new DadosferaError({
    code: "SETTINGS_INVALID",
    happened: `Cannot use the settings of Snowflake: ${problems.join("; ")}.`,
    now: "Nothing was changed.",
    next: "Set the SNOWFLAKE_… variables, or `pulumi config set snowflake:account …` and so on; the README lists them.",
  });
}
