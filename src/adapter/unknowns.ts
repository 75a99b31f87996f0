/** What Pulumi sends in a preview for a value that is not known yet, whatever its type. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True if the value is not known yet, or holds one that is not. */
export function holdsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(holdsUnknown);
}

/** True if the value at a path, or one on the way to it, is not known yet: what is said of it means nothing. */
export function isUnknownAt(value: unknown, path: readonly PropertyKey[]): boolean {
  if (holdsUnknown(value) && path.length === 0) return true;
  if (value === UNKNOWN) return true;
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== "object" || value === null) return false;
  return isUnknownAt(Reflect.get(value, key), rest);
}
