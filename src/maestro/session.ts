import { z } from "zod";
import { DadosferaError, isDadosferaError } from "../domain/errors.js";
import type { Redaction } from "../domain/redaction.js";
import type { Clock } from "./clock.js";
import { parseJson } from "./complaint.js";
import type { Courier, Delivery } from "./courier.js";
import type { Operation } from "./operation.js";
import { interrupted, refusal, unreadable } from "./refusals.js";
import type { MaestroSettings } from "./settings.js";
import { totpCode, totpStep, untilNextStepMs } from "./totp.js";

/** An access token lives 30 minutes; renewed before, no request has to fail for it. */
const RENEW_AFTER_MS = 25 * 60_000;

export interface SessionOptions {
  readonly settings: MaestroSettings;
  readonly courier: Courier;
  readonly redaction: Redaction;
  readonly clock: Clock;
  readonly ending: AbortSignal;
}

export type Credentials =
  | { readonly kind: "api-key"; readonly apiKey: string }
  | {
      readonly kind: "token";
      readonly accessToken: string;
      readonly refreshToken: string | undefined;
      readonly customerName: string | undefined;
      readonly obtainedAt: number;
    };

/** Who the client is to Maestro: signs in when first needed, renews in time, and does both once for all who ask at the same time. */
export class Session {
  readonly #options: SessionOptions;
  #current: Credentials | undefined;
  #renewal: Promise<Credentials> | undefined;
  #rejection: DadosferaError | undefined;
  #lastTotpStep = -1;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { apiKey, password, totpSecret } = options.settings;
    for (const secret of [apiKey, password, totpSecret]) options.redaction.learn(secret);
    if (apiKey !== undefined) this.#current = { kind: "api-key", apiKey };
  }

  /** Credentials that should still be good. */
  async credentials(): Promise<Credentials> {
    const current = this.#current;
    if (current === undefined || this.#isOld(current)) return this.#renew();
    return current;
  }

  /** New credentials in place of those that Maestro refused; `undefined` if there can be none. */
  async replaced(refused: Credentials): Promise<Credentials | undefined> {
    if (refused.kind === "api-key") return undefined;
    // Another request may have been refused, and have renewed, before this one.
    if (this.#current !== refused && this.#current !== undefined) return this.#current;
    return this.#renew();
  }

  /** The tenant's name, from the settings or from sign-in. */
  async customerName(): Promise<string | undefined> {
    const { customerName } = this.#options.settings;
    if (customerName !== undefined) return customerName;
    const credentials = await this.credentials();
    return credentials.kind === "token" ? credentials.customerName : undefined;
  }

  #isOld(current: Credentials): boolean {
    if (current.kind === "api-key") return false;
    return this.#options.clock.now() - current.obtainedAt >= RENEW_AFTER_MS;
  }

  #renew(): Promise<Credentials> {
    this.#renewal ??= this.#refreshedOrSignedIn().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #refreshedOrSignedIn(): Promise<Credentials> {
    // Asking again with a wrong password, once for each job of a stack, could lock the account.
    if (this.#rejection !== undefined) throw this.#rejection;
    const credentials = (await this.#refresh()) ?? (await this.#signIn());
    this.#current = credentials;
    return credentials;
  }

  async #refresh(): Promise<Credentials | undefined> {
    const current = this.#current;
    if (current?.kind !== "token" || current.refreshToken === undefined) return undefined;
    const { refreshToken, customerName } = current;
    const delivery = await this.#options.courier
      .deliver(() => refreshOperation({ refreshToken, customerName }))
      .catch(ignoreUnlessInterrupted);
    if (delivery === undefined || !isSuccess(delivery)) return undefined;
    const parsed = refreshAnswer.safeParse(parseJson(delivery.answer.text));
    if (!parsed.success) return undefined;
    const tokens = { ...parsed.data, ...parsed.data.tokens };
    return this.#learnt({ refreshToken, ...present(tokens) }, customerName);
  }

  async #signIn(): Promise<Credentials> {
    const { courier, redaction, settings } = this.#options;
    const delivery = await courier.deliver(() => this.#signInOperation());
    const by = { ...delivery, redaction };
    if (!isSuccess(delivery)) {
      const error = refusal(by, delivery.answer);
      if (delivery.answer.status < 500 && delivery.answer.status !== 429) this.#rejection = error;
      throw error;
    }
    const parsed = signInAnswer.safeParse(parseJson(delivery.answer.text));
    // Not quoted: it may hold a token in a form that we do not know.
    if (!parsed.success) throw unreadable(by, "", "it is not that of a sign-in");
    const { tokens, customer } = parsed.data;
    const credentials = this.#learnt(tokens ?? {}, settings.customerName ?? customer?.name);
    if (credentials !== undefined) return credentials;
    this.#rejection = withoutToken(settings);
    throw this.#rejection;
  }

  async #signInOperation(): Promise<Operation> {
    const { settings, redaction } = this.#options;
    const { username, password, customerName } = settings;
    const totp =
      settings.totpSecret === undefined ? undefined : await this.#totp(settings.totpSecret);
    redaction.learn(totp);
    return {
      method: "POST",
      path: "/auth/sign-in",
      body: { username, password, totp, customerName },
      intent: `sign in to Maestro as "${username}"`,
      about: { kind: "tenant" },
      repeat: "always",
    };
  }

  /** A code that no sign-in has used yet: Maestro may take each only once. */
  async #totp(secret: string): Promise<string> {
    const { clock, ending } = this.#options;
    if (totpStep(clock.now()) === this.#lastTotpStep) {
      await clock.wait(untilNextStepMs(clock.now()), ending).catch((cause) => {
        throw ending.aborted ? interrupted("sign in to Maestro") : cause;
      });
    }
    this.#lastTotpStep = totpStep(clock.now());
    return totpCode(secret, clock.now());
  }

  #learnt(tokens: Tokens, customerName: string | undefined): Credentials | undefined {
    const { redaction, clock } = this.#options;
    for (const token of [tokens.accessToken, tokens.refreshToken]) redaction.learn(token ?? "");
    const { accessToken, refreshToken } = present(tokens);
    if (accessToken === undefined || !/^[\x21-\x7e]+$/.test(accessToken)) return undefined;
    return { kind: "token", accessToken, refreshToken, customerName, obtainedAt: clock.now() };
  }
}

const tokens = z.object({
  accessToken: z.string().nullish(),
  refreshToken: z.string().nullish(),
});
type Tokens = Partial<z.infer<typeof tokens>>;

const signInAnswer = z.object({
  tokens: tokens.nullish(),
  customer: z.object({ name: z.string().optional() }).nullish().catch(undefined),
});

/** The new token is nested under `tokens`, or at the root. */
const refreshAnswer = tokens.extend({ tokens: tokens.nullish() });

function refreshOperation(body: object): Operation {
  return {
    method: "POST",
    path: "/auth/refresh-access-token",
    body,
    intent: "renew the access token",
    about: { kind: "tenant" },
    repeat: "never",
  };
}

function isSuccess({ answer }: Delivery): boolean {
  return answer.status >= 200 && answer.status < 300;
}

function ignoreUnlessInterrupted(error: unknown): undefined {
  if (isDadosferaError(error) && error.code !== "INTERRUPTED") return undefined;
  throw error;
}

/** Empty tokens count as none. */
function present({ accessToken, refreshToken }: Tokens) {
  return {
    ...(accessToken ? { accessToken } : {}),
    ...(refreshToken ? { refreshToken } : {}),
  };
}

function withoutToken(settings: MaestroSettings): DadosferaError {
  const secret = settings.totpSecret === undefined ? "Set" : "Check";
  return new DadosferaError({
    code: "MAESTRO_UNAUTHORIZED",
    happened: `Could not sign in to Maestro as "${settings.username}": it accepted the password but gave no access token.`,
    now: "Nothing was changed.",
    next: `${secret} DADOSFERA_TOTP_SECRET (dadosfera:totpSecret) if multi-factor authentication is on for this user, and check this machine's clock.`,
  });
}
