import type { Operation, QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "../catalog/catalog.ts";

/**
 * What the catalog has to hear of an operation that does not run in every case: the operation when it has happened
 * for certain, or what it made is there now in any case; nothing when it has not happened; and of what may have
 * happened the names, of which nothing is certain from here on.
 */
export function happened(catalog: Catalog, operation: Operation): Operation | undefined {
  switch (operation.condition) {
    case undefined:
      return operation;
    case "maybe":
      // The catalog knows what a table is that may have been made.
      return operation.kind === "CreateTable" ? operation : mention(operation);
    case "unlessThere":
      return isThere(catalog, operation) ? undefined : operation;
    case "ifThere":
      return isMissing(catalog, operation) ? undefined : operation;
  }
}

/** Whether the constraint that is to be added exists. What has IF NOT EXISTS of its own knows by itself. */
function isThere(catalog: Catalog, operation: Operation): boolean {
  if (operation.kind !== "AddConstraint" || operation.constraint.name === undefined) return false;
  const answer = catalog.table(operation.table);
  if (answer.state === "absent") return false;
  return answer.table.constraints.some(({ name }) => name === operation.constraint.name);
}

/** Whether the table or column that is to be changed is known not to exist. */
function isMissing(catalog: Catalog, operation: Operation): boolean {
  if (!("table" in operation)) return false;
  const answer = catalog.table(operation.table);
  if (answer.state !== "known") return answer.state === "absent";
  if (!("column" in operation) || typeof operation.column !== "string") return false;
  return answer.table.columnsComplete && !answer.table.columns.has(operation.column);
}

/** The same operation as something that nobody followed. */
function mention(operation: Operation): Operation {
  const { range, statement, transaction, startLine, startColumn, endLine, endColumn } = operation;
  const place = { range, statement, transaction, startLine, startColumn, endLine, endColumn };
  return { ...place, kind: "Other", tag: "DoStmt", mentions: [...namesIn(operation)] };
}

/** The names of the things that an operation makes, changes or drops,. */
function namesIn(operation: Operation): Set<string> {
  const things: object[] = [operation, ...(operation.kind === "Other" ? (operation.changes ?? []) : [])];
  const names = new Set<string>(operation.kind === "Other" ? operation.mentions : []);
  for (const thing of things) {
    for (const name of ["table" in thing && thing.table, "name" in thing && thing.name]) {
      if (!isName(name)) continue;
      names.add(name.name);
      if (name.schema !== undefined) names.add(name.schema);
    }
  }
  if (operation.kind === "RenameTable" || operation.kind === "SetSchema") names.add(operation.to);
  if (operation.kind === "CreateIndex" && operation.name !== undefined) names.add(operation.name);
  return names;
}

function isName(value: unknown): value is QualifiedName {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}
