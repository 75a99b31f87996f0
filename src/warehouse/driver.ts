import type { Connection, ConnectionOptions } from "snowflake-sdk";
import type { WarehouseLogin, WarehouseSettings } from "./settings.js";

type Driver = typeof import("snowflake-sdk");
let loading: Promise<Driver> | undefined;

/** Loads snowflake-sdk on first use (about a second), silent and without looking around the machine. */
function loadDriver(settings: WarehouseSettings): Promise<Driver> {
  loading ??= importDriver(settings);
  return loading;
}

/** Signs in. The driver's `connectAsync` does not reject on a refused login, so the callback is wrapped here. */
export async function connect(settings: WarehouseSettings, queryTag: string): Promise<Connection> {
  const driver = await loadDriver(settings);
  const connection = driver.createConnection(connectionOptions(settings, queryTag));
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
}

async function importDriver(settings: WarehouseSettings): Promise<Driver> {
  // Read at import: without them the driver asks cloud metadata services who it is, with the user's credentials.
  process.env["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true";
  process.env["SNOWFLAKE_DISABLE_MINICORE"] = "1";
  process.env["SF_TELEMETRY_DISABLE_CONNECTION_SHAPE"] = "1";
  const module = await import("snowflake-sdk");
  const driver: Driver = "default" in module ? (module.default as Driver) : module;
  driver.configure({
    logLevel: "OFF",
    jsonColumnVariantParser: JSON.parse,
    // A proxy from the environment would be asked for 127.0.0.1 too.
    ...(isLoopback(settings.accessUrl) && { useEnvProxy: false }),
  });
  return driver;
}

function connectionOptions(settings: WarehouseSettings, queryTag: string): ConnectionOptions {
  const { account, user, role, warehouse, database, schema, accessUrl } = settings;
  return {
    account,
    username: user,
    database,
    schema,
    application: "pulumi_dadosfera",
    queryTag,
    // The default is seven attempts, over two minutes, before a wrong address is reported.
    sfRetryMaxLoginRetries: 1,
    ...(role !== undefined && { role }),
    ...(warehouse !== undefined && { warehouse }),
    ...(accessUrl !== undefined && { accessUrl }),
    ...loginOptions(settings.login),
  };
}

function loginOptions(login: WarehouseLogin): Partial<ConnectionOptions> {
  switch (login.kind) {
    case "password":
      return { password: login.password };
    case "key-pair":
      return {
        authenticator: "SNOWFLAKE_JWT",
        ...(login.privateKey !== undefined && { privateKey: login.privateKey }),
        ...(login.privateKeyPath !== undefined && { privateKeyPath: login.privateKeyPath }),
        ...(login.passphrase !== undefined && { privateKeyPass: login.passphrase }),
      };
    case "oauth":
      return { authenticator: "OAUTH", token: login.token };
    case "programmatic-access-token":
      return { authenticator: "PROGRAMMATIC_ACCESS_TOKEN", token: login.token };
  }
}

function isLoopback(accessUrl: string | undefined): boolean {
  return (
    accessUrl !== undefined &&
    ["127.0.0.1", "localhost", "[::1]"].includes(new URL(accessUrl).hostname)
  );
}
