import { renamed, type Shape } from "./scalar-functions.js";

const ordered = (name: string, least: number, most = least): Shape => ({
  least,
  most,
  sql: (args, { order = "" }) => `${name}(${args.join(", ")}${order})`,
});

export const AGGREGATES: Readonly<Record<string, Shape>> = {
  COUNT: renamed("count", 1),
  // Over no rows Snowflake answers 0, DuckDB null.
  COUNT_IF: {
    least: 1,
    most: 1,
    sql: ([condition]) => `count_if(${condition})`,
    wrap: (call) => `coalesce(${call}, 0)`,
  },
  SUM: renamed("sum", 1),
  MIN: renamed("min", 1),
  MAX: renamed("max", 1),
  AVG: renamed("avg", 1),
  ANY_VALUE: renamed("any_value", 1),
  MIN_BY: renamed("min_by", 2),
  MAX_BY: renamed("max_by", 2),
  MEDIAN: renamed("median", 1),
  STDDEV: renamed("stddev_samp", 1),
  APPROX_COUNT_DISTINCT: { least: 1, most: 1, sql: ([x]) => `count(DISTINCT ${x})` },
  BOOLOR_AGG: renamed("bool_or", 1),
  BOOLAND_AGG: renamed("bool_and", 1),
  // Over no rows Snowflake answers an empty text, DuckDB null.
  LISTAGG: {
    least: 1,
    most: 2,
    sql: ([x, separator = "''"], { order = "" }) => `string_agg(${x}, ${separator}${order})`,
    wrap: (call) => `coalesce(${call}, '')`,
  },
};

export const WINDOW_FUNCTIONS: Readonly<Record<string, Shape>> = {
  ROW_NUMBER: ordered("row_number", 0),
  RANK: ordered("rank", 0),
  DENSE_RANK: ordered("dense_rank", 0),
  PERCENT_RANK: ordered("percent_rank", 0),
  CUME_DIST: ordered("cume_dist", 0),
  NTILE: ordered("ntile", 1),
  LAG: ordered("lag", 1, 3),
  LEAD: ordered("lead", 1, 3),
  FIRST_VALUE: ordered("first_value", 1),
  LAST_VALUE: ordered("last_value", 1),
};
