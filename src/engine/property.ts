/** A property as it travels between program, engine and provider, and as the state keeps it. */
export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | readonly PropertyValue[]
  | PropertyMap;

export interface PropertyMap {
  readonly [key: string]: PropertyValue;
}

/** What stands for a value that a preview cannot know. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Wraps a value in the form that marks it as secret on the wire. */
export function secret(value: PropertyValue): PropertyMap {
  return { [signatureKey]: secretSignature, value };
}

/** The form in which the state keeps a secret. */
export function encryptedSecret(ciphertext: string): PropertyMap {
  return { [signatureKey]: secretSignature, ciphertext };
}

export function isPropertyMap(value: unknown): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: PropertyValue): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

export function isSecret(value: PropertyValue | undefined): value is PropertyMap {
  return isPropertyMap(value) && value[signatureKey] === secretSignature;
}

export function hasSecret(value: PropertyValue | undefined): boolean {
  if (isSecret(value)) return true;
  if (value === undefined || typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasSecret);
}

/** Rebuilds a value with every outermost secret given to `replace`. */
function replaceSecrets(
  value: PropertyValue,
  replace: (secret: PropertyMap) => PropertyValue,
): PropertyValue {
  if (isSecret(value)) return replace(value);
  if (isList(value)) return value.map((item) => replaceSecrets(item, replace));
  if (!isPropertyMap(value)) return value;
  return mapValues(value, (item) => replaceSecrets(item, replace));
}

/** The same, for work that takes time such as encryption. */
export async function replaceSecretsLater(
  value: PropertyValue,
  replace: (secret: PropertyMap) => Promise<PropertyValue>,
): Promise<PropertyValue> {
  const found: PropertyMap[] = [];
  replaceSecrets(value, (each) => {
    found.push(each);
    return null;
  });
  const replaced = new Map<PropertyMap, PropertyValue>();
  for (const each of found) replaced.set(each, await replace(each));
  return replaceSecrets(value, (each) => replaced.get(each) ?? null);
}

/** What the provider gets: every secret in the clear. */
export function unwrapSecrets(properties: PropertyMap): PropertyMap {
  const unwrap = (each: PropertyMap): PropertyValue =>
    replaceSecrets(each["value"] ?? null, unwrap);
  return mapValues(properties, (value) => replaceSecrets(value, unwrap));
}

export function maskSecrets(properties: PropertyMap): PropertyMap {
  return mapValues(properties, (value) => replaceSecrets(value, () => "[secret]"));
}

/**
 * Marks as secret again what came back plain from the provider: each path that is secret in `model`,
 * and the named top-level keys. A list with a secret in it becomes secret as a whole, because its
 * items may have moved.
 */
export function markSecrets(
  properties: PropertyMap,
  model: PropertyMap,
  names: readonly string[] = [],
): PropertyMap {
  return mapValues(properties, (value, key) =>
    names.includes(key) && !isSecret(value) ? secret(value) : markLike(value, model[key]),
  );
}

function markLike(value: PropertyValue, like: PropertyValue | undefined): PropertyValue {
  if (isSecret(value)) return value;
  if (isSecret(like)) return secret(value);
  if (isList(value)) return hasSecret(like) ? secret(value) : value;
  return isPropertyMap(value) && isPropertyMap(like) ? markSecrets(value, like) : value;
}

/** Whether two values are equal; the order of keys does not matter. */
export function isSame(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return canonicalText(left) === canonicalText(right);
}

/** JSON text with sorted keys. */
export function canonicalText(value: PropertyValue): string {
  return JSON.stringify(value, (_key, item: PropertyValue) =>
    isPropertyMap(item) ? sorted(item) : item,
  );
}

function sorted(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mapValues(
  properties: PropertyMap,
  change: (value: PropertyValue, key: string) => PropertyValue,
): PropertyMap {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, change(value, key)]),
  );
}
