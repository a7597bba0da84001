import { displayName, type Operation, phaseOf, type QualifiedName, quotedName } from "@yantra-lint/core";
import { columnName, isSameTable, type Step } from "./release.ts";

/** A demand on columns that the release itself prepares for it. */
export interface Mix {
  /** `added`: the release adds the columns; `prepared`: it changes their rows or default. */
  kind: "added" | "prepared";
  /** The demand in words: `SET NOT NULL`. */
  words: string;
  /** Table and columns as messages write them. */
  table: string;
  columns: string[];
  /** The preparation in a word: `UPDATE`. */
  what: string;
  demand: Step;
  preparation: Step;
  /** Each value is allowed once. */
  unique: boolean;
  /** Rows may come between the preparation and the demand: no lock of their transaction keeps writers out. */
  open: boolean;
}

/**
 * The mixes of a release's steps: one for a statement and kind, however many columns it is about; what is asked of
 * a column a second time adds nothing. `isFull`: whether the column of a SET NOT NULL is NOT NULL before it.
 */
export function mixesOf(steps: readonly Step[], isFull: (step: Step) => boolean): Mix[] {
  const mixes: Mix[] = [];
  const told = new Set<string>();
  for (const [index, step] of steps.entries()) {
    for (const demand of demandsOf(steps, index)) {
      const { words, table, name, unique } = demand;
      if (isRenamed(steps.slice(index + 1), demand)) continue;
      const preparation = preparationOf(steps, index, demand);
      // A column that is added without a value is told once; what rests on others' rows, for each kind of demand.
      const key = preparation?.kind === "added" ? name : `${step.operation.kind} ${name}`;
      if (!preparation || told.has(key) || isFull(step)) continue;
      told.add(key);
      const { kind, what } = preparation;
      if (kind === "added" && isOfOneFile(step, preparation.step)) continue;
      const same = mixes.find(
        (mix) => mix.kind === kind && mix.words === words && isSameStatement(mix.demand, step),
      );
      if (same) same.columns.push(name);
      else
        mixes.push({
          kind,
          words,
          table,
          columns: [name],
          what,
          demand: step,
          preparation: preparation.step,
          unique,
          open: !isLocked(steps.slice(0, steps.indexOf(preparation.step)), preparation.step, step),
        });
    }
  }
  return mixes;
}

/** yantra/sql/no-required-column-without-default looks at one file, and tells of these there. */
function isOfOneFile({ operation, migration }: Step, added: Step): boolean {
  const { kind } = operation;
  return migration.path === added.migration.path && (kind === "SetNotNull" || kind === "DropDefault");
}

/** no-rename-column tells that the running release fails at the column, whatever else is asked of it. */
function isRenamed(after: readonly Step[], { of, column }: Demand): boolean {
  return after.some(
    ({ operation }) =>
      operation.kind === "RenameColumn" && operation.column === column && isSameTable(operation.table, of),
  );
}

/** Operations on a table that keep writers out until the transaction ends (`locks.ts`). */
const LOCKING: ReadonlySet<Operation["kind"]> = new Set([
  "AddColumn",
  "DropColumn",
  "RenameColumn",
  "AlterColumnType",
  "SetNotNull",
  "DropNotNull",
  "SetDefault",
  "DropDefault",
  "AddConstraint",
  "DropConstraint",
  "RenameConstraint",
]);

/** Whether the transaction that prepares and demands has locked the table before. */
function isLocked(before: readonly Step[], preparation: Step, demand: Step): boolean {
  const { transaction } = demand.operation;
  const isAtOnce = ({ operation, migration }: Step): boolean =>
    typeof transaction === "number" &&
    migration === demand.migration &&
    operation.transaction === transaction;
  if (!isAtOnce(preparation) || !("table" in demand.operation)) return false;
  const { table } = demand.operation;
  return [...before, preparation].some(
    (step) =>
      isAtOnce(step) &&
      LOCKING.has(step.operation.kind) &&
      "table" in step.operation &&
      isSameTable(step.operation.table, table),
  );
}

function isSameStatement(a: Step, b: Step): boolean {
  return a.migration === b.migration && a.operation.statement === b.operation.statement;
}

/** What an operation asks of a column from then on. */
interface Demand {
  /** The operation in words: `SET NOT NULL`. */
  words: string;
  of: QualifiedName;
  column: string;
  /** Table and column as messages write them. */
  table: string;
  name: string;
  /** Rows without a value for the column are refused. */
  value: boolean;
  /** What rests on the values that are there: the rows are looked at, or new ones have to be like them. */
  rows: boolean;
  /** Each value is allowed once. */
  unique: boolean;
}

/** What an earlier operation of the release does to the column that a demand is about. */
interface Preparation {
  kind: "added" | "prepared";
  what: string;
  step: Step;
}

/** The demands that the operation at `index` puts on columns of a table which the release has not made. */
function demandsOf(steps: readonly Step[], index: number): Demand[] {
  const operation = steps[index]?.operation;
  if (!operation || !("table" in operation) || phaseOf(operation) !== "contract") return [];
  const of = operation.table;
  const before = steps.slice(0, index);
  if (before.some((step) => isNaming(step.operation, of) || isDropping(step.operation, operation))) return [];
  const table = displayName(of);
  const demand = (
    words: string,
    column: string,
    asks: Partial<Pick<Demand, "value" | "rows" | "unique">>,
  ): Demand => ({
    words,
    of,
    column,
    table,
    // An index may be about an expression.
    name: /^[\w$\u0080-\uffff]+$/.test(column) ? columnName(of, column) : `${column} of ${table}`,
    value: asks.value ?? false,
    rows: asks.rows ?? true,
    unique: asks.unique ?? false,
  });
  switch (operation.kind) {
    case "SetNotNull":
      return [demand("SET NOT NULL", operation.column, { value: true })];
    case "DropDefault":
      return [demand("DROP DEFAULT", operation.column, { value: true, rows: false })];
    case "AlterColumnType":
      return [demand(`ALTER COLUMN … TYPE ${operation.to}`, operation.column, {})];
    case "CreateIndex":
      return operation.columns.map((column) => demand("CREATE UNIQUE INDEX", column, { unique: true }));
    case "AddConstraint": {
      const { type, name, columns, provesNotNull } = operation.constraint;
      const words = name === undefined ? `ADD ${CONSTRAINTS[type]}` : `ADD CONSTRAINT ${quotedName(name)}`;
      const proves = (column: string): boolean =>
        type === "primaryKey" || type === "notNull" || provesNotNull.includes(column);
      const unique = type === "unique" || type === "primaryKey";
      return columns.map((column) => demand(words, column, { value: proves(column), unique }));
    }
    default:
      return [];
  }
}

/** Whether an operation gives a table its name: the release before does not know it, or trips over that already. */
function isNaming(operation: Operation, table: QualifiedName): boolean {
  if (operation.kind === "CreateTable") return isSameTable(operation.table, table);
  return operation.kind === "RenameTable" && isSameTable({ ...operation.table, name: operation.to }, table);
}

/** Whether a constraint is made again after it was dropped: no new demand, unless it is a check, which may differ. */
function isDropping(earlier: Operation, operation: Operation): boolean {
  if (operation.kind !== "AddConstraint") return false;
  const { type, columns, name = defaultName(operation.table, type, columns) } = operation.constraint;
  return type !== "check" && earlier.kind === "DropConstraint" && earlier.constraint === name;
}

/** What PostgreSQL names a constraint by itself (`ChooseIndexName`, `ChooseConstraintName`), where that is short. */
function defaultName(
  { name }: QualifiedName,
  type: keyof typeof CONSTRAINTS,
  columns: readonly string[],
): string | undefined {
  if (type === "primaryKey") return `${name}_pkey`;
  const suffix = {
    unique: "key",
    foreignKey: "fkey",
    exclude: "excl",
    check: undefined,
    notNull: "not_null",
  }[type];
  return suffix && [name, ...columns, suffix].join("_");
}

const CONSTRAINTS = {
  check: "CHECK",
  foreignKey: "FOREIGN KEY",
  unique: "UNIQUE",
  primaryKey: "PRIMARY KEY",
  exclude: "EXCLUDE",
  notNull: "NOT NULL",
} as const;

/**
 * What the release does to the column before the demand at `index`. Of a column that it adds, only a demand for a
 * value counts, when the release leaves it without a default: what the running release leaves out is NULL, which
 * meets all other demands. Of a column that was there, what the demand rests on counts: rows set or deleted, and a
 * default for NOT NULL.
 */
function preparationOf(steps: readonly Step[], index: number, demand: Demand): Preparation | undefined {
  const isAbout = ({ operation }: Step): boolean =>
    "table" in operation && isSameTable(operation.table, demand.of);
  const before = steps.slice(0, index).filter(isAbout);
  const added = before.findLast(({ operation }) => adds(operation, demand.column));
  if (added) {
    const since = steps.slice(steps.indexOf(added)).filter(isAbout);
    const operations = since.map(({ operation }) => operation);
    const isAsked =
      demand.value && !hasDefault(operations, demand) && (demand.rows || isNotNull(operations, demand));
    return isAsked ? { kind: "added", what: "added", step: added } : undefined;
  }
  if (!demand.rows) return undefined;
  for (const step of before.toReversed()) {
    const what = preparing(step.operation, demand);
    if (what !== undefined) return { kind: "prepared", what, step };
  }
  return undefined;
}

function adds(operation: Operation, column: string): boolean {
  return operation.kind === "AddColumn" && operation.column.name === column;
}

function hasDefault(since: readonly Operation[], { column }: Demand): boolean {
  return since.reduce((has, operation) => {
    if (operation.kind === "AddColumn" && adds(operation, column)) {
      const { type, default: value, generated } = operation.column;
      return value !== undefined || generated !== undefined || type.endsWith("serial");
    }
    if (operation.kind === "SetDefault" && operation.column === column) return true;
    return operation.kind === "DropDefault" && operation.column === column ? false : has;
  }, false);
}

function isNotNull(since: readonly Operation[], demand: Demand): boolean {
  return since.reduce((is, operation) => {
    if (operation.kind === "AddColumn" && adds(operation, demand.column)) return operation.column.notNull;
    if (operation.kind === "SetNotNull" && operation.column === demand.column) return true;
    return operation.kind === "DropNotNull" && operation.column === demand.column ? false : is;
  }, false);
}

/** What an operation does for a demand on a column that was there before, in a word. */
function preparing(operation: Operation, { column, words }: Demand): string | undefined {
  if (operation.kind === "WriteData") {
    if (operation.verb === "update" && operation.sets?.some((set) => set.column === column)) return "UPDATE";
    // Rows that are picked by other columns say nothing of this one.
    const { verb, reads } = operation;
    return verb === "delete" && (reads === undefined || reads.includes(column)) ? "DELETE" : undefined;
  }
  const isDefault = operation.kind === "SetDefault" && operation.column === column;
  return isDefault && words === "SET NOT NULL" ? "SET DEFAULT" : undefined;
}
