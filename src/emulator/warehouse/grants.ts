import type { CatalogueObject } from "./catalogue.js";
import { objectMissing, privilegeMissing } from "./errors.js";
import { printObject } from "./identifiers.js";
import type { Privilege } from "./translation.js";

export type SchemaPrivilege = "CREATE TABLE" | "CREATE VIEW";
export type GrantablePrivilege = Privilege | SchemaPrivilege | "USAGE";

/** What is granted on: a schema, or a table or view in it; exact names. */
export interface GrantTarget {
  readonly schema: string;
  readonly name?: string;
}

export interface Grant {
  readonly role: string;
  readonly privileges: readonly GrantablePrivilege[];
  readonly on: GrantTarget;
}

/** Who may do what. An owner may do everything with what it owns; ownership is kept in the catalogue. */
export class Grants {
  readonly #granted = new Map<string, Set<string>>();
  readonly #future: Grant[] = [];
  /** The role that may do everything. */
  readonly #administrator: string;

  constructor(administrator: string) {
    this.#administrator = administrator;
  }

  grant({ role, privileges, on }: Grant): void {
    const held = this.#held(role, on);
    for (const privilege of privileges) held.add(privilege);
  }

  revoke({ role, privileges, on }: Grant): void {
    const held = this.#held(role, on);
    for (const privilege of privileges) held.delete(privilege);
  }

  /** Privileges on every table that will be made in a schema. */
  grantFuture(grant: Grant): void {
    this.#future.push(grant);
  }

  /** Gives a new table what was granted on the tables to come of its schema. */
  welcome({ schema, name }: GrantTarget): void {
    for (const grant of this.#future.filter(({ on }) => on.schema === schema)) {
      this.grant({ ...grant, on: { schema, ...(name !== undefined && { name }) } });
    }
  }

  isAdministrator(role: string): boolean {
    return role === this.#administrator;
  }

  /** A new object of an old name starts without grants. */
  forget(object: CatalogueObject): void {
    for (const key of this.#granted.keys()) {
      if (key.endsWith(JSON.stringify([object.schema, object.name]))) this.#granted.delete(key);
    }
  }

  /** What was granted on a table goes along with its new name. */
  move(object: Required<GrantTarget>, to: Required<GrantTarget>): void {
    const [before, after] = [object, to].map(({ schema, name }) => JSON.stringify([schema, name]));
    for (const [key, held] of [...this.#granted]) {
      if (!key.endsWith(`${before}`)) continue;
      this.#granted.delete(key);
      this.#granted.set(
        key.replace(`${before}`, () => `${after}`),
        held,
      );
    }
  }

  sees(role: string, object: CatalogueObject): boolean {
    return this.#owns(role, object) || this.#held(role, object).size > 0;
  }

  /** Refuses what the role may not do; where it holds nothing at all, as if there were no such object. */
  require(role: string, object: CatalogueObject, privilege: Privilege): void {
    const held = this.#held(role, object);
    if (this.#owns(role, object) || held.has("OWNERSHIP") || held.has(privilege)) return;
    if (held.size === 0) throw objectMissing("Object", printObject(object));
    throw privilegeMissing(object.kind === "VIEW" ? "view" : "table", object.name);
  }

  requireOnSchema(role: string, schema: string, privilege: SchemaPrivilege): void {
    if (this.isAdministrator(role) || this.#held(role, { schema }).has(privilege)) return;
    throw privilegeMissing("schema", schema);
  }

  #owns(role: string, object: CatalogueObject): boolean {
    return object.owner === role || this.isAdministrator(role);
  }

  #held(role: string, { schema, name }: GrantTarget): Set<string> {
    const key = `${role} ${JSON.stringify(name === undefined ? [schema] : [schema, name])}`;
    const held = this.#granted.get(key) ?? new Set<string>();
    this.#granted.set(key, held);
    return held;
  }
}
