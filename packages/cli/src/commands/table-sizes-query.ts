/**
 * Exports the sizes of all tables as `schemas/stats.schema.json` has them. `reltuples` is -1 until a table was analysed;
 * a partitioned table holds nothing itself, so its partitions count for it (PostgreSQL 18 documentation, 52.11
 * "pg_class", 9.28 "System Administration Functions").
 */
export const TABLE_SIZES_QUERY = `SELECT json_build_object(
  'taken', now(),
  'tables', coalesce(json_agg(json_build_object(
    'schema', n.nspname,
    'name', c.relname,
    'rows', CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END,
    'bytes', CASE c.relkind
      WHEN 'p' THEN (SELECT coalesce(sum(pg_total_relation_size(p.relid)), 0) FROM pg_partition_tree(c.oid) p)
      ELSE pg_total_relation_size(c.oid)
    END
  ) ORDER BY n.nspname, c.relname), '[]'::json)
)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm')
  AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast');`;

/** `yantra-lint explain stats`. */
export function explainTableSizes(): string {
  return `# Table sizes

What locks, scans or rewrites a table is over in a moment when the table is small. yantra-lint does not know your
production, so it takes every table for a large one. Export the sizes there, commit the file, and name it:

    psql --no-psqlrc --tuples-only --no-align --file sizes.sql --output db/stats.json

sizes.sql, readable by any role that may connect:

${TABLE_SIZES_QUERY.replaceAll(/^/gm, "    ")}

yantra.config.yaml:

    stats: db/stats.json

Tables of at most 10 MB, indexes included, are then no longer reported for how long something takes. What breaks the
running release is reported whatever the size. Export it again from time to time, such as by a scheduled job: a file
that a change edits counts from the next change on.
`;
}
