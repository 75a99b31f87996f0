import { DadosferaError, type DadosferaErrorCode } from "../domain/errors.js";

/** What the driver says of a refused statement or a lost connection. */
interface DriverError {
  readonly code?: string | number;
  readonly sqlState?: string;
  readonly message: string;
}

/** True if Snowflake refused because the named object is not there, or the role may not see it. */
export function isMissingObject(error: unknown): boolean {
  return snowflakeCode(error) === "002003";
}

/** True if Snowflake refused because a table of this name is there already. */
export function isExistingObject(error: unknown): boolean {
  return snowflakeCode(error) === "002002";
}

/** True if Snowflake answered and refused, so that the statement had no effect. */
export function isRefusal(error: unknown): boolean {
  return snowflakeCode(error) !== undefined;
}

/** True if Snowflake refused because the role lacks a privilege. */
export function isMissingPrivilege(error: unknown): boolean {
  return snowflakeCode(error) === "003001";
}

/** True if Snowflake refused to let one more statement wait for a table, or to let this one wait longer. */
export function isCrowded(error: unknown): boolean {
  return snowflakeCode(error) === "000625";
}

/** Snowflake's six-digit code, where Snowflake itself answered. */
export function snowflakeCode(error: unknown): string | undefined {
  const cause = error instanceof DadosferaError ? error.cause : error;
  const code = (cause as DriverError | undefined)?.code;
  return typeof code === "string" && /^\d{6}$/.test(code) ? code : undefined;
}

/** A failed statement in three lines. The statement's text is named, its bound values are not. */
export function warehouseError(error: unknown, statement: string): DadosferaError {
  const { code, message } = error as DriverError;
  const what = `${statement.trim().replaceAll(/\s+/g, " ").slice(0, 120)}`;
  const reason = firstLines(message);
  const known = typeof code === "string" ? REFUSED[code] : undefined;
  if (typeof code === "string" && /^\d{6}$/.test(code)) {
    return new DadosferaError(
      {
        code: known?.code ?? "WAREHOUSE_REFUSED",
        happened: `Snowflake refused "${what}": ${reason} (Snowflake ${code}).`,
        now: "This statement had no effect.",
        next:
          known?.next ??
          "Look up the code in Snowflake's documentation, mend the cause and run `pulumi up` again.",
      },
      { cause: bare(error) },
    );
  }
  return new DadosferaError(
    {
      code: "WAREHOUSE_UNAVAILABLE",
      happened: `Lost the connection to Snowflake during "${what}": ${reason}.`,
      now: "It is not known whether this statement had its effect.",
      next: "Check the network and SNOWFLAKE_ACCOUNT, then run `pulumi up` again.",
    },
    { cause: bare(error) },
  );
}

/** A refused or impossible login in three lines. */
export function loginError(error: unknown, account: string, user: string): DadosferaError {
  const { code, message } = error as DriverError;
  const isRefused = typeof code === "string" && /^39\d{4}$/.test(code);
  return new DadosferaError(
    {
      code: isRefused ? "WAREHOUSE_UNAUTHORIZED" : "WAREHOUSE_UNAVAILABLE",
      happened: isRefused
        ? `Snowflake refused the login of user "${user}" in account "${account}": ${firstLines(message)} (Snowflake ${code}).`
        : `Could not reach Snowflake account "${account}": ${firstLines(message)}.`,
      now: "Nothing was changed by this attempt.",
      next: isRefused
        ? "Correct SNOWFLAKE_USER and its credential (SNOWFLAKE_PASSWORD, SNOWFLAKE_PRIVATE_KEY_PATH or SNOWFLAKE_TOKEN) and run the command again."
        : "Check the network, SNOWFLAKE_ACCOUNT and SNOWFLAKE_HOST, and run the command again.",
    },
    { cause: bare(error) },
  );
}

const REFUSED: Readonly<
  Record<string, { readonly code: DadosferaErrorCode; readonly next: string }>
> = {
  "003001": {
    code: "WAREHOUSE_PRIVILEGE_MISSING",
    next: "Grant the privilege to the role in SNOWFLAKE_ROLE and run `pulumi up` again.",
  },
  "000625": {
    code: "WAREHOUSE_REFUSED",
    next: "Look with SHOW LOCKS at who keeps the table, then run `pulumi up` again.",
  },
  "000606": {
    code: "WAREHOUSE_REFUSED",
    next: "Set SNOWFLAKE_WAREHOUSE to a warehouse that the role may use.",
  },
  "390111": {
    code: "WAREHOUSE_UNAVAILABLE",
    next: "Run `pulumi up` again: a new session is opened.",
  },
  "390114": {
    code: "WAREHOUSE_UNAVAILABLE",
    next: "Run `pulumi up` again: a new session is opened.",
  },
};

/** The driver's own error holds the request, headers and token among it: only what it says is kept. */
function bare(error: unknown): Error {
  const { code, sqlState, message } = error as DriverError;
  return Object.assign(new Error(message), { code, sqlState });
}

function firstLines(message: string): string {
  return message
    .trim()
    .replaceAll(/\s*\n\s*/g, " ")
    .replace(/[.:]+$/, "")
    .slice(0, 300);
}
