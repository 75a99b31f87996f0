import { z } from "zod";
import { DadosferaError } from "../domain/errors.js";
import { isTotpSecret } from "./totp.js";

const DEFAULT_BASE_URL = "https://maestro.dadosfera.ai";

const filled = z.string().min(1, "is empty");
const headerText = filled.regex(
  /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/,
  "holds characters that an HTTP header cannot carry",
);

/**
 * Where Maestro is, and who asks: `username` and `password` (with `totpSecret` when multi-factor authentication is on), or an
 * `apiKey`, which wins if both are there. `customerName` is the tenant; sign-in answers with it, an API key does not.
 */
const maestroSettings = z.object({
  baseUrl: z
    .string()
    .refine(isServiceUrl, "is not an http or https URL without credentials, query and fragment")
    .transform((url) => url.replace(/\/+$/, ""))
    .default(DEFAULT_BASE_URL),
  username: filled.optional(),
  password: filled.optional(),
  totpSecret: z.string().refine(isTotpSecret, "is not a base-32 secret").optional(),
  apiKey: headerText.optional(),
  customerName: headerText.optional(),
});

export type MaestroSettings = Readonly<z.infer<typeof maestroSettings>>;

/**
 * Reads settings from anything, and names every problem at once.
 * @throws DadosferaError `SETTINGS_MISSING` if only a credential is missing, else `SETTINGS_INVALID`. No value is ever quoted.
 */
export function parseMaestroSettings(raw: unknown): MaestroSettings {
  const parsed = maestroSettings.safeParse(raw);
  const missing = missingCredential(raw);
  if (parsed.success && missing === undefined) return parsed.data;
  if (parsed.success) throw missingError(missing ?? "");
  const problems = parsed.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join(".")} ${issue.message}`,
  );
  throw new DadosferaError({
    code: "SETTINGS_INVALID",
    happened: `Could not use the settings for Maestro: ${[...problems, ...(missing === undefined ? [] : [missing])].join("; ")}.`,
    now: "Nothing was changed.",
    next: "Correct the DADOSFERA_… variables, or the dadosfera:… keys with `pulumi config set`.",
  });
}

function isServiceUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return false;
  return [url.username, url.password, url.search, url.hash].every((part) => part === "");
}

function missingCredential(raw: unknown): string | undefined {
  if (typeof raw !== "object" || raw === null) return undefined;
  const has = (key: string) => Reflect.get(raw, key) !== undefined;
  if (has("apiKey") || (has("username") && has("password"))) return undefined;
  if (has("username")) return "a username is set, but no password";
  if (has("password")) return "a password is set, but no username";
  return "no credential is set";
}

function missingError(missing: string): DadosferaError {
  return new DadosferaError({
    code: "SETTINGS_MISSING",
    happened: `Could not sign in to Maestro: ${missing}.`,
    now: "Nothing was changed.",
    next: "Set DADOSFERA_USERNAME and DADOSFERA_PASSWORD (or the config keys dadosfera:username and dadosfera:password), or DADOSFERA_API_KEY.",
  });
}
