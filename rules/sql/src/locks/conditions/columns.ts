import type { Constraint } from "libpg-query";
import type { OperationNode, OperationNodeOf } from "../../language/ast.ts";
import { isBuiltIn } from "../../language/type-change.ts";
import { isSerial } from "../../language/types.ts";
import { type Answer, any, type Question } from "../row.ts";
import { volatileCallsIn } from "../volatility.ts";
import { columnNode } from "./nodes.ts";

type Add = Question<OperationNodeOf<"AddColumn">>;

function columnConstraints(operation: OperationNode): Constraint[] {
  return (columnNode(operation)?.constraints ?? []).flatMap((node) =>
    "Constraint" in node ? [node.Constraint] : [],
  );
}

/** ADD COLUMN IF NOT EXISTS of a column that is there changes nothing beside its lock. */
export function isAdded({ operation, catalog }: Add): Answer {
  if (!operation.ifNotExists) return true;
  const answer = catalog.table(operation.table);
  if (answer.state === "absent") return false;
  if (answer.table.columns.has(operation.column.name)) return false;
  return answer.state === "known" && answer.table.columnsComplete ? true : "unknown";
}

/** A default that may differ from row to row; a constant or stable one is kept beside the table. */
export function hasVolatileDefault({ operation, catalog }: Add): Answer {
  const calls = columnConstraints(operation).flatMap(({ contype, raw_expr }) =>
    contype === "CONSTR_DEFAULT" ? volatileCallsIn(raw_expr, catalog) : [],
  );
  return any(calls.map(({ certain }) => certain || "unknown"));
}

export function isSerialColumn({ operation }: Add): Answer {
  return isSerial(operation.column.type);
}

export function isGenerated(as: "stored" | "virtual" | "identity"): (question: Add) => Answer {
  return ({ operation }) => operation.column.generated === as;
}

export function hasCheck({ operation }: Add): Answer {
  return operation.column.checks.length > 0;
}

export function hasIndex({ operation }: Add): Answer {
  return operation.column.unique || operation.column.primaryKey;
}

export function hasReference({ operation }: Add): Answer {
  return operation.column.references !== undefined;
}

/** Even DEFAULT NULL: `transformAlterTableStmt` skips the check only of columns without any (PostgreSQL 13 on). */
export function hasDefault({ operation }: Add): Answer {
  const { default: value, generated, type } = operation.column;
  return value !== undefined || generated === "stored" || generated === "virtual" || isSerial(type);
}

/** NOT NULL, and nothing that fills the rows: they are read to see whether there are any. */
export function isRequiredWithoutValue({ operation }: Add): Answer {
  const { notNull, default: value, generated, type } = operation.column;
  if (!notNull || isSerial(type) || generated === "stored" || generated === "identity") return false;
  if (value !== undefined) return value.toLowerCase() === "null";
  // The value may be the default of a domain.
  return isBuiltIn(type) || type.endsWith("[]") ? true : "unknown";
}

/** The catalog does not hold how a column is generated. */
export function unlessVirtual({ server }: Question): Answer {
  return server.version < 18 ? true : "unknown";
}
