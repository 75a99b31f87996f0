import type { CatalogueTable } from "./catalogue.js";
import { definition } from "./definitions.js";
import { fullName } from "./environments.js";
import { columnExists, notEmulated, objectExists } from "./errors.js";
import { printObject } from "./identifiers.js";
import type { Desk, Plan } from "./plans.js";
import { addColumn, dropColumn, renameTable } from "./storage.js";
import { readColumn } from "./table-definitions.js";
import { changeable, requireColumn } from "./targets.js";
import { readObjectPath } from "./translation.js";

/** ALTER TABLE x ADD [COLUMN] …, DROP [COLUMN] …, RENAME TO y */
export function readAlterTable(desk: Desk): Plan {
  const { t } = desk;
  t.reader.expect("ALTER", "TABLE");
  const isOptional = t.reader.accept("IF", "EXISTS");
  if (isOptional) throw notEmulated("ALTER TABLE IF EXISTS");
  const table = changeable(t, readObjectPath(t), "OWNERSHIP");
  if (t.reader.sees("SWAP")) throw notEmulated("ALTER TABLE … SWAP WITH");
  if (t.reader.accept("RENAME", "TO")) return readRenaming(desk, table);
  const adds = t.reader.accept("ADD");
  if (!adds && !t.reader.accept("DROP")) throw notEmulated(`ALTER TABLE … ${t.reader.peek().text}`);
  t.reader.accept("COLUMN");
  return adds ? readAddition(desk, table) : readRemoval(desk, table);
}

function readAddition({ t, engine, session }: Desk, table: CatalogueTable): Plan {
  const isOptional = t.reader.accept("IF", "NOT", "EXISTS");
  const read = t.reader.list(() => readColumn(t));
  const isKnown = (name: string) => table.columns.some((column) => column.name === name);
  const known = read.find(({ name }) => isKnown(name));
  if (known !== undefined && !isOptional) throw columnExists(known.name);
  const added = read.filter(({ name }) => !isKnown(name));
  if (added.some(({ nullable }) => !nullable)) throw notEmulated("adding a NOT NULL column");
  const statements = added.map((column) =>
    addColumn(
      table.stored,
      column,
      column.default === undefined ? undefined : t.translate(column.default),
    ),
  );
  return definition(async () => {
    await engine.storage.write(session.connection, async () => {
      for (const sql of statements) await session.connection.run(sql);
    });
    engine.catalogue.replace({ ...table, columns: [...table.columns, ...added] });
    return "Statement executed successfully.";
  });
}

function readRemoval({ t, engine, session }: Desk, table: CatalogueTable): Plan {
  const removed = t.reader.list(() => t.reader.identifier());
  for (const name of removed) requireColumn(table, name);
  return definition(async () => {
    await engine.storage.write(session.connection, async () => {
      for (const name of removed) await session.connection.run(dropColumn(table.stored, name));
    });
    const columns = table.columns.filter(({ name }) => !removed.includes(name));
    engine.catalogue.replace({ ...table, columns });
    return "Statement executed successfully.";
  });
}

/** The table keeps its rows, its owner and its age; what was granted on it goes along. */
function readRenaming({ t, engine, session }: Desk, table: CatalogueTable): Plan {
  const name = fullName(engine, session, readObjectPath(t));
  if (name.schema !== table.schema) throw notEmulated("moving a table to another schema");
  if (engine.catalogue.find(name) !== undefined) throw objectExists(printObject(name));
  return definition(async () => {
    const stored = engine.storage.place(name);
    await engine.storage.write(session.connection, () =>
      session.connection.run(renameTable(table.stored, name)),
    );
    engine.catalogue.remove(table);
    engine.catalogue.add({ ...table, ...name, stored });
    engine.grants.move(table, name);
    return "Statement executed successfully.";
  });
}
