/** What DuckDB is taught once, where an answer depends on the type that a value turns out to have. */
export function taughtFunctions(prefix: string): readonly string[] {
  const define = (signature: string, body: string) =>
    `CREATE MACRO ${prefix}${signature} AS ${body}`;
  return [
    // Text as Snowflake prints it by default: three digits after a timestamp's second, no `.0` after a float.
    define(
      "as_text(x)",
      `CASE typeof(x)
         WHEN 'TIMESTAMP' THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
         WHEN 'TIMESTAMP WITH TIME ZONE' THEN
           strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g ') ||
           replace(substr(strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMPTZ), '%z') || ':00', 1, 6), ':', '')
         WHEN 'DOUBLE' THEN regexp_replace(CAST(x AS VARCHAR), '\\.0$', '')
         WHEN 'JSON' THEN json_extract_string(TRY_CAST(CAST(x AS VARCHAR) AS JSON), '$')
         WHEN 'BLOB' THEN hex(TRY_CAST(CAST(x AS VARCHAR) AS BLOB))
         ELSE CAST(x AS VARCHAR) END`,
    ),
    define(
      "bounded_text(x, n)",
      "CASE WHEN length(x) > n THEN error('CHECK constraint failed') ELSE x END",
    ),
    define("divisor(x)", "CASE WHEN x = 0 THEN error('division by zero') ELSE x END"),
    define(
      "as_time(x)",
      `CASE WHEN typeof(x) LIKE 'DECIMAL%' OR typeof(x) IN ('INTEGER', 'BIGINT', 'HUGEINT', 'SMALLINT', 'TINYINT')
         THEN CAST(make_timestamp(TRY_CAST(CAST(x AS VARCHAR) AS BIGINT) * 1000000) AS VARCHAR)
         ELSE CAST(x AS VARCHAR) END`,
    ),
  ];
}
