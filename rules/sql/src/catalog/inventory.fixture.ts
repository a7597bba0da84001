import type { PGlite } from "@electric-sql/pglite";
import type { Catalog } from "./catalog.ts";
import { hasIndex, type Table } from "./table.ts";

/**
 * A schema as facts by name, such as `column public.t.a` → `integer not null`: of the catalog and of a server, to be
 * compared. `?` in a fact of the catalog: it does not know that part.
 */
export type Inventory = Map<string, string>;

const CONSTRAINT_LETTERS = {
  check: "c",
  foreignKey: "f",
  primaryKey: "p",
  unique: "u",
  exclude: "x",
  notNull: "n",
};

/** What the catalog holds. `unknown`: names of tables of which it says itself that it does not know all. */
export function inventoryOf(catalog: Catalog): { facts: Inventory; unknown: Set<string> } {
  const facts: Inventory = new Map();
  const unknown = new Set<string>();
  for (const schema of catalog.schemas()) {
    if (schema === "pg_temp") continue;
    for (const { space, name } of catalog.objectsIn(schema)) {
      if (space === "relation") addRelation(facts, unknown, catalog, schema, name);
      else if (space === "type") addType(facts, unknown, catalog, schema, name);
    }
  }
  for (const { schema, name, arguments: types, what, volatility } of catalog.functions()) {
    const plain = types.map((type) => type.replace(/\([^)]*\)/, ""));
    facts.set(`function ${schema}.${name}(${plain.join(", ")})`, volatility ? `${what} ${volatility}` : what);
  }
  return { facts, unknown };
}

function addRelation(
  facts: Inventory,
  unknown: Set<string>,
  catalog: Catalog,
  schema: string,
  name: string,
): void {
  const full = `${schema}.${name}`;
  const answer = catalog.table({ schema, name });
  if (answer.state === "unknown") unknown.add(full);
  else if (answer.state === "known") addTable(facts, catalog, answer.table);
  const view = catalog.view({ schema, name });
  if (view) {
    facts.set(`view ${full}`, view.kind);
    facts.set(`columns ${full}`, view.columns?.map((column) => column.name).join(", ") ?? "?");
    for (const { name: column, type } of view.columns ?? [])
      facts.set(`column ${full}.${column}`, type ?? "?");
    for (const index of view.indexes) {
      const columns = index.columns.map(plainColumn).join(", ");
      facts.set(`index ${schema}.${index.name}`, `${full} (${columns})${index.unique ? " unique" : ""}`);
    }
  }
  const sequence = catalog.sequenceOf({ schema, name });
  if (!sequence) return;
  const { ownedBy } = sequence;
  const table = ownedBy && `${ownedBy.table.schema ?? "public"}.${ownedBy.table.name}`;
  facts.set(`sequence ${full}`, ownedBy ? `${table}.${ownedBy.column}` : "");
}

function addTable(facts: Inventory, catalog: Catalog, table: Table): void {
  const { schema } = table;
  const full = `${schema}.${table.name}`;
  const parent = catalog.parentOf({ schema, name: table.name });
  const partOf = parent ? `partition of ${parent.schema}.${parent.name}` : "";
  facts.set(`table ${full}`, [table.partitioned ? "partitioned" : "", partOf].filter(Boolean).join(" "));
  const names = [...table.columns.keys()].join(", ");
  facts.set(`columns ${full}`, table.columnsComplete ? names : "?");
  const parents = table.bound ? [] : table.parents;
  if (parents.length > 0) facts.set(`parents ${full}`, parents.join(", "));
  for (const { name, type, notNull, default: value, generated } of table.columns.values()) {
    const hasDefault = value !== undefined && generated === undefined;
    const parts = [type ?? "?", notNull && "not null", hasDefault && "default", generated];
    facts.set(`column ${full}.${name}`, parts.filter(Boolean).join(" "));
  }
  for (const constraint of table.constraints) {
    if (constraint.type === "notNull") continue;
    const { name = "?", type, columns, references, validated } = constraint;
    const listed = type === "check" ? [...columns].sort() : columns;
    const target = references?.table && `${references.table.schema ?? "public"}.${references.table.name}`;
    const points = references ? ` -> ${target} (${references.columns.join(", ")})` : "";
    const text = `${CONSTRAINT_LETTERS[type]} (${listed.join(", ")})${points}${validated ? "" : " not valid"}`;
    facts.set(`constraint ${full}.${name}`, text);
    if (hasIndex(constraint) && type !== "exclude")
      facts.set(`index ${schema}.${name}`, `${full} (${columns.join(", ")}) unique`);
  }
  for (const { name = "?", columns, unique, valid } of table.indexes) {
    const listed = columns.map((column) => (table.columns.has(column) ? column : plainColumn(column)));
    const marks = `${unique ? " unique" : ""}${valid ? "" : " not valid"}`;
    facts.set(`index ${schema}.${name}`, `${full} (${listed.join(", ")})${marks}`);
  }
  for (const trigger of table.triggers)
    facts.set(
      `trigger ${full}.${trigger.name}`,
      `${trigger.function.schema ?? "public"}.${trigger.function.name}`,
    );
}

/** Expressions are not compared, only that there is one. */
function plainColumn(text: string): string {
  return /^[\w$ -]+$/.test(text) ? text : "…";
}

function addType(
  facts: Inventory,
  unknown: Set<string>,
  catalog: Catalog,
  schema: string,
  name: string,
): void {
  const full = `${schema}.${name}`;
  const type = catalog.typeOf({ schema, name });
  if (!type) {
    unknown.add(full);
    return;
  }
  switch (type.kind) {
    case "enum":
      facts.set(`enum ${full}`, type.values.join(", "));
      return;
    case "domain": {
      const parts = [type.base, type.notNull && "not null", type.default !== undefined && "default"];
      facts.set(`domain ${full}`, parts.filter(Boolean).join(" "));
      for (const check of type.checks)
        facts.set(`check ${full}.${check.name}`, check.validated ? "" : "not valid");
      return;
    }
    case "composite":
      facts.set(`composite ${full}`, type.fields.map((field) => `${field.name} ${field.type}`).join(", "));
      return;
    case "opaque":
      facts.set(`type ${full}`, "");
  }
}

const OURS = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;
const notOfExtension = (oid: string, catalog: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** Each gives rows of (key, value). */
const QUERIES = [
  `SELECT 'table ' || n.nspname || '.' || relname AS key,
     concat_ws(' ', CASE WHEN relkind = 'p' THEN 'partitioned' END,
       (SELECT 'partition of ' || pn.nspname || '.' || p.relname FROM pg_inherits JOIN pg_class p ON p.oid = inhparent
        JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE inhrelid = c.oid AND c.relispartition)) AS value
   FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
   WHERE relkind IN ('r', 'p', 'f') AND ${OURS} AND ${notOfExtension("c.oid", "pg_class")}`,
  `SELECT 'columns ' || n.nspname || '.' || relname AS key, coalesce(string_agg(attname, ', ' ORDER BY attnum), '') AS value
   FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
   LEFT JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
   WHERE relkind IN ('r', 'p', 'f', 'v', 'm') AND ${OURS} AND ${notOfExtension("c.oid", "pg_class")}
   GROUP BY n.nspname, relname`,
  `SELECT 'parents ' || n.nspname || '.' || c.relname AS key, string_agg(p.relname, ', ' ORDER BY inhseqno) AS value
   FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   JOIN pg_class p ON p.oid = inhparent
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${OURS} GROUP BY 1`,
  `SELECT 'column ' || n.nspname || '.' || relname || '.' || attname AS key,
     concat_ws(' ', replace(format_type(atttypid, atttypmod), '"', ''),
       CASE WHEN attnotnull AND relkind NOT IN ('v', 'm') AND NOT EXISTS (SELECT FROM pg_constraint
         WHERE conrelid = c.oid AND contype = 'n' AND conkey = ARRAY[attnum] AND NOT convalidated) THEN 'not null' END,
       CASE WHEN atthasdef AND attgenerated = '' THEN 'default' END,
       CASE WHEN attidentity <> '' THEN 'identity' WHEN attgenerated = 's' THEN 'stored'
         WHEN attgenerated = 'v' THEN 'virtual' END) AS value
   FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = c.oid
   WHERE relkind IN ('r', 'p', 'f', 'v', 'm') AND attnum > 0 AND NOT attisdropped AND ${OURS}
     AND ${notOfExtension("c.oid", "pg_class")}`,
  `SELECT 'constraint ' || n.nspname || '.' || relname || '.' || conname AS key,
     contype::text || ' (' || coalesce((SELECT string_agg(attname, ', ' ORDER BY CASE WHEN contype = 'c' THEN NULL ELSE ord END, attname COLLATE "C")
       FROM unnest(conkey) WITH ORDINALITY AS k (num, ord) JOIN pg_attribute ON attrelid = conrelid AND attnum = num), '') || ')'
     || CASE WHEN contype = 'f' THEN ' -> ' || (SELECT fn.nspname || '.' || f.relname FROM pg_class f
          JOIN pg_namespace fn ON fn.oid = f.relnamespace WHERE f.oid = confrelid) || ' (' ||
          (SELECT string_agg(attname, ', ' ORDER BY ord) FROM unnest(confkey) WITH ORDINALITY AS k (num, ord)
           JOIN pg_attribute ON attrelid = confrelid AND attnum = num) || ')' ELSE '' END
     || CASE WHEN convalidated THEN '' ELSE ' not valid' END AS value
   FROM pg_constraint o JOIN pg_class c ON c.oid = conrelid JOIN pg_namespace n ON n.oid = relnamespace
   WHERE contype IN ('c', 'f', 'p', 'u', 'x') AND ${OURS} AND ${notOfExtension("c.oid", "pg_class")}
     AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = o.conparentid AND p.conrelid = o.conrelid)`,
  `SELECT 'index ' || n.nspname || '.' || c.relname AS key,
     n.nspname || '.' || t.relname || ' (' || (SELECT string_agg(CASE WHEN num = 0 THEN '…' ELSE attname END, ', ' ORDER BY ord)
       FROM unnest(indkey::int2[]) WITH ORDINALITY AS k (num, ord)
       LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = num WHERE ord <= indnkeyatts) || ')'
     || CASE WHEN indisunique THEN ' unique' ELSE '' END || CASE WHEN indisvalid THEN '' ELSE ' not valid' END AS value
   FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   JOIN pg_class t ON t.oid = indrelid
   WHERE NOT indisexclusion AND ${OURS} AND ${notOfExtension("t.oid", "pg_class")}`,
  `SELECT 'view ' || n.nspname || '.' || relname AS key, CASE relkind WHEN 'v' THEN 'view' ELSE 'materializedView' END AS value
   FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
   WHERE relkind IN ('v', 'm') AND ${OURS} AND ${notOfExtension("c.oid", "pg_class")}`,
  `SELECT 'enum ' || n.nspname || '.' || typname AS key, coalesce(string_agg(enumlabel, ', ' ORDER BY enumsortorder), '') AS value
   FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace LEFT JOIN pg_enum ON enumtypid = t.oid
   WHERE typtype = 'e' AND ${OURS} AND ${notOfExtension("t.oid", "pg_type")} GROUP BY 1`,
  `SELECT 'domain ' || n.nspname || '.' || typname AS key, concat_ws(' ', replace(format_type(typbasetype, typtypmod), '"', ''),
     CASE WHEN typnotnull THEN 'not null' END, CASE WHEN typdefault IS NOT NULL THEN 'default' END) AS value
   FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
   WHERE typtype = 'd' AND ${OURS} AND ${notOfExtension("t.oid", "pg_type")}`,
  `SELECT 'check ' || n.nspname || '.' || typname || '.' || conname AS key, CASE WHEN convalidated THEN '' ELSE 'not valid' END AS value
   FROM pg_constraint JOIN pg_type t ON t.oid = contypid JOIN pg_namespace n ON n.oid = typnamespace
   WHERE contype = 'c' AND ${OURS} AND ${notOfExtension("t.oid", "pg_type")}`,
  `SELECT 'composite ' || n.nspname || '.' || relname AS key,
     coalesce(string_agg(attname || ' ' || replace(format_type(atttypid, atttypmod), '"', ''), ', ' ORDER BY attnum), '') AS value
   FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
   LEFT JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
   WHERE relkind = 'c' AND ${OURS} AND ${notOfExtension("c.reltype", "pg_type")} GROUP BY 1`,
  `SELECT 'type ' || n.nspname || '.' || typname AS key, '' AS value
   FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
   WHERE typtype = 'r' AND ${OURS} AND ${notOfExtension("t.oid", "pg_type")}`,
  `SELECT 'sequence ' || n.nspname || '.' || c.relname AS key, coalesce((SELECT tn.nspname || '.' || t.relname || '.' || attname
     FROM pg_depend JOIN pg_class t ON t.oid = refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
     JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
     WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('a', 'i') LIMIT 1), '') AS value
   FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
   WHERE relkind = 'S' AND ${OURS} AND ${notOfExtension("c.oid", "pg_class")}`,
  `SELECT 'trigger ' || n.nspname || '.' || relname || '.' || tgname AS key, pn.nspname || '.' || proname AS value
   FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace
   JOIN pg_proc p ON p.oid = tgfoid JOIN pg_namespace pn ON pn.oid = pronamespace
   WHERE NOT tgisinternal AND relkind IN ('r', 'p', 'f') AND ${OURS}`,
  `SELECT 'function ' || n.nspname || '.' || proname || '(' || (SELECT coalesce(string_agg(replace(format_type(t, NULL), '"', ''), ', ' ORDER BY ord), '')
     FROM unnest(proargtypes) WITH ORDINALITY AS a (t, ord)) || ')' AS key,
     CASE prokind WHEN 'a' THEN 'aggregate' ELSE CASE prokind WHEN 'p' THEN 'procedure' ELSE 'function' END ||
       CASE provolatile WHEN 'v' THEN ' volatile' WHEN 's' THEN ' stable' ELSE ' immutable' END END AS value
   FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
   WHERE ${OURS} AND ${notOfExtension("p.oid", "pg_proc")}
     AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'i')`,
];

/** What a server holds, but for what its extensions made. */
export async function inventoryOfServer(database: PGlite): Promise<Inventory> {
  await database.exec("RESET ALL; SET search_path = public");
  const facts: Inventory = new Map();
  for (const query of QUERIES) {
    const { rows } = await database.query<{ key: string; value: string }>(query);
    for (const { key, value } of rows) facts.set(key, value);
  }
  await database.exec("RESET search_path");
  return facts;
}

/** What became of the comparison, by the first word of the facts: `column`, `constraint`, …. */
export interface Comparison {
  kind: string;
  compared: number;
  equal: number;
  unknown: number;
  different: string[];
}

/** Compares both fact by fact; of tables that the catalog does not know, nothing is compared. */
export function compareInventories(catalog: Catalog, server: Inventory): Comparison[] {
  const { facts, unknown } = inventoryOf(catalog);
  const results = new Map<string, Comparison>();
  for (const key of [...new Set([...server.keys(), ...facts.keys()])].sort()) {
    const kind = key.slice(0, key.indexOf(" "));
    const result = results.get(kind) ?? { kind, compared: 0, equal: 0, unknown: 0, different: [] };
    results.set(kind, result);
    const [ours, theirs] = [facts.get(key), server.get(key)];
    result.compared += 1;
    if (ours === theirs) result.equal += 1;
    else if (ours !== undefined && theirs !== undefined && ours.startsWith("?")) result.unknown += 1;
    else if (ours === undefined && isUnknown(key, theirs ?? "", unknown, facts)) result.unknown += 1;
    else result.different.push(`${key}: ${ours ?? "absent"}, PostgreSQL: ${theirs ?? "absent"}`);
  }
  return [...results.values()];
}

/** Whether something that only the server has belongs to what the catalog does not know. */
function isUnknown(key: string, value: string, unknown: ReadonlySet<string>, facts: Inventory): boolean {
  const [schema = "", name = ""] = key.slice(key.indexOf(" ") + 1).split(".");
  const full = `${schema}.${name}`;
  if (unknown.has(full) || facts.get(`columns ${full}`) === "?") return true;
  const owner = /^([^ ]+\.[^ .]+)(?:[ .]|$)/.exec(value)?.[1];
  return owner !== undefined && unknown.has(owner);
}
