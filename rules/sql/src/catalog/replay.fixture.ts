import type { PGlite } from "@electric-sql/pglite";
import type { ReadStatementNode } from "../language/ast.ts";
import { parseFile } from "../language/parse.ts";
import type { MigrationDetails } from "../runners/index.ts";
import type { Catalog } from "./catalog.ts";
import { foldSteps } from "./fold.ts";

/** A statement that the server did not run. */
export interface Refused {
  statement: string;
  reason: string;
}

/**
 * Runs the way up of a file on a server and folds what the server took. A file that the runner puts into a transaction
 * is run in one, with a savepoint before each statement, so that one that is refused costs only itself.
 */
export async function replay(
  database: PGlite,
  catalog: Catalog,
  file: { path: string; text: string; details: MigrationDetails | undefined },
): Promise<{ catalog: Catalog; refused: Refused[] }> {
  const { ast, steps } = parseFile(file.text, file.details);
  const refused: Refused[] = [];
  const skipped = new Set<ReadStatementNode>();
  await database.exec("RESET ALL");
  for (const section of ast.sections) {
    if (section.direction === "down") continue;
    const read = section.statements.filter((statement) => statement.type === "Statement");
    const ownTransactions = read.some(({ operations }) =>
      operations.some(({ type }) => type === "Transaction"),
    );
    const wrapped = section.transactional === true && !ownTransactions;
    if (wrapped) await database.exec("BEGIN");
    for (const statement of read) {
      const text = file.text.slice(...statement.range);
      const reason = await run(database, text, wrapped);
      if (reason === undefined) continue;
      skipped.add(statement);
      refused.push({ statement: text, reason });
    }
    if (wrapped) await database.exec("COMMIT");
  }
  await database.exec("ROLLBACK; DISCARD TEMP");
  const taken = steps.filter(({ node }) => !node || !skipped.has(node.parent));
  return { catalog: foldSteps(catalog, taken, file.path), refused };
}

/** Undefined when the server took it. */
async function run(database: PGlite, text: string, wrapped: boolean): Promise<string | undefined> {
  try {
    await database.exec(wrapped ? `SAVEPOINT each; ${text}\n; RELEASE each` : text);
    return undefined;
  } catch (error) {
    if (wrapped) await database.exec("ROLLBACK TO each");
    return error instanceof Error ? error.message : String(error);
  }
}
