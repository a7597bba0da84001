import { displayName, type Operation, phaseOf, type QualifiedName } from "@yantra-lint/core";
import { columnName, isSameTable, type Step } from "./release.ts";

/** A demand on columns that the release itself prepares for it. */
interface Mix {
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
}

/**
 * The mixes of a release's steps: one for a statement and kind, however many columns it is about; what is asked of
 * a column a second time adds nothing.
 */
export function mixesOf(steps: readonly Step[]): Mix[] {
  const mixes: Mix[] = [];
  const told = new Set<string>();
  for (const [index, step] of steps.entries()) {
    for (const demand of demandsOf(steps.slice(0, index), step)) {
      const { words, table, name } = demand;
      if (told.has(name)) continue;
      const preparation = preparationOf(steps, index, demand);
      if (!preparation) continue;
      told.add(name);
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
}

/** What an earlier operation of the release does to the column that a demand is about. */
interface Preparation {
  kind: "added" | "prepared";
  what: string;
  step: Step;
}

/** The demands that an operation puts on columns of a table which the release has not made. */
function demandsOf(before: readonly Step[], { operation }: Step): Demand[] {
  if (phaseOf(operation) !== "contract" || !("table" in operation)) return [];
  const of = operation.table;
  if (before.some((step) => isNaming(step.operation, of) || isDropping(step.operation, operation))) return [];
  const table = displayName(of);
  const demand = (words: string, column: string, asks: { value?: boolean; rows?: boolean }): Demand => ({
    words,
    of,
    column,
    table,
    // An index may be about an expression.
    name: /^[\w$\u0080-\uffff]+$/.test(column) ? columnName(of, column) : `${column} of ${table}`,
    value: asks.value ?? false,
    rows: asks.rows ?? true,
  });
  switch (operation.kind) {
    case "SetNotNull":
      return [demand("SET NOT NULL", operation.column, { value: true })];
    case "DropDefault":
      return [demand("DROP DEFAULT", operation.column, { value: true, rows: false })];
    case "AlterColumnType":
      return [demand(`ALTER COLUMN … TYPE ${operation.to}`, operation.column, {})];
    case "CreateIndex":
      return operation.columns.map((column) => demand("CREATE UNIQUE INDEX", column, {}));
    case "AddConstraint": {
      const { type, name, columns, provesNotNull } = operation.constraint;
      const words = name === undefined ? `ADD ${CONSTRAINTS[type]}` : `ADD CONSTRAINT ${name}`;
      const proves = (column: string): boolean =>
        type === "primaryKey" || type === "notNull" || provesNotNull.includes(column);
      return columns.map((column) => demand(words, column, { value: proves(column) }));
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
  const { type, name } = operation.constraint;
  return type !== "check" && earlier.kind === "DropConstraint" && earlier.constraint === name;
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
    return operation.verb === "delete" ? "DELETE" : undefined;
  }
  const isDefault = operation.kind === "SetDefault" && operation.column === column;
  return isDefault && words === "SET NOT NULL" ? "SET DEFAULT" : undefined;
}
