import {
  type AnnotationFact,
  compareText,
  displayName,
  type FactIndex,
  type Location,
  type MigrationFact,
  type Operation,
  type QualifiedName,
} from "@yantra-lint/core";

/** An operation of a release, with the migration that holds it. */
export interface Step {
  operation: Operation;
  migration: MigrationFact;
}

/** Migrations that reach production together: they run one after the other, while the release before still serves. */
interface Release {
  /** What its up migrations do, in the runner's order. */
  steps: readonly Step[];
}

/**
 * The releases to judge. With a base, the migrations of one stream that the change adds are the release being built:
 * what shipped before is done. Without one it is not known what ships together, and each file is taken for a release.
 */
export function releasesOf(facts: FactIndex): Release[] {
  const changes = facts.of("changedFile");
  const added = new Set(changes.flatMap(({ status, path }) => (status === "added" ? [path] : [])));
  const groups = new Map<string, MigrationFact[]>();
  for (const migration of facts.of("migration")) {
    if (migration.direction !== "up" || (changes.length > 0 && !added.has(migration.path))) continue;
    const key = changes.length > 0 ? migration.stream : migration.path;
    const group = groups.get(key);
    if (group) group.push(migration);
    else groups.set(key, [migration]);
  }
  return [...groups.values()].map((migrations) => ({
    steps: migrations
      .toSorted(inOrder)
      .flatMap((migration) => migration.operations.map((operation) => ({ operation, migration }))),
  }));
}

/**
 * The order of a stream. Runners compare numbers as numbers, or names that are sorted either way (times of equal
 * length); those without a version, Flyway's repeatable scripts, come last. A file's sections keep their order.
 */
function inOrder(a: MigrationFact, b: MigrationFact): number {
  if ((a.version === "") !== (b.version === "")) return a.version === "" ? 1 : -1;
  return compareNumbers(a.version, b.version) || compareNumbers(a.path, b.path) || a.startLine - b.startLine;
}

/** Compares texts, and the numbers in them as numbers: `9_a` before `10_a`. */
function compareNumbers(a: string, b: string): number {
  const [parts, others] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (const [index, part] of parts.entries()) {
    const other = others[index] ?? "";
    // Odd parts are digits.
    const order = index % 2 === 1 ? Number(part) - Number(other) : compareText(part, other);
    if (order !== 0) return order;
  }
  return parts.length - others.length;
}

/** What runs before a step, in this release and those before it: the latest last. */
function stepsBefore(facts: FactIndex, { operation, migration }: Step): Operation[] {
  const earlier = facts
    .of("migration")
    .filter(
      (other) =>
        other.stream === migration.stream && other.direction === "up" && inOrder(other, migration) < 0,
    )
    .toSorted(inOrder);
  const own = migration.operations.slice(0, migration.operations.indexOf(operation));
  return [...earlier.flatMap(({ operations }) => operations), ...own];
}

/** Whether SET NOT NULL finds the column NOT NULL already, as far as the migrations before it tell. */
export function isNotNullBefore(facts: FactIndex, step: Step): boolean {
  const { operation } = step;
  if (operation.kind !== "SetNotNull") return false;
  let { table, column } = operation;
  for (const earlier of stepsBefore(facts, step).toReversed()) {
    if (earlier.kind === "RenameTable" && isSameTable({ ...earlier.table, name: earlier.to }, table)) {
      ({ table } = earlier);
    }
    if (!("table" in earlier) || !isSameTable(earlier.table, table)) continue;
    switch (earlier.kind) {
      case "RenameColumn":
        if (earlier.to === column) ({ column } = earlier);
        break;
      case "SetNotNull":
        if (earlier.column === column) return true;
        break;
      case "DropNotNull":
      case "DropColumn":
        if (earlier.column === column) return false;
        break;
      case "AddColumn":
        if (earlier.column.name === column) return earlier.column.notNull;
        break;
      case "CreateTable":
        return earlier.columns.find(({ name }) => name === column)?.notNull === true;
      case "DropTable":
        return false;
      default:
        break;
    }
  }
  return false;
}

/** A name without schema may mean any. */
export function isSameTable(a: QualifiedName, b: QualifiedName): boolean {
  return a.name === b.name && (a.schema === undefined || b.schema === undefined || a.schema === b.schema);
}

/** Where a step stands, for a finding. */
export function placeOf({ operation, migration }: Step): Location {
  const { startLine, startColumn, endLine, endColumn } = operation;
  return { path: migration.path, startLine, startColumn, endLine, endColumn };
}

/** Where a step stands, in words, seen from another: `in line 3`, `in migrations/0002_b.sql`. */
export function whereIs({ operation, migration }: Step, from: Step): string {
  return migration.path === from.migration.path ? `in line ${operation.startLine}` : `in ${migration.path}`;
}

/** A column as messages write it. */
export function columnName(table: QualifiedName, column: string): string {
  return `${displayName(table)}.${column}`;
}

/**
 * The release that a `@yantra-phase contract after=<release>` names for an operation, as an annotation above its
 * statement or before all statements of its file has it.
 */
export function confirmedAfter(facts: FactIndex, { operation, migration }: Step): string | undefined {
  const above = ({ path, startLine, endLine }: AnnotationFact): boolean =>
    path === migration.path &&
    endLine < operation.startLine &&
    (endLine < firstLine(migration) ||
      migration.operations.every(
        (other) => other.statement >= operation.statement || other.endLine < startLine,
      ));
  const confirms = ({ name, value }: AnnotationFact): boolean => name === "phase" && value === "contract";
  return facts.of("annotation").find((annotation) => confirms(annotation) && above(annotation))?.options[
    "after"
  ];
}

function firstLine({ operations, startLine }: MigrationFact): number {
  return Math.min(startLine, ...operations.map((operation) => operation.startLine));
}

/** Names as words of a message: all of a few, else the first ones and how many more there are. */
export function listed(names: readonly string[]): string {
  const [shown, more] = names.length > 4 ? [names.slice(0, 3), `${names.length - 3} more`] : [names, ""];
  const last = more === "" ? shown.at(-1) : more;
  const first = more === "" ? shown.slice(0, -1) : shown;
  return first.length > 0 ? `${first.join(", ")} and ${last}` : (last ?? "");
}
