import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { EngineError } from "./engine-error.js";

/** Encrypts and decrypts as Pulumi's passphrase provider does; derives the key once, when needed. */
export interface SecretsKeeper {
  /** `v1:<salt>:v1:<nonce>:<check>`, or undefined while nothing secret has been stored. */
  readonly salt: () => string | undefined;
  readonly encrypt: (text: string) => Promise<string>;
  readonly decrypt: (text: string) => Promise<string>;
  /** Rejects, in plain words, where a secret could not be stored. */
  readonly requirePassphrase: () => void;
}

/** `salt` is the stack's `encryptionsalt`, if it has one. */
export function createSecretsKeeper(settings: {
  readonly passphrase: string | undefined;
  readonly salt: string | undefined;
}): SecretsKeeper {
  let salt = settings.salt;
  let key: Promise<Buffer> | undefined;
  const requirePassphrase = (): string => {
    if (settings.passphrase === undefined || settings.passphrase === "") throw noPassphrase();
    return settings.passphrase;
  };
  const openKey = async (passphrase: string): Promise<Buffer> => {
    const [, encodedSalt = "", ...check] = salt?.split(":") ?? [];
    if (salt === undefined) {
      const bytes = randomBytes(8);
      const fresh = await deriveKey(passphrase, bytes);
      salt = `v1:${bytes.toString("base64")}:${seal(fresh, "pulumi")}`;
      return fresh;
    }
    const derived = await deriveKey(passphrase, Buffer.from(encodedSalt, "base64"));
    if (open(derived, check.join(":")) !== "pulumi") throw wrongPassphrase();
    return derived;
  };
  const keyOnce = (): Promise<Buffer> => {
    key ??= openKey(requirePassphrase());
    return key;
  };
  return {
    salt: () => salt,
    requirePassphrase: () => void requirePassphrase(),
    encrypt: async (text) => seal(await keyOnce(), text),
    decrypt: async (text) => {
      const plain = open(await keyOnce(), text);
      if (plain === undefined) throw wrongPassphrase();
      return plain;
    },
  };
}

const rounds = 1_000_000;

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return promisify(pbkdf2)(passphrase, salt, rounds, 32, "sha256");
}

const tagLength = 16;

function seal(key: Buffer, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${body.toString("base64")}`;
}

/** Undefined if the text was sealed with another key, or is no sealed text. */
function open(key: Buffer, sealed: string): string | undefined {
  const [version, nonce = "", encoded = ""] = sealed.split(":");
  const body = Buffer.from(encoded, "base64");
  if (version !== "v1" || body.length < tagLength) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(body.subarray(-tagLength));
  try {
    return (
      decipher.update(body.subarray(0, -tagLength), undefined, "utf8") + decipher.final("utf8")
    );
  } catch {
    return undefined;
  }
}

function noPassphrase(): EngineError {
  return new EngineError({
    happened:
      "Refused to go on: the stack holds a secret, and there is no passphrase to encrypt or decrypt it with.",
    now: "The secret was not written anywhere.",
    next: "Set PULUMI_CONFIG_PASSPHRASE and run the command again.",
    exitCode: 1,
  });
}

function wrongPassphrase(): EngineError {
  return new EngineError({
    happened: "Could not decrypt the stack's secrets: incorrect passphrase.",
    now: "Nothing was changed.",
    next: "Set PULUMI_CONFIG_PASSPHRASE to the passphrase that the stack was made with, and run the command again.",
    exitCode: 1,
  });
}
