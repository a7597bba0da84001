import type { OperationNode, OperationNodeOf } from "../../language/ast.ts";
import { type Answer, any, type Question } from "../row.ts";
import { constraintNamed, tableIn } from "../schema.ts";
import { constraintNode, definition } from "./nodes.ts";

type AddKey = Question<OperationNodeOf<"AddConstraint">>;

export function isOfType(
  ...types: OperationNodeOf<"AddConstraint">["constraint"]["type"][]
): (question: AddKey) => Answer {
  return ({ operation }) => types.includes(operation.constraint.type);
}

export function isValidated({ operation }: AddKey): Answer {
  return operation.constraint.validated;
}

export function usesIndex({ operation }: AddKey): Answer {
  return operation.constraint.usingIndex !== undefined;
}

export function isInherited({ operation }: AddKey): Answer {
  return constraintNode(operation)?.is_no_inherit !== true;
}

/** PRIMARY KEY and NOT NULL read the rows when a column may hold NULL. */
export function hasNullableColumn({ operation, catalog, server }: AddKey): Answer {
  const table = tableIn(catalog, operation.table);
  const { usingIndex, columns } = operation.constraint;
  const index = table?.indexes.find(({ name }) => name === usingIndex);
  if (usingIndex !== undefined && !index) return "unknown";
  return any((index?.columns ?? columns).map((column) => mayHoldNull(table, column, server.version)));
}

function mayHoldNull(table: ReturnType<typeof tableIn>, column: string, version: number): Answer {
  const known = table?.columns.get(column);
  if (known?.notNull) return false;
  const proven = table?.constraints.some(
    ({ validated, provesNotNull }) => validated && provesNotNull.includes(column),
  );
  // PostgreSQL 12: a valid CHECK is proof enough.
  if (proven && version >= 12) return false;
  return known && table?.complete ? true : "unknown";
}

export function columnMayHoldNull({
  operation,
  catalog,
  server,
}: Question<OperationNodeOf<"SetNotNull">>): Answer {
  const table = tableIn(catalog, operation.table);
  const answer = mayHoldNull(table, operation.column, server.version);
  // A table that the history has not made is read unless something proves the column.
  return answer === "unknown" && table?.complete === false ? true : answer;
}

type Named = Question<OperationNodeOf<"ValidateConstraint"> | OperationNodeOf<"DropConstraint">>;

export function isForeignKey({ operation, catalog }: Named): Answer {
  const constraint = constraintNamed(tableIn(catalog, operation.table), operation.constraint);
  return constraint ? constraint.type === "foreignKey" : "unknown";
}

export function isNotYetValid({ operation, catalog }: Named): Answer {
  const constraint = constraintNamed(tableIn(catalog, operation.table), operation.constraint);
  return constraint ? !constraint.validated : true;
}

/** To ENFORCED: what was not checked before is. */
export function enforces({ operation }: Question): Answer {
  return enforcement(operation) === true;
}

export function liftsEnforcement({ operation }: Question): Answer {
  return enforcement(operation) === false;
}

function enforcement(operation: OperationNode): boolean | undefined {
  const def = definition(operation);
  const altered = def && "ATAlterConstraint" in def ? def.ATAlterConstraint : undefined;
  return altered?.alterEnforceability === true ? altered.is_enforced === true : undefined;
}

/** A check that partitions have too, by its name. */
export function isCheckOfAll({ operation, catalog }: Question<OperationNodeOf<"RenameConstraint">>): Answer {
  const constraint = constraintNamed(tableIn(catalog, operation.table), operation.constraint);
  return constraint ? constraint.type === "check" : "unknown";
}

export function isNotNull({ operation, catalog }: Question<OperationNodeOf<"DropNotNull">>): Answer {
  const table = tableIn(catalog, operation.table);
  return table?.columns.get(operation.column)?.notNull ?? (table?.complete ? false : "unknown");
}
