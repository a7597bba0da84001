import {
  displayName,
  quotedName,
  type Operation,
  type OperationOf,
  type QualifiedName,
} from "./operations.ts";
import type { Phase } from "./rule.ts";

const GRAVITY: readonly Phase[] = ["expand", "migrate", "contract"];

/**
 * The step of expand, migrate, contract that an operation belongs to, by itself; undefined for what neither adds
 * nor takes (BEGIN, SET, COMMENT). What the running release may stumble over is contract: what is dropped or
 * renamed, and every new demand on what it writes.
 */
export function phaseOf(operation: Operation): Phase | undefined {
  switch (operation.kind) {
    case "CreateTable":
    case "CreateView":
    case "DropNotNull":
    case "SetDefault":
      return "expand";
    case "CreateIndex":
      return operation.unique ? "contract" : "expand";
    case "AddColumn":
      return demandsValue(operation) ? "contract" : "expand";
    case "AlterColumnType":
      return isWidening(operation) ? "expand" : "contract";
    case "WriteData":
    case "ValidateConstraint":
      return "migrate";
    case "Transaction":
    case "SetParameter":
      return undefined;
    case "Other":
      return phaseOfOther(operation);
    default:
      return "contract";
  }
}

/** The gravest phase of a migration's operations; what they do to tables and columns made by it disturbs nobody. */
export function phaseOfMigration(operations: readonly Operation[]): Phase {
  return gravestPhase(phasesOf(operations)) ?? "expand";
}

/** The phase of each operation of a migration, with what the migration has made before it in mind. */
export function phasesOf(operations: readonly Operation[]): (Phase | undefined)[] {
  return inContext(operations).map(({ operation, made }) =>
    made.has(operation) ? "expand" : phaseOf(operation),
  );
}

/** The gravest of phases; undefined when there is none. */
export function gravestPhase(phases: readonly (Phase | undefined)[]): Phase | undefined {
  return GRAVITY.findLast((phase) => phases.includes(phase));
}

/**
 * The operations whose effect neither a rollback of the code nor a down migration brings back, because data is gone
 * or written over, each in words: `DROP COLUMN orders.note`. Not what concerns tables and columns that the same
 * migration has made. An old type is not known here: a change to a type that holds all values is taken for safe.
 */
export function irreversibleOperations(
  operations: readonly Operation[],
): { operation: Operation; what: string }[] {
  return inContext(operations).flatMap(({ operation, made }) => {
    const what = made.has(operation) ? undefined : lossOf(operation, made);
    return what === undefined ? [] : [{ operation, what }];
  });
}

function lossOf(operation: Operation, made: Made): string | undefined {
  switch (operation.kind) {
    case "DropTable":
      return `DROP TABLE ${displayName(operation.table)}`;
    case "DropColumn":
      return `DROP COLUMN ${displayName(operation.table)}.${quotedName(operation.column)}`;
    case "AlterColumnType":
      if (isWidening(operation)) return undefined;
      return `ALTER COLUMN ${displayName(operation.table)}.${quotedName(operation.column)} TYPE ${operation.to}`;
    case "WriteData":
      return lossOfWrite(operation, made);
    case "Other":
      return lossOfOther(operation);
    default:
      return undefined;
  }
}

/** INSERT and COPY add rows, which can be told apart later; a column that was just added held nothing. */
function lossOfWrite(operation: OperationOf<"WriteData">, made: Made): string | undefined {
  const { table, verb, overwrites } = operation;
  const name = displayName(table);
  switch (verb) {
    case "insert":
    case "copy":
      return undefined;
    case "update": {
      const lost = overwrites?.filter((column) => !made.hasColumn(table, column));
      if (lost === undefined) return `UPDATE ${name}`;
      return lost.length > 0 ? `UPDATE ${name}.${lost.map(quotedName).join(", ")}` : undefined;
    }
    case "delete":
      return `DELETE FROM ${name}`;
    case "merge":
      return `MERGE INTO ${name}`;
    case "truncate":
      return `TRUNCATE ${name}`;
  }
}

function lossOfOther({ tag, mentions = [], what }: OperationOf<"Other">): string | undefined {
  if (
    what !== undefined &&
    /^DROP (?:SCHEMA|DATABASE|OWNED)\b|^DROP (?:TYPE|DOMAIN|EXTENSION)\b.*\bCASCADE$/i.test(what)
  )
    return what;
  const has = (word: string): boolean => mentions.includes(word);
  const word =
    (has("truncate") && "TRUNCATE") ||
    (has("delete") && has("from") && "DELETE") ||
    // ALTER TABLE … DROP CONSTRAINT has the words too, and loses nothing.
    (has("drop") && has("column") && "DROP COLUMN") ||
    (has("drop") && has("table") && !has("alter") && "DROP TABLE");
  if (!word) return undefined;
  return tag === "DoStmt" ? `${word} in a DO block` : `${word} in a statement that was not read`;
}

/** A column without which the running release's INSERTs are refused. */
function demandsValue({ column }: OperationOf<"AddColumn">): boolean {
  return (
    column.notNull && column.default === undefined && !column.generated && !column.type.endsWith("serial")
  );
}

/**
 * Types that hold every value of those they usually come from: no length, no precision (PostgreSQL 18
 * documentation, chapter 8). A USING that is more than a cast may compute anything.
 */
function isWidening({ to, using, column }: OperationOf<"AlterColumnType">): boolean {
  if (!/^(?:text|character varying|bigint|numeric|timestamp with time zone)$/.test(to)) return false;
  if (using === undefined) return true;
  const cast =
    /^\(?"?([^\s"():]+)"?\)?::[\w\s]+$/.exec(using) ??
    /^cast\s*\(\s*"?([^\s"()]+)"?\s+as\s[\w\s]+\)$/i.exec(using);
  return cast?.[1]?.toLowerCase() === column.toLowerCase();
}

/** Statements without an operation of their own, by PostgreSQL's node names; what is missing here is neutral. */
const OTHERS: readonly (readonly [Phase, RegExp])[] = [
  [
    "contract",
    /^(?:Drop\w*|RenameStmt|AlterObjectSchemaStmt|AT_(?:Drop|Detach)\w*|AT_(?:Enable|Force)RowSecurity|AT_ReplaceRelOptions|CreatePolicyStmt|AlterDomainStmt)$/,
  ],
  ["migrate", /^(?:RefreshMatViewStmt|CallStmt|DoStmt)$/],
  [
    "expand",
    /^(?:Create\w*|DefineStmt|CompositeTypeStmt|ViewStmt|RuleStmt|IndexStmt|AlterEnumStmt|AT_(?:Add|Attach)\w*|GrantStmt|GrantRoleStmt|AlterDefaultPrivilegesStmt|AlterSeqStmt|AlterFunctionStmt)$/,
  ],
];

function phaseOfOther({ tag, mentions, what = "" }: OperationOf<"Other">): Phase | undefined {
  if (/^(?:REVOKE|ALTER TYPE .* RENAME VALUE)\b/i.test(what)) return "contract";
  if (mentions && !tag.startsWith("Drop")) return phaseOfWords(mentions);
  return OTHERS.find(([, pattern]) => pattern.test(tag))?.[0];
}

/** A text that was not read may do whatever it names. */
function phaseOfWords(mentions: readonly string[]): Phase {
  if (mentions.some((word) => /^(?:drop|rename)$/.test(word))) return "contract";
  if (mentions.some((word) => /^(?:insert|update|delete|truncate|merge|copy|perform|call)$/.test(word)))
    return "migrate";
  return mentions.some((word) => /^(?:alter|create)$/.test(word)) ? "expand" : "migrate";
}

/** Each operation with what the migration had made before it. */
function inContext(operations: readonly Operation[]): { operation: Operation; made: Made }[] {
  let made = new Made([], [], viewsMade(operations));
  return operations.map((operation) => {
    const before = made;
    made = made.after(operation);
    return { operation, made: before };
  });
}

/** Views are replaced by dropping and creating them again in one migration. */
function viewsMade(operations: readonly Operation[]): QualifiedName[] {
  return operations.flatMap((operation) => (operation.kind === "CreateView" ? [operation.name] : []));
}

/** Tables, columns and views that a migration makes: nothing that runs knows them yet. */
class Made {
  readonly #tables: readonly QualifiedName[];
  readonly #columns: readonly { table: QualifiedName; column: string }[];
  readonly #views: readonly QualifiedName[];

  constructor(
    tables: readonly QualifiedName[],
    columns: readonly { table: QualifiedName; column: string }[],
    views: readonly QualifiedName[],
  ) {
    this.#tables = tables;
    this.#columns = columns;
    this.#views = views;
  }

  after(operation: Operation): Made {
    switch (operation.kind) {
      case "CreateTable":
        return new Made([...this.#tables, operation.table], this.#columns, this.#views);
      case "AddColumn": {
        const { table, column } = operation;
        return new Made(this.#tables, [...this.#columns, { table, column: column.name }], this.#views);
      }
      case "RenameTable":
        if (!this.#hasTable(operation.table)) return this;
        return new Made(
          [...this.#tables, { ...operation.table, name: operation.to }],
          this.#columns,
          this.#views,
        );
      case "RenameColumn":
        if (!this.hasColumn(operation.table, operation.column)) return this;
        return new Made(
          this.#tables,
          [...this.#columns, { table: operation.table, column: operation.to }],
          this.#views,
        );
      default:
        return this;
    }
  }

  hasColumn(table: QualifiedName, column: string): boolean {
    return (
      this.#hasTable(table) ||
      this.#columns.some((each) => each.column === column && isSame(each.table, table))
    );
  }

  /** Whether an operation concerns only what the migration has made. */
  has(operation: Operation): boolean {
    if (operation.kind === "DropView") return this.#views.some((view) => isSame(view, operation.name));
    if (!("table" in operation)) return false;
    const { table } = operation;
    if (this.#hasTable(table)) return true;
    const columns = columnsOf(operation);
    return columns.length > 0 && columns.every((column) => this.hasColumn(table, column));
  }

  #hasTable(table: QualifiedName): boolean {
    return this.#tables.some((each) => isSame(each, table));
  }
}

/** The columns an operation is about, if it is about columns alone. */
function columnsOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "AddConstraint":
      return operation.constraint.columns;
    case "CreateIndex":
      return operation.columns;
    case "DropColumn":
    case "RenameColumn":
    case "AlterColumnType":
    case "SetNotNull":
    case "DropNotNull":
    case "SetDefault":
    case "DropDefault":
      return [operation.column];
    default:
      return [];
  }
}

/** A name without schema may mean any. */
function isSame(a: QualifiedName, b: QualifiedName): boolean {
  return a.name === b.name && (a.schema === undefined || b.schema === undefined || a.schema === b.schema);
}
