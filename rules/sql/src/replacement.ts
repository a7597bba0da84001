import { displayName, type OperationOf, type QualifiedName } from "@yantra-lint/core";
import { columnName, isSameTable, type Step } from "./release.ts";

type Drop = OperationOf<"DropTable"> | OperationOf<"DropColumn">;

/** What a release drops although it has itself added it, or its replacement. */
interface Loss {
  kind: "replaced" | "addedAndDropped";
  /** What is dropped, as messages write it; several columns when one thing replaces them. */
  names: string[];
  /** The first DROP. */
  drop: Step;
  /** The others. */
  others: Step[];
  /** What is added: the replacement, or the thing itself. */
  added: string;
  adds: Step;
}

/** The losses of a release's steps, in order of their first DROP. */
export function lossesOf(steps: readonly Step[]): Loss[] {
  const losses: Loss[] = [];
  for (const [index, drop] of steps.entries()) {
    const { operation } = drop;
    if (operation.kind !== "DropTable" && operation.kind !== "DropColumn") continue;
    const name = droppedName(operation);
    const before = steps.slice(0, index);
    const made = before.findLast((step) => isMaking(step, operation));
    if (made) {
      // Within one file it is scratch space: nothing else can see it.
      if (made.migration.path === drop.migration.path) continue;
      losses.push({ kind: "addedAndDropped", names: [name], drop, others: [], added: name, adds: made });
      continue;
    }
    // Its name lives on: it is rebuilt or changed in place.
    if (steps.slice(index).some((step) => isMakingAnew(step, operation))) continue;
    const replacement = replacementOf(before, operation);
    if (!replacement) continue;
    const { name: added, adds } = replacement;
    const same = losses.find((loss) => loss.kind === "replaced" && loss.adds === adds);
    if (same) {
      same.names.push(name);
      same.others.push(drop);
    } else losses.push({ kind: "replaced", names: [name], drop, others: [], added, adds });
  }
  return losses;
}

function droppedName(drop: Drop): string {
  return drop.kind === "DropTable" ? displayName(drop.table) : columnName(drop.table, drop.column);
}

/** Whether a step makes what is dropped: the column itself, or its table with all columns, or the table. */
function isMaking({ operation }: Step, drop: Drop): boolean {
  if (operation.kind === "CreateTable") return isSameTable(operation.table, drop.table);
  return drop.kind === "DropColumn" && addsColumn(operation, drop.table, drop.column);
}

/** Whether something of that name is made again: what was dropped is rebuilt, or changed in place. */
function isMakingAnew({ operation }: Step, drop: Drop): boolean {
  if (drop.kind === "DropColumn") {
    const renamed =
      operation.kind === "RenameColumn" &&
      operation.to === drop.column &&
      isSameTable(operation.table, drop.table);
    return renamed || addsColumn(operation, drop.table, drop.column);
  }
  switch (operation.kind) {
    case "CreateTable":
      return isSameTable(operation.table, drop.table);
    case "RenameTable":
      return isSameTable({ ...operation.table, name: operation.to }, drop.table);
    case "CreateView":
      return isSameTable(operation.name, drop.table);
    default:
      return false;
  }
}

/**
 * What replaces a thing that is dropped: something that earlier steps of the release add, and that a statement
 * between the two fills from it. A new name alone is no proof: a release may add one column and drop another.
 */
function replacementOf(before: readonly Step[], drop: Drop): { name: string; adds: Step } | undefined {
  const found = replacementsOf(before, drop);
  const [first] = found;
  const { operation } = first?.adds ?? {};
  if (!first || drop.kind === "DropColumn" || operation?.kind !== "AddColumn") return first;
  // A table lives on in all the columns that are filled from it.
  const columns = found.flatMap(({ adds: { operation: adds } }) =>
    adds.kind === "AddColumn" && isSameTable(adds.table, operation.table) ? [adds.column.name] : [],
  );
  const [column = "", ...more] = new Set(columns);
  if (more.length === 0) return first;
  const others = more.length === 1 ? (more[0] ?? "") : `${more.length} more`;
  return { name: `columns of ${displayName(operation.table)} (${column} and ${others})`, adds: first.adds };
}

/** What each write fills from the thing that is dropped. */
function replacementsOf(before: readonly Step[], drop: Drop): { name: string; adds: Step }[] {
  return before.flatMap(({ operation }, index) => {
    const made = before.slice(0, index + 1);
    if (operation.kind === "WriteData") return filled(made, operation, drop);
    const found = operation.kind === "Other" ? filledBySomething(made, operation, drop) : undefined;
    return found ? [found] : [];
  });
}

/** What an INSERT or UPDATE fills from the thing that is dropped. */
function filled(
  made: readonly Step[],
  write: OperationOf<"WriteData">,
  drop: Drop,
): { name: string; adds: Step }[] {
  const { table, verb, reads = [], sets = [] } = write;
  if (verb === "delete") return [];
  if (!isSameTable(table, drop.table) && !reads.includes(drop.table.name)) return [];
  const isSource = (names: readonly string[]): boolean =>
    drop.kind === "DropTable" ? names.length > 0 : names.includes(drop.column);
  const direct = sets.filter(({ from }) => isSource(from));
  // `SET a = q.b FROM (SELECT … AS b)`: what q takes it from stands in its own list of results.
  const filledBy =
    direct.length === 0 && isSource(reads) ? sets.filter(({ from }) => from.length > 0) : direct;
  const columns = filledBy.map(({ column }) => column);
  return made.flatMap((adds) => {
    const { operation } = adds;
    const isNewTable = operation.kind === "CreateTable" && isSameTable(operation.table, table);
    if (isNewTable && isSource(reads)) return [{ name: displayName(table), adds }];
    const column = columns.find((name) => addsColumn(operation, table, name));
    return column === undefined ? [] : [{ name: columnName(table, column), adds }];
  });
}

/** A DO block, or text that was not read, that writes and names both the old and something new. */
function filledBySomething(
  made: readonly Step[],
  { mentions = [] }: OperationOf<"Other">,
  drop: Drop,
): { name: string; adds: Step } | undefined {
  const has = (word: string): boolean => mentions.includes(word.toLowerCase());
  if (!has("insert") && !has("update")) return undefined;
  if (!has(drop.table.name) || (drop.kind === "DropColumn" && !has(drop.column))) return undefined;
  for (const adds of made) {
    const { operation } = adds;
    if (operation.kind === "CreateTable" && has(operation.table.name))
      return { name: displayName(operation.table), adds };
    if (operation.kind === "AddColumn" && has(operation.table.name) && has(operation.column.name))
      return { name: columnName(operation.table, operation.column.name), adds };
  }
  return undefined;
}

function addsColumn(operation: Step["operation"], table: QualifiedName, column: string): boolean {
  return (
    operation.kind === "AddColumn" && operation.column.name === column && isSameTable(operation.table, table)
  );
}
