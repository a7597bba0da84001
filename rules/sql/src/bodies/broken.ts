import type { QualifiedName } from "@yantra-lint/core";
import type { SqlFunction, Trigger } from "../catalog/catalog.ts";
import type { OperationNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isSameName, operationsAfter } from "../later.ts";
import { type Uses, usesOf } from "./uses.ts";

/** What leaves its name: a table, or a column of one. */
export interface Lost {
  table: QualifiedName;
  column?: string;
}

/** A function that still uses what is lost. */
export interface BrokenFunction {
  function: SqlFunction;
  /** The triggers that call it; empty for a function that is called by its name. */
  triggers: readonly Trigger[];
  /** `new` or `old` when it uses the column as one of the trigger's rows. */
  row: string | undefined;
}

/** Bodies are read once, and only those that name what is lost. */
const USES = new WeakMap<SqlFunction, Uses>();

function usesBy(made: SqlFunction): Uses {
  const known = USES.get(made) ?? usesOf(made);
  USES.set(made, known);
  return known;
}

/**
 * The functions made by the history that use what an operation takes away, and that the file neither replaces nor
 * drops afterwards. A trigger's function counts while a trigger calls it. What is not certain is left out.
 */
export function functionsBrokenBy(
  code: SqlSourceCode,
  operation: OperationNode,
  lost: Lost,
): BrokenFunction[] {
  const catalog = code.catalogBefore(operation);
  const named = catalog.functionsNaming(lost.column ?? lost.table.name);
  if (named.length === 0) return [];
  const ofTable = new Set(catalog.functionsNaming(lost.table.name));
  const later = laterChanges(code, operation);
  return named.flatMap((made): BrokenFunction[] => {
    if (later.some((change) => renews(change, made)) || takesTypeOf(made, lost)) return [];
    const triggers =
      made.returns === "trigger"
        ? catalog.triggersCalling(made).filter((trigger) => !isGone(trigger, lost, operation, later))
        : [];
    if (made.returns === "trigger" && triggers.length === 0) return [];
    const firing = triggers.filter(({ table }) => isSameName(table, lost.table));
    // Reading a body takes long.
    if (firing.length === 0 && !ofTable.has(made)) return [];
    const uses = usesBy(made);
    if (isNamed(uses, lost)) return [{ function: made, triggers, row: undefined }];
    const used = uses.ofRow.find(({ column }) => column === lost.column);
    return used && firing.length > 0 ? [{ function: made, triggers: firing, row: used.row }] : [];
  });
}

function isNamed(uses: Uses, { table, column }: Lost): boolean {
  if (column === undefined) return uses.tables.some((used) => isSameName(used, table));
  return uses.columns.some((used) => used.column === column && isSameName(used.table, table));
}

type Change = Extract<OperationNode, { type: "Other" }>["changes"] extends (infer Each)[] | undefined
  ? Each
  : never;

function laterChanges(code: SqlSourceCode, operation: OperationNode): Change[] {
  return operationsAfter(code, operation).flatMap((later) =>
    later.type === "Other" ? (later.changes ?? []) : [],
  );
}

/** Whether a later change makes the function anew, or drops it, under whatever arguments. */
function renews(change: Change, made: SqlFunction): boolean {
  if (change.action === "createFunction") return isSameName(change.name, made);
  return change.action === "drop" && change.object === "function" && isSameName(change.name, made);
}

/** Whether a trigger goes with what is lost, or is dropped later in the file. */
function isGone(trigger: Trigger, lost: Lost, operation: OperationNode, later: readonly Change[]): boolean {
  if (operation.type === "DropTable" && isSameName(trigger.table, lost.table)) return true;
  if (operation.type === "DropColumn" && operation.cascade && isOfColumn(trigger, lost)) return true;
  return later.some(
    (change) =>
      change.action === "drop" &&
      change.object === "trigger" &&
      change.name.name === trigger.name &&
      change.table !== undefined &&
      isSameName(change.table, trigger.table),
  );
}

/** UPDATE OF the column: the trigger depends on it. */
function isOfColumn({ table, columns }: Trigger, lost: Lost): boolean {
  return lost.column !== undefined && columns.includes(lost.column) && isSameName(table, lost.table);
}

/** A function that takes or gives rows of the table goes with it, or keeps it from being dropped. */
function takesTypeOf({ arguments: types, returns }: SqlFunction, { table, column }: Lost): boolean {
  if (column !== undefined) return false;
  return [...types, returns ?? ""].some((type) => type.replace(/\[\]$/, "").split(".").at(-1) === table.name);
}
