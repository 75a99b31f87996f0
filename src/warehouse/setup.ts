import { type JournalPlace, journalDefinitions } from "./journal-tables.js";
import { identifier, type Sql } from "./sql.js";

/** For whom the warehouse is set up, and where. */
export interface SetupPlace extends JournalPlace {
  /** As one would write them in SQL: folded to upper case unless they hold what needs quotes. */
  readonly role: string;
  readonly warehouse?: string;
  /** The schema of the destination tables. */
  readonly schema: string;
  readonly backUpSchema: string;
}

/** One statement of the set-up, without its semicolon, under the comment that says what it is for. */
export interface SetupStatement {
  readonly comment: string;
  readonly statement: string;
}

/**
 * Everything that a role needs to change columns, and no more, for an administrator to run: the journal's tables as
 * the product itself would make them, and grants. Running it twice changes nothing.
 */
export function setupStatements(place: SetupPlace): readonly SetupStatement[] {
  return [...reachGrants(place), ...journalSetup(place), ...tableGrants(place)];
}

function reachGrants(place: SetupPlace): readonly SetupStatement[] {
  const { database, schema, journalSchema, backUpSchema, warehouse } = place;
  const to = `TO ROLE ${plain(place.role)}`;
  const comment = "Reach the database, its schemas and a warehouse to compute with.";
  const schemas = [...new Set([schema, journalSchema, backUpSchema])];
  return [
    { comment, statement: `GRANT USAGE ON DATABASE ${identifier(database).text} ${to}` },
    ...schemas.map((each) => ({
      comment,
      statement: `GRANT USAGE ON SCHEMA ${identifier(database, each).text} ${to}`,
    })),
    ...(warehouse === undefined
      ? []
      : [{ comment, statement: `GRANT USAGE ON WAREHOUSE ${plain(warehouse)} ${to}` }]),
  ];
}

function journalSetup(place: SetupPlace): readonly SetupStatement[] {
  const definitions = journalDefinitions(place);
  return [
    ...definitions.map(({ statement }) => ({
      comment: "The journal of column changes, the leases, and the history of changes.",
      statement: tidy(statement),
    })),
    ...definitions.map(({ kind, path, privileges }) => ({
      comment: "Entries of the journal are only ever inserted.",
      statement: `GRANT ${privileges.join(", ")} ON ${kind} ${path.text} TO ROLE ${plain(place.role)}`,
    })),
  ];
}

function tableGrants(place: SetupPlace): readonly SetupStatement[] {
  const { database, schema, journalSchema, backUpSchema } = place;
  const role = plain(place.role);
  const tables = (which: "ALL" | "FUTURE") =>
    `GRANT SELECT, INSERT, DELETE ON ${which} TABLES IN SCHEMA ${identifier(database, schema).text} TO ROLE ${role}`;
  const written = journalDefinitions(place).filter(({ kind }) => kind === "TABLE");
  return [
    {
      comment: "Back-ups: clones of destination tables, which the role itself makes and drops.",
      statement: `GRANT CREATE TABLE ON SCHEMA ${identifier(database, backUpSchema).text} TO ROLE ${role}`,
    },
    ...(["ALL", "FUTURE"] as const).map((which) => ({
      comment:
        "The destination tables, now and later. Name single tables instead if that is too much.",
      statement: tables(which),
    })),
    ...(schema === journalSchema ? written : []).map(({ path }) => ({
      comment: "The journal lies in the same schema: nothing is ever deleted from it.",
      statement: `REVOKE DELETE ON TABLE ${path.text} FROM ROLE ${role}`,
    })),
  ];
}

/** A name as the driver reads it from its settings: folded to upper case unless it needs quotes. */
function plain(name: string): string {
  return /^[A-Za-z_][\w$]*$/.test(name) ? name.toUpperCase() : identifier(name).text;
}

function tidy({ text }: Sql): string {
  return text.replaceAll(/\n {6,}/g, "\n  ");
}
