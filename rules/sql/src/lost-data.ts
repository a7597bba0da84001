import { type Operation, type QualifiedName, quotedName } from "@yantra-lint/core";
import type { WayBack } from "./catalog/fold.ts";
import { shortName } from "./names.ts";

/**
 * The data from before a migration that its way back drops and makes anew, empty: tables, and columns of those that
 * live on. What the migration itself has made may go, and what the way back has copied before is not lost.
 */
export function lostOnTheWay({ before, after, back, down }: WayBack): string[] {
  return down.flatMap((operation, index): string[] => {
    if (operation.kind !== "DropTable" && operation.kind !== "DropColumn") return [];
    const [then, between, now] = [before, after, back].map((catalog) => catalog.table(operation.table));
    if (then?.state !== "known" || between?.state !== "known" || now?.state !== "known") return [];
    const isCopied = down
      .slice(0, index)
      .some((write) => write.kind !== "Transaction" && mayCopy(write, operation.table));
    if (isCopied) return [];
    const name = shortName(then.table);
    // The same origin says that the migration has left it alone.
    if (operation.kind === "DropTable")
      return then.table.created === between.table.created && then.table.created !== now.table.created
        ? [`table ${name}`]
        : [];
    const [old, kept, made] = [then, between, now].map(({ table }) => table.columns.get(operation.column));
    return old && old.added === kept?.added && made && made.added !== old.added
      ? [`column ${name}.${quotedName(operation.column)}`]
      : [];
  });
}

function mayCopy(operation: Operation, table: QualifiedName): boolean {
  if (operation.kind === "Other") return operation.mentions !== undefined;
  return (
    operation.kind === "WriteData" &&
    (operation.table.name === table.name || operation.reads?.includes(table.name) === true)
  );
}
