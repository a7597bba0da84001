/**
 * `pnpm verify-catalog DIR…`: runs the PostgreSQL migrations below each directory on embedded PostgreSQL in their
 * runner's order, folds the same files, and compares what the server and the catalog hold: tables, columns,
 * constraints, indexes, views, types, sequences, triggers and functions. Prints what differs and what the server
 * refused. Ends with 1 when anything differs but what the catalog says it does not know.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import { Catalog } from "../../../rules/sql/src/catalog/catalog.ts";
import { compareInventories, inventoryOfServer } from "../../../rules/sql/src/catalog/inventory.fixture.ts";
import { replay } from "../../../rules/sql/src/catalog/replay.fixture.ts";
import { detailsOfKind } from "../../../rules/sql/src/language/details.ts";
import { extensions } from "./postgres/extensions.ts";
import { streamsBelow, type StreamFile } from "./postgres/streams.ts";

/** Compares one stream; true when nothing differs. */
async function verify(name: string, files: readonly StreamFile[]): Promise<boolean> {
  const database = await PGlite.create({ extensions });
  let catalog = Catalog.empty({ complete: true });
  console.log(`${name}: ${files.length} files`);
  for (const { path: file, text, kind } of files) {
    const result = await replay(database, catalog, { path: file, text, details: detailsOfKind(kind) });
    ({ catalog } = result);
    for (const { statement, reason } of result.refused)
      console.log(`  - ${file}: ${statement.replaceAll(/\s+/g, " ").slice(0, 100)}: ${reason}`);
  }
  const comparisons = compareInventories(catalog, await inventoryOfServer(database));
  await database.close();
  for (const { different } of comparisons) for (const line of different) console.log(`  ! ${line}`);
  for (const { kind, compared, equal, unknown, different } of comparisons)
    console.log(
      `  ${kind}: ${compared} compared, ${equal} equal, ${unknown} unknown, ${different.length} different`,
    );
  return comparisons.every(({ different }) => different.length === 0);
}

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length === 0) throw new Error("Name at least one directory.");
let isEqual = true;
for (const directory of positionals) {
  for (const { name, files } of streamsBelow(path.resolve(directory)))
    isEqual = (await verify(name, files)) && isEqual;
}
process.exitCode = isEqual ? 0 : 1;
