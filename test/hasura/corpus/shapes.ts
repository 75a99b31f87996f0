import { access } from "./access.js";
import { columnTypes } from "./column-types.js";
import { columns } from "./columns.js";
import { constraints } from "./constraints.js";
import { data } from "./data.js";
import { enums } from "./enums.js";
import { functions } from "./functions.js";
import { indexes } from "./indexes.js";
import { scores } from "./scores.js";
import type { Shape } from "./shape.js";
import { tables } from "./tables.js";
import { textTraps } from "./text-traps.js";
import { transactions } from "./transactions.js";
import { views } from "./views.js";

/** Every shape, by the kind of statement. */
export const shapes: Readonly<Record<string, readonly Shape[]>> = {
  columns,
  scores,
  "column types": columnTypes,
  tables,
  constraints,
  indexes,
  enums,
  functions,
  views,
  access,
  data,
  transactions,
  "text traps": textTraps,
};
