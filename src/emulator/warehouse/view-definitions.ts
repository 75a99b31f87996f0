import type { CatalogueColumn, CatalogueView } from "./catalogue.js";
import { fullName } from "./environments.js";
import { notEmulated, objectExists } from "./errors.js";
import { type ObjectName, printObject } from "./identifiers.js";
import type { Desk, Plan } from "./plans.js";
import { describeQuery } from "./result-columns.js";
import { readComment } from "./table-definitions.js";
import { readObjectPath } from "./translation.js";

/** CREATE [OR REPLACE] VIEW, after the word VIEW. What is kept is its text. */
export function readViewDefinition(desk: Desk, replaces: boolean): Plan {
  const { t, engine, session } = desk;
  const isOptional = t.reader.accept("IF", "NOT", "EXISTS");
  const name = fullName(engine, session, readObjectPath(t));
  engine.grants.requireOnSchema(session.role, name.schema, "CREATE VIEW");
  const names = t.reader.sees("(") ? readNames(desk) : undefined;
  const comment = readComment(t);
  t.reader.expect("AS");
  const { start } = t.reader.peek();
  const query = t.query();
  if (!t.binds.isEmpty) throw notEmulated("bound values in a view");
  const text = t.reader.source.slice(start, t.reader.lastEnd());
  const existing = engine.catalogue.find(name);
  if (existing !== undefined && !isOptional && (!replaces || existing.kind !== "VIEW")) {
    throw objectExists(printObject(name));
  }
  return {
    kind: "definition",
    queries: [query],
    apply: async () => {
      if (existing !== undefined && isOptional)
        return `${name.name} already exists, statement succeeded.`;
      if (existing !== undefined) engine.grants.forget(existing);
      const columns = await columnsOf(desk, query, names);
      engine.catalogue.replace(made(desk, { name, comment, text, columns }));
      return `View ${name.name} successfully created.`;
    },
  };
}

function readNames({ t }: Desk): readonly string[] {
  return t.reader.parenthesized(() => t.reader.list(() => t.reader.identifier()));
}

async function columnsOf(
  { t, session }: Desk,
  query: string,
  names: readonly string[] | undefined,
): Promise<readonly CatalogueColumn[]> {
  const described = await describeQuery(session.connection, query, t.sources);
  return described.map(({ name, type }, index) => ({
    name: names?.[index] ?? name,
    type,
    nullable: true,
  }));
}

interface NewView {
  readonly name: ObjectName;
  readonly comment: string;
  readonly text: string;
  readonly columns: readonly CatalogueColumn[];
}

function made({ t, session }: Desk, { name, ...rest }: NewView): CatalogueView {
  return { ...name, ...rest, kind: "VIEW", owner: session.role, createdOn: t.environment.now };
}
