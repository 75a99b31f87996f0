import { DEFAULT_ADMIN_SECRET, type HasuraOptions } from "./hasura/settings.js";
import type { Account } from "./maestro/accounts.js";
import type { Login } from "./warehouse/logins.js";

/** What the provider and the CLI need to find Maestro. */
export function maestroEnvironment(
  account: Account,
  url: string,
): Readonly<Record<string, string>> {
  return {
    DADOSFERA_BASE_URL: url,
    DADOSFERA_USERNAME: account.username,
    DADOSFERA_PASSWORD: account.password,
    DADOSFERA_CUSTOMER_NAME: account.customerName,
    ...(account.totpSecret === undefined ? {} : { DADOSFERA_TOTP_SECRET: account.totpSecret }),
    ...(account.apiKey === undefined ? {} : { DADOSFERA_API_KEY: account.apiKey }),
  };
}

/** What any Snowflake client needs to find the warehouse. */
export function snowflakeEnvironment(
  login: Login,
  at: { readonly host: string; readonly port: number; readonly database: string },
): Readonly<Record<string, string>> {
  return {
    SNOWFLAKE_ACCOUNT: "emulator",
    SNOWFLAKE_USER: login.user,
    ...secretOf(login),
    SNOWFLAKE_ROLE: login.roles[0] ?? "LOADER",
    SNOWFLAKE_WAREHOUSE: "EMULATED",
    SNOWFLAKE_DATABASE: at.database,
    SNOWFLAKE_SCHEMA: "PUBLIC",
    SNOWFLAKE_HOST: at.host,
    SNOWFLAKE_PORT: String(at.port),
    SNOWFLAKE_PROTOCOL: "http",
  };
}

/** As Hasura's own CLI is told; nothing where there is no Hasura. */
export function hasuraEnvironment(
  options: HasuraOptions | undefined,
  url: string,
): Readonly<Record<string, string>> {
  if (options === undefined) return {};
  return {
    HASURA_GRAPHQL_ENDPOINT: url,
    HASURA_GRAPHQL_ADMIN_SECRET: options.adminSecret ?? DEFAULT_ADMIN_SECRET,
  };
}

/** The private half of a key pair is with whoever made it. */
function secretOf({ credential }: Login): Readonly<Record<string, string>> {
  switch (credential.kind) {
    case "password":
      return { SNOWFLAKE_PASSWORD: credential.password };
    case "oauth":
    case "access-token":
      return { SNOWFLAKE_TOKEN: credential.token };
    case "key-pair":
      return {};
  }
}
