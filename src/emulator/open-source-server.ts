import { type SourceServer, SourceUnavailable } from "./source-server.js";

const SCHEMES = "postgres://, postgresql://, mysql:// or mariadb://";

/**
 * The source behind a URL, as `mysql://user:password@host:port`, once it has answered. Throws `SourceUnavailable`, or what Node throws
 * for an optional package that is missing: `pg` or `mysql2`.
 */
export async function openSourceServer(url: string): Promise<SourceServer & AsyncDisposable> {
  const open = OPENERS[/^[a-z]+(?=:\/\/)/i.exec(url)?.[0].toLowerCase() ?? ""];
  if (open === undefined || !URL.canParse(url)) {
    throw new SourceUnavailable({
      message: `its source is to be a URL that begins with ${SCHEMES}.`,
      next: "Correct it, as `--source mysql://user:password@127.0.0.1:3306`.",
    });
  }
  try {
    return await open(url);
  } catch (error) {
    throw isMissingPackage(error) ? error : unavailable(url, error);
  }
}

const OPENERS: Readonly<Record<string, (url: string) => Promise<SourceServer & AsyncDisposable>>> =
  {
    postgres: openPostgres,
    postgresql: openPostgres,
    mysql: openMysql,
    mariadb: openMysql,
  };

async function openPostgres(url: string): Promise<SourceServer & AsyncDisposable> {
  const { openPostgresServer } = await import("./postgres/server.js");
  const { postgresSource } = await import("./postgres/source.js");
  const postgres = await openPostgresServer(url, { connectWithinMs: 10_000 });
  const close = () => postgres[Symbol.asyncDispose]();
  try {
    await postgres.session((run) => run("SELECT 1"));
  } catch (error) {
    await close();
    throw error;
  }
  return { ...postgresSource(postgres), [Symbol.asyncDispose]: close };
}

async function openMysql(url: string): Promise<SourceServer & AsyncDisposable> {
  const { connectMysql } = await import("./mysql/connection.js");
  const { mysqlSource } = await import("./mysql/source.js");
  await (await connectMysql(url))[Symbol.asyncDispose]();
  return {
    ...mysqlSource(() => connectMysql(url)),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function isMissingPackage(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND";
}

/** Of a URL only what holds no password. */
function unavailable(url: string, error: unknown): SourceUnavailable {
  const { host, pathname } = new URL(url);
  const said = reasonOf(error).split("\n")[0];
  // A server that answered gives its refusal a state of five characters.
  const { code, sqlState } = error as { readonly code?: unknown; readonly sqlState?: unknown };
  const isRefusal = typeof sqlState === "string" || /^[0-9A-Z]{5}$/.test(String(code));
  return new SourceUnavailable({
    message: `the source ${host}${pathname} ${isRefusal ? "refused" : "does not answer"}: ${said}.`,
    next: isRefusal
      ? "Correct user, password or database in --source."
      : "Start the server, or correct its host and port in --source.",
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  // A host with several addresses fails once for each.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}
