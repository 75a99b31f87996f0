/** True of a text that is known to be, or to hold, a credential. */
export type IsCredential = (text: string) => boolean;

/**
 * Where a value of Maestro's may hold a credential: the path of the first field that is named like one, or whose text
 * is one; undefined if there is none. What is only named (a stored connection's id) is no credential.
 */
export function credentialIn(
  value: unknown,
  isCredential: IsCredential,
  path = "",
): string | undefined {
  if (typeof value === "string") return isSecretText(value, isCredential) ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const found = Object.entries(value).map(([name, field]) => {
    const inner = path === "" ? name : `${path}.${name}`;
    const isNamed = NAMED_SECRET.test(name) && isFilled(field);
    return isNamed ? inner : credentialIn(field, isCredential, inner);
  });
  return found.find((each) => each !== undefined);
}

function isSecretText(text: string, isCredential: IsCredential): boolean {
  return isCredential(text) || LOOKS_SECRET.test(text);
}

const NAMED_SECRET =
  /pass(word|wd|phrase|code)|^pass$|pwd|secret|token|private_?key|privatekey|credential|api_?key|access_?key/i;
/** A key in PEM, or a user and a password within an address. */
const LOOKS_SECRET = /-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^/\s:@]*:[^/\s@]+@/;

function isFilled(field: unknown): boolean {
  return field !== null && field !== undefined && field !== "" && typeof field !== "boolean";
}
