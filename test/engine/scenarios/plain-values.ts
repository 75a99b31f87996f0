import { createSecretsKeeper } from "#src/engine/secrets.js";
import { PASSPHRASE, providerText } from "./workspace.js";

/** A recorded or a fresh value without what differs from run to run. */
export function plainValue(value: unknown): unknown {
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !informative.has(key))
    .map(([key, item]) => [key, times.has(key) ? "<time>" : plainValue(item)])
    // The SDK gathers what a resource depends on in no fixed order.
    .map(([key, item]) => [
      key,
      key === "dependencies" && Array.isArray(item) ? item.sort() : item,
    ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

/** What the state may have or leave out. */
const informative = new Set(["sourcePosition", "stackTrace"]);
const times = new Set(["time", "created", "modified"]);

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|<uuid-\d+>/g;
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function plainText(text: string): string {
  return text
    .replaceAll(providerText(), "<provider text>")
    .replace(uuid, (found) => (found === unknown ? found : "<uuid>"))
    .replace(/(?:\/[^/\s'"]+)+\/project(?=[/\s'"])/g, "<project>");
}

/** A state file's content with its secrets decrypted, in no order but that of the entries of one URN. */
export async function plainState(text: string): Promise<unknown> {
  const file = JSON.parse(text);
  const latest = file.checkpoint?.latest ?? {};
  const salt = latest.secrets_providers?.state?.salt;
  const keeper = createSecretsKeeper({ passphrase: PASSPHRASE, salt });
  const open = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(open));
    if (typeof value !== "object" || value === null) return value;
    if ("ciphertext" in value)
      return { plaintext: JSON.parse(await keeper.decrypt(String(value.ciphertext))) };
    const entries = Object.entries(value).map(async ([key, item]) => [key, await open(item)]);
    return Object.fromEntries(await Promise.all(entries));
  };
  const { resources = [], pending_operations: pending = [] } = latest;
  return plainValue({
    stack: file.checkpoint?.stack,
    version: file.version,
    resources: await open(sortedBy(resources, ({ urn }: { urn: string }) => urn)),
    pending: await open(
      sortedBy(pending, (each: { resource: { urn: string } }) => each.resource.urn),
    ),
  });
}

/** Sorted, with what is equal left in its order. */
export function sortedBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
