import type { Row } from "./row.ts";
import { COMMAND_ROWS } from "./rows-commands.ts";
import { STATEMENT_ROWS } from "./rows-statements.ts";
import { TABLE_ROWS } from "./rows-tables.ts";

/** The whole model. */
export const ALL_ROWS: readonly Row[] = [...TABLE_ROWS, ...COMMAND_ROWS, ...STATEMENT_ROWS];

/** The rows of a kind of operation, or of an `Other` by its tag. */
export const ROWS: ReadonlyMap<string, readonly Row[]> = byGroup(ALL_ROWS);

function byGroup(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = row.id.slice(0, row.id.indexOf("/"));
    const members = groups.get(group);
    if (members) members.push(row);
    else groups.set(group, [row]);
  }
  return groups;
}
