/**
 * Writes PostgreSQL's own functions that are not volatile, as the lock model needs them, from embedded PostgreSQL's
 * catalogue: `npx tsx packages/dev/src/functions.ts`. A test of the model compares the file with the catalogue.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { ROOT } from "./repository.ts";

const database = await PGlite.create();
const { rows } = await database.query<{ name: string }>(
  `SELECT proname AS name FROM pg_proc
   WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f'
   GROUP BY proname HAVING bool_and(provolatile <> 'v') ORDER BY proname COLLATE "C"`,
);
const { rows: server } = await database.query<{ version: string }>(
  "SELECT current_setting('server_version') AS version",
);
await database.close();

const names = rows.map(({ name }) => name).filter((name) => /^[a-z_]\w*$/.test(name));
const text = `// Written by packages/dev/src/functions.ts from the pg_proc of PostgreSQL ${server[0]?.version ?? ""}. Do not edit.
/** PostgreSQL's own functions of which no overload is volatile, with spaces between. */
export const NOT_VOLATILE =
  "${names.join(" ")}";
`;
writeFileSync(path.join(ROOT, "rules/sql/src/locks/functions.generated.ts"), text);
