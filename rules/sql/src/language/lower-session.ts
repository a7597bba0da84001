import type { OperationDetails, Range } from "@yantra-lint/core";
import type { Node, TransactionStmt, VariableSetStmt } from "libpg-query";
import { lowered, type Lowered, other, strings } from "./lowered.ts";

const VERBS: Partial<Record<NonNullable<TransactionStmt["kind"]>, OperationDetails["Transaction"]["verb"]>> =
  {
    TRANS_STMT_BEGIN: "begin",
    TRANS_STMT_START: "begin",
    TRANS_STMT_COMMIT: "commit",
    TRANS_STMT_ROLLBACK: "rollback",
    TRANS_STMT_SAVEPOINT: "savepoint",
    TRANS_STMT_RELEASE: "release",
    TRANS_STMT_ROLLBACK_TO: "rollbackTo",
  };

export function lowerTransaction(transaction: TransactionStmt, range: Range, raw: Node): Lowered {
  const verb = transaction.kind && VERBS[transaction.kind];
  const { savepoint_name: name } = transaction;
  const details = { ...(name === undefined ? {} : { name }) };
  return verb ? lowered("Transaction", { verb, ...details }, range, raw) : other(raw, range);
}

export function lowerSet(set: VariableSetStmt, range: Range, raw: Node): Lowered {
  const local = set.is_local ?? false;
  const name = (set.name ?? "").toLowerCase();
  switch (set.kind) {
    case "VAR_SET_VALUE":
      return lowered(
        "SetParameter",
        { name, value: (set.args ?? []).map(constant).join(", "), local },
        range,
        raw,
      );
    case "VAR_SET_DEFAULT":
    case "VAR_RESET":
      return lowered("SetParameter", { name, value: "default", local }, range, raw);
    default:
      return other(raw, range);
  }
}

/** A constant's text; empty for what is none. */
export function constant(node: Node): string {
  if ("TypeCast" in node && node.TypeCast.arg) return constant(node.TypeCast.arg);
  if ("ColumnRef" in node) return strings(node.ColumnRef.fields).join(".");
  if (!("A_Const" in node)) return "";
  const { sval, fval, boolval, ival } = node.A_Const;
  if (sval) return sval.sval ?? "";
  if (fval) return fval.fval ?? "";
  if (boolval) return String(boolval.boolval ?? false);
  return ival ? String(ival.ival ?? 0) : "";
}
