import {
  type AnnotationFact,
  compareText,
  displayName,
  quotedName,
  type FactIndex,
  type Location,
  type MigrationFact,
  type Operation,
  type QualifiedName,
  type WorkspaceRuleContext,
} from "@yantra-lint/core";

/** An operation of a release, with the migration that holds it. */
export interface Step {
  operation: Operation;
  migration: MigrationFact;
}

/** What a rule is given of it: the facts, the base's, and the file whose findings alone are wanted. */
type Scope = Pick<WorkspaceRuleContext, "facts" | "base" | "only">;

/** Migrations that reach production together: they run one after the other, while the release before still serves. */
interface Release {
  /** What its up migrations do, in the runner's order. */
  steps: readonly Step[];
}

/**
 * The releases to judge. With a base, the migrations of one stream that the change adds are the release being built:
 * what shipped before is done. Without one it is not known what ships together, and each file is taken for a release.
 */
export function releasesOf({ facts, base, only }: Scope): Release[] {
  const changes = facts.of("changedFile");
  const released = base !== undefined || changes.length > 0;
  const added = new Set(changes.flatMap(({ status, path }) => (status === "added" ? [path] : [])));
  const groups = new Map<string, MigrationFact[]>();
  for (const migration of facts.of("migration")) {
    if (migration.direction !== "up") continue;
    if (released ? !added.has(migration.path) : only !== undefined && migration.path !== only) continue;
    const key = released ? migration.stream : migration.path;
    const group = groups.get(key);
    if (group) group.push(migration);
    else groups.set(key, [migration]);
  }
  return [...groups.values()].map((migrations) => ({
    steps: ordered(migrations).flatMap((migration) =>
      migration.operations.map((operation) => ({ operation, migration })),
    ),
  }));
}

/** A migration as its stream's order sees it. */
interface Ordered {
  migration: MigrationFact;
  version: readonly string[];
  path: readonly string[];
}

/**
 * In the order of a stream. Runners compare numbers as numbers, or names that are sorted either way (times of equal
 * length); those without a version, Flyway's repeatable scripts, come last. A file's sections keep their order.
 */
function ordered(migrations: readonly MigrationFact[]): MigrationFact[] {
  if (migrations.length < 2) return [...migrations];
  return migrations
    .map((migration): Ordered => ({
      migration,
      version: migration.version.split(/(\d+)/),
      path: migration.path.split(/(\d+)/),
    }))
    .sort(inOrder)
    .map(({ migration }) => migration);
}

function inOrder(a: Ordered, b: Ordered): number {
  const [one, other] = [a.migration, b.migration];
  if ((one.version === "") !== (other.version === "")) return one.version === "" ? 1 : -1;
  return (
    compareNumbers(a.version, b.version) || compareNumbers(a.path, b.path) || one.startLine - other.startLine
  );
}

/** Compares versions as `ordered` does. */
export function compareVersions(one: string, other: string): number {
  return compareNumbers(one.split(/(\d+)/), other.split(/(\d+)/));
}

/** Compares texts, and the numbers in them (odd parts) as numbers: `9_a` before `10_a`. */
function compareNumbers(parts: readonly string[], others: readonly string[]): number {
  for (const [index, part] of parts.entries()) {
    const other = others[index] ?? "";
    if (part === other) continue;
    const order = index % 2 === 1 ? Number(part) - Number(other) : compareText(part, other);
    if (order !== 0) return order;
  }
  return parts.length - others.length;
}

/** The up migrations of a stream in its order, and where each stands. */
interface Stream {
  migrations: readonly MigrationFact[];
  position: ReadonlyMap<MigrationFact, number>;
}

/** Worked out once for a run's facts. */
const STREAMS = new WeakMap<FactIndex, Map<string, Stream>>();

/** The stream of that name, as the runner goes through it. */
function streamOf(facts: FactIndex, name: string): Stream | undefined {
  let streams = STREAMS.get(facts);
  if (!streams) {
    const groups = new Map<string, MigrationFact[]>();
    for (const migration of facts.of("migration")) {
      if (migration.direction !== "up") continue;
      const group = groups.get(migration.stream);
      if (group) group.push(migration);
      else groups.set(migration.stream, [migration]);
    }
    streams = new Map(
      [...groups].map(([stream, group]) => {
        const migrations = ordered(group);
        return [stream, { migrations, position: new Map(migrations.map((each, index) => [each, index])) }];
      }),
    );
    STREAMS.set(facts, streams);
  }
  return streams.get(name);
}

/** The up migrations of a stream, in the runner's order. */
export function upMigrations(facts: FactIndex, stream: string): readonly MigrationFact[] {
  return streamOf(facts, stream)?.migrations ?? [];
}

/** What runs before a step, in this release and those before it: the latest first. */
function* stepsBefore(facts: FactIndex, { operation, migration }: Step): Iterable<Operation> {
  yield* migration.operations.slice(0, migration.operations.indexOf(operation)).toReversed();
  const stream = streamOf(facts, migration.stream);
  for (let at = (stream?.position.get(migration) ?? 0) - 1; at >= 0; at -= 1) {
    yield* stream?.migrations[at]?.operations.toReversed() ?? [];
  }
}

/** Whether SET NOT NULL finds the column NOT NULL already, as far as the migrations before it tell. */
export function isNotNullBefore(facts: FactIndex, step: Step): boolean {
  const { operation } = step;
  if (operation.kind !== "SetNotNull") return false;
  let { table, column } = operation;
  for (const earlier of stepsBefore(facts, step)) {
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
  return `${displayName(table)}.${quotedName(column)}`;
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
