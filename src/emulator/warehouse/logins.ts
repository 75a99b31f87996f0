import { createHash, createPublicKey, verify } from "node:crypto";
import { SnowflakeError } from "./errors.js";

/** Someone who may sign in, with what, and as which roles; the first role is the default. */
export interface Login {
  readonly user: string;
  readonly roles: readonly string[];
  readonly credential: Credential;
}

type Credential =
  | { readonly kind: "password"; readonly password: string }
  /** PEM of the public key that the driver's private key belongs to. */
  | { readonly kind: "key-pair"; readonly publicKey: string }
  | { readonly kind: "oauth" | "access-token"; readonly token: string };

export const DEFAULT_LOGINS: readonly Login[] = [
  { user: "DADOSFERA", roles: ["LOADER"], credential: { kind: "password", password: "dadosfera" } },
];

/** What a driver says about itself at the door. */
export interface LoginRequest {
  readonly user: string;
  readonly authenticator: string;
  readonly password: string;
  readonly token: string;
}

/** Finds who it is, or refuses with the number that the way of signing in has. */
export function findLogin(logins: readonly Login[], request: LoginRequest): Login {
  const found = logins.find((login) => matches(login, request));
  if (found !== undefined) return found;
  const [code, text] = REFUSALS[request.authenticator] ?? WRONG_PASSWORD;
  throw new SnowflakeError(code, "08001", text);
}

const WRONG_PASSWORD = ["390100", "Incorrect username or password was specified."] as const;
const REFUSALS: Readonly<Record<string, readonly [string, string]>> = {
  SNOWFLAKE_JWT: ["390144", "JWT token is invalid."],
  OAUTH: ["390303", "Invalid OAuth access token."],
  PROGRAMMATIC_ACCESS_TOKEN: ["394400", "Programmatic access token is invalid."],
};

function matches({ user, credential }: Login, request: LoginRequest): boolean {
  const isUser = request.user.toUpperCase() === user.toUpperCase();
  switch (credential.kind) {
    case "password": {
      const isPlain = Object.hasOwn(REFUSALS, request.authenticator) === false;
      return isPlain && isUser && request.password === credential.password;
    }
    case "key-pair":
      return (
        request.authenticator === "SNOWFLAKE_JWT" &&
        isSigned(request.token, user, credential.publicKey)
      );
    case "oauth":
      return request.authenticator === "OAUTH" && request.token === credential.token;
    case "access-token":
      return (
        request.authenticator === "PROGRAMMATIC_ACCESS_TOKEN" &&
        isUser &&
        (request.token === credential.token || request.password === credential.token)
      );
  }
}

/** The driver stamps its JWT by its own clock, and in milliseconds; the stamp is not looked at, the signature is. */
function isSigned(token: string, user: string, publicKey: string): boolean {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const key = createPublicKey(publicKey);
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url"))) return false;
  const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
  const issuer: unknown =
    typeof claims === "object" && claims !== null && "iss" in claims ? claims.iss : "";
  const print = createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("base64");
  return String(issuer).toUpperCase().endsWith(`.${user}.SHA256:${print}`.toUpperCase());
}
