import type { PGlite } from "@electric-sql/pglite";

/**
 * What a server's schemas hold, by name: `column public.t.a` → `integer NOT NULL DEFAULT 0`. Everything is written as
 * PostgreSQL itself writes it, so that two schemas of one server can be compared whole. Left out: what extensions
 * made, owners and privileges, statistics, and the values of sequences.
 */
export type Schema = ReadonlyMap<string, string>;

const OURS = String.raw`n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'`;
const own = (oid: string, catalog: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
const relations = (kinds: string): string =>
  `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND c.relkind IN (${kinds}) AND ${OURS} AND ${own("c.oid", "pg_class")}`;
const full = "n.nspname || '.' || c.relname";

/** Each gives rows of (key, value). */
const QUERIES = [
  `SELECT 'schema ' || n.nspname AS key, '' AS value FROM pg_namespace n WHERE ${OURS} AND ${own("n.oid", "pg_namespace")}`,
  `SELECT 'extension ' || extname AS key, '' AS value FROM pg_extension`,
  `SELECT 'table ' || ${full} AS key, concat_ws(' ', c.relkind, c.relpersistence,
     pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(c.oid), array_to_string(c.reloptions, ' '),
     CASE WHEN relrowsecurity THEN 'row security' END, CASE WHEN relforcerowsecurity THEN 'forced' END,
     (SELECT 'under ' || string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid)) AS value
   FROM ${relations("'r', 'p', 'f'")}`,
  `SELECT 'column ' || ${full} || '.' || attname AS key, concat_ws(' ', format_type(atttypid, atttypmod),
     CASE WHEN attcollation <> 0 AND attcollation <> typcollation THEN 'COLLATE ' || attcollation::regcollation END,
     CASE WHEN attnotnull THEN 'NOT NULL' END,
     CASE WHEN attidentity <> '' THEN 'IDENTITY ' || attidentity::text END,
     CASE WHEN attgenerated <> '' THEN 'GENERATED ' || attgenerated::text END,
     'DEFAULT ' || pg_get_expr(adbin, adrelid)) AS value
   FROM ${relations("'r', 'p', 'f'")} JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
   JOIN pg_type t ON t.oid = atttypid LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum`,
  `SELECT 'order ' || ${full} AS key, string_agg(attname, ', ' ORDER BY attnum) AS value
   FROM ${relations("'r', 'p', 'f'")} JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
   GROUP BY 1`,
  `SELECT 'constraint ' || ${full} || '.' || conname AS key, pg_get_constraintdef(o.oid) AS value
   FROM pg_constraint o JOIN ${relations("'r', 'p', 'f'")} ON c.oid = conrelid WHERE contype <> 'n'`,
  `SELECT 'index ' || n.nspname || '.' || i.relname AS key, pg_get_indexdef(indexrelid)
     || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END AS value
   FROM pg_index JOIN pg_class i ON i.oid = indexrelid JOIN ${relations("'r', 'p', 'm'")} ON c.oid = indrelid`,
  `SELECT 'view ' || ${full} AS key, c.relkind::text || pg_get_viewdef(c.oid) AS value FROM ${relations("'v', 'm'")}`,
  `SELECT 'sequence ' || ${full} AS key, concat_ws(' ', format_type(seqtypid, NULL), seqstart, seqincrement, seqmax,
     seqmin, seqcycle, (SELECT refobjid::regclass || '.' || attname FROM pg_depend
       JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
       WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('a', 'i'))) AS value
   FROM ${relations("'S'")} JOIN pg_sequence ON seqrelid = c.oid`,
  `SELECT 'trigger ' || ${full} || '.' || tgname AS key, pg_get_triggerdef(g.oid) || ' ' || tgenabled::text AS value
   FROM pg_trigger g JOIN ${relations("'r', 'p', 'f', 'v'")} ON c.oid = tgrelid WHERE NOT tgisinternal`,
  `SELECT 'policy ' || ${full} || '.' || polname AS key, concat_ws(' ', polcmd, polpermissive,
     pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) AS value
   FROM pg_policy JOIN ${relations("'r', 'p'")} ON c.oid = polrelid`,
  `SELECT 'rule ' || ${full} || '.' || rulename AS key, pg_get_ruledef(r.oid) AS value
   FROM pg_rewrite r JOIN ${relations("'r', 'p', 'v'")} ON c.oid = ev_class WHERE rulename <> '_RETURN'`,
  `SELECT 'function ' || p.oid::regprocedure AS key,
     CASE prokind WHEN 'a' THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END AS value
   FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
   WHERE ${OURS} AND ${own("p.oid", "pg_proc")}
     AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'i')`,
  `SELECT 'type ' || n.nspname || '.' || typname AS key, concat_ws(' ', typtype, format_type(nullif(typbasetype, 0), typtypmod),
     CASE WHEN typnotnull THEN 'NOT NULL' END, typdefault,
     (SELECT string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
     (SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), ', ' ORDER BY conname) FROM pg_constraint WHERE contypid = t.oid),
     (SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = typrelid AND attnum > 0 AND NOT attisdropped)) AS value
   FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace LEFT JOIN pg_class k ON k.oid = typrelid
   WHERE (typtype IN ('e', 'd', 'r') OR relkind = 'c') AND ${OURS} AND ${own("t.oid", "pg_type")}`,
  `SELECT 'comment ' || kind || ' ' || identity AS key, description AS value FROM pg_description,
     pg_identify_object(classoid, objoid, objsubid) AS named (kind, space, alone, identity)
   WHERE space IS NOT NULL AND space NOT LIKE 'pg\\_%' AND space <> 'information_schema'`,
];

/** Reads what the server's schemas hold. Works inside a transaction too. */
export async function schemaOf(database: PGlite): Promise<Schema> {
  // Names are then written with their schemas.
  await database.exec("SET search_path = pg_catalog");
  const schema = new Map<string, string>();
  for (const query of QUERIES) {
    const { rows } = await database.query<{ key: string; value: string }>(query);
    for (const { key, value } of rows) schema.set(key, value);
  }
  await database.exec("RESET search_path");
  return schema;
}
