import type { QualifiedName } from "@yantra-lint/core";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";

/** The operations of a file in one direction, and where each stands among them. */
interface Sequence {
  operations: readonly OperationNode[];
  position: ReadonlyMap<OperationNode, number>;
  byType: ReadonlyMap<OperationNode["type"], readonly OperationNode[]>;
}

/** Rules ask at each operation, and a file may have thousands. */
const SEQUENCES = new WeakMap<SqlSourceCode, Map<OperationNode["direction"], Sequence>>();

function sequenceOf(code: SqlSourceCode, direction: OperationNode["direction"]): Sequence {
  const sequences = SEQUENCES.get(code) ?? new Map<OperationNode["direction"], Sequence>();
  SEQUENCES.set(code, sequences);
  const known = sequences.get(direction);
  if (known) return known;
  const operations = code.ast.sections
    .filter((section) => section.direction === direction)
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => (statement.type === "Statement" ? statement.operations : []));
  const position = new Map(operations.map((operation, index) => [operation, index]));
  const byType = new Map<OperationNode["type"], OperationNode[]>();
  for (const operation of operations) {
    const others = byType.get(operation.type);
    if (others) others.push(operation);
    else byType.set(operation.type, [operation]);
  }
  const sequence = { operations, position, byType };
  sequences.set(direction, sequence);
  return sequence;
}

/** The operations of a file in one direction, in order. */
export function operationsIn(
  code: SqlSourceCode,
  direction: OperationNode["direction"],
): readonly OperationNode[] {
  return sequenceOf(code, direction).operations;
}

/** Whether an operation runs before another one of the same direction. */
export function isBefore(code: SqlSourceCode, one: OperationNode, other: OperationNode): boolean {
  const { position } = sequenceOf(code, other.direction);
  return (position.get(one) ?? Infinity) < (position.get(other) ?? 0);
}

/** The operations that run with this one: those of the file in its direction, in order, itself included. */
export function operationsWith(code: SqlSourceCode, operation: OperationNode): readonly OperationNode[] {
  return sequenceOf(code, operation.direction).operations;
}

/** Those of them of one type. */
export function operationsOfType<Type extends OperationNode["type"]>(
  code: SqlSourceCode,
  { direction }: OperationNode,
  type: Type,
): Extract<OperationNode, { type: Type }>[] {
  const some = sequenceOf(code, direction).byType.get(type) ?? [];
  return some.filter((one): one is Extract<OperationNode, { type: Type }> => one.type === type);
}

export function operationsAfter(code: SqlSourceCode, operation: OperationNode): readonly OperationNode[] {
  const { operations, position } = sequenceOf(code, operation.direction);
  return operations.slice((position.get(operation) ?? operations.length) + 1);
}

export function operationsBefore(code: SqlSourceCode, operation: OperationNode): readonly OperationNode[] {
  const { operations, position } = sequenceOf(code, operation.direction);
  return operations.slice(0, position.get(operation) ?? 0);
}

/** Whether two names of a file mean the same thing; a name without a schema is one of `public`. */
export function isSameName(one: QualifiedName, other: QualifiedName): boolean {
  return one.name === other.name && (one.schema ?? "public") === (other.schema ?? "public");
}

/**
 * Whether nobody sees what stands between two operations. Where the runner decides about transactions and it is not
 * known which one runs the file, they are taken to be together: most runners put a migration into one.
 */
export function areAtOnce(one: OperationNode, other: OperationNode): boolean {
  return (
    one.statement === other.statement || (one.transaction !== null && one.transaction === other.transaction)
  );
}

/** The name that a table had before this file, when earlier operations of the file renamed it. */
export function nameBeforeFile(
  code: SqlSourceCode,
  operation: OperationNode,
  name: QualifiedName,
): QualifiedName {
  return operationsOfType(code, operation, "RenameTable").reduceRight<QualifiedName>(
    (now, rename) => (givesName(rename, now) && isBefore(code, rename, operation) ? rename.table : now),
    name,
  );
}

/** Whether a rename ends at that name. */
function givesName({ table, to }: OperationNodeOf<"RenameTable">, name: QualifiedName): boolean {
  return to === name.name && isSameName({ ...table, name: to }, name);
}

/** What makes a relation of a name. */
export type Maker =
  OperationNodeOf<"CreateTable"> | OperationNodeOf<"RenameTable"> | OperationNodeOf<"CreateView">;

/** The first operation after this one that makes a relation of that name: CREATE TABLE, CREATE VIEW or RENAME TO. */
export function madeLater(
  code: SqlSourceCode,
  operation: OperationNode,
  name: QualifiedName,
): Maker | undefined {
  return operationsAfter(code, operation).find((later): later is Maker => {
    switch (later.type) {
      case "CreateTable":
        return isSameName(later.table, name);
      case "RenameTable":
        return givesName(later, name);
      case "CreateView":
        return isSameName(later.name, name);
      default:
        return false;
    }
  });
}
