import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "../clock.js";
import { gateway, unauthorized } from "./answers.js";
import { newToken } from "./ids.js";
import { isTotpCode } from "./totp.js";

/** Someone who may sign in. The tenant of everything that they make is `customerName`. */
export interface Account {
  readonly username: string;
  readonly password: string;
  readonly customerName: string;
  /** In base 32; with it, a sign-in needs a one-time code. */
  readonly totpSecret?: string;
  /** Accepted as `x-api-key` in place of a token. */
  readonly apiKey?: string;
}

interface Token {
  readonly account: Account;
  readonly expiresAt: number;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
}

const ACCESS_MS = 30 * 60_000;
const REFRESH_MS = 24 * 60 * 60_000;

/** Accounts and the tokens that they hold; tokens expire by the emulator's clock. */
export class Accounts {
  readonly #accounts: readonly Account[];
  readonly #clock: Clock;
  readonly #accessTokens = new Map<string, Token>();
  readonly #refreshTokens = new Map<string, Token>();
  readonly #usedCodes = new Set<string>();

  constructor(accounts: readonly Account[], clock: Clock) {
    this.#accounts = accounts;
    this.#clock = clock;
  }

  /** Who these credentials belong to; throws 401 if nobody. */
  find(username: string, password: string): Account {
    const account = this.#accounts.find((one) => one.username === username);
    if (account?.password !== password) throw gateway(401, "Invalid credentials", "Unauthorized");
    return account;
  }

  /**
   * Throws 401 for a wrong code. A code is good by the emulator's clock or by real time: after a test has turned the
   * former, an authenticator on this machine still goes by the latter.
   */
  checkCode(account: Account, code: string, isOnce: boolean): void {
    const moments = [this.#clock.now(), Date.now()];
    const isUsed = isOnce && this.#usedCodes.has(code);
    if (isUsed || !isTotpCode(account.totpSecret ?? "", code, moments)) {
      throw gateway(401, "Invalid one-time code", "Unauthorized");
    }
    this.#usedCodes.add(code);
  }

  issue(account: Account): Tokens {
    const now = this.#clock.now();
    const [accessToken, refreshToken] = [newToken(), newToken()];
    this.#accessTokens.set(accessToken, { account, expiresAt: now + ACCESS_MS });
    this.#refreshTokens.set(refreshToken, { account, expiresAt: now + REFRESH_MS });
    return { accessToken, refreshToken, idToken: "" };
  }

  /** A new access token for a refresh token, which stays as it is; throws 401. */
  refresh(refreshToken: string, customerName: string | undefined): Tokens {
    const account = this.#live(this.#refreshTokens, refreshToken);
    if (account === undefined) throw unauthorized();
    if (customerName !== undefined && customerName !== account.customerName) throw unauthorized();
    return { ...this.issue(account), refreshToken };
  }

  /** Whose request this is: the bare token in `Authorization`, or a key in `x-api-key`; throws 401. */
  authorize(headers: IncomingHttpHeaders): Account {
    const key = headers["x-api-key"];
    const account =
      key === undefined
        ? this.#live(this.#accessTokens, headers.authorization ?? "")
        : this.#accounts.find((one) => one.apiKey === key);
    if (account === undefined) throw unauthorized();
    return account;
  }

  /** From now on no token is good: everybody must sign in again. */
  revokeAll(): void {
    this.#accessTokens.clear();
    this.#refreshTokens.clear();
  }

  #live(tokens: ReadonlyMap<string, Token>, token: string): Account | undefined {
    const found = tokens.get(token);
    return found !== undefined && this.#clock.now() < found.expiresAt ? found.account : undefined;
  }
}

/** The tenant as Maestro's objects spell it: `exemplo_varejo` for `exemplo-varejo`. */
export function customerId(account: Account): string {
  return account.customerName.replaceAll("-", "_");
}
