import type { Account, Tokens } from "../accounts.js";
import { customerId } from "../accounts.js";
import { gateway, ok, unauthorized } from "../answers.js";
import type { MaestroWorld, Route, RoutedRequest } from "../route.js";

export const authRoutes: readonly Route[] = [
  {
    access: "public",
    method: "POST",
    path: "/auth/sign-in",
    handle: (request, world) => ok(signIn(request, world)),
  },
  {
    access: "public",
    method: "POST",
    path: "/auth/refresh-access-token",
    handle: (request, world) => ok({ tokens: refresh(request, world) }),
  },
];

function signIn(request: RoutedRequest, { accounts, clock, switches }: MaestroWorld): unknown {
  const { username, password, totp = null, customerName = "" } = fieldsOf(request);
  const wrong = Object.entries({ username, password, totp: totp ?? "", customerName })
    .filter(([, value]) => typeof value !== "string")
    .map(([name]) => `${name} must be a string`);
  if (wrong.length > 0) throw gateway(400, wrong, "Bad Request");
  const account = accounts.find(String(username), String(password));
  const hasCode = typeof totp === "string" && totp !== "";
  const needsCode = account.totpSecret !== undefined;
  if (needsCode && hasCode) accounts.checkCode(account, totp, switches.totpCodesOnce);
  // Without a code there is no error: the sign-in succeeds and brings no token.
  const isComplete = (!needsCode || hasCode) && !switches.signInWithoutToken;
  const tokens = isComplete ? accounts.issue(account) : {};
  return describe(account, tokens, clock.now());
}

function refresh(request: RoutedRequest, { accounts }: MaestroWorld): Tokens {
  const { refreshToken, customerName } = fieldsOf(request);
  const isNamed = customerName === undefined || typeof customerName === "string";
  // A refusal of this operation is a 401, whatever is wrong: no other is known.
  if (typeof refreshToken !== "string" || !isNamed) throw unauthorized();
  return accounts.refresh(refreshToken, customerName);
}

function describe(account: Account, tokens: Tokens | Record<string, never>, now: number): unknown {
  return {
    permissions: ["GET /pipelines", "POST /pipelines", "catalog:edit"],
    tokens,
    mfaStatus: account.totpSecret === undefined ? "DISABLED" : "ENABLED",
    termsOfUse: {},
    user: {
      id: account.username,
      name: account.username,
      username: account.username,
      createdAt: new Date(now).toISOString(),
    },
    customer: { id: customerId(account), name: account.customerName, tier: "emulated" },
  };
}

function fieldsOf(request: RoutedRequest): Readonly<Record<string, unknown>> {
  return typeof request.body === "object" && request.body !== null ? { ...request.body } : {};
}
