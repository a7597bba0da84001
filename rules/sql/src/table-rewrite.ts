import type { QualifiedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import type { Catalog } from "./catalog/catalog.ts";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import { isSerial } from "./language/types.ts";
import { volatileCallsIn } from "./locks/volatility.ts";

/** Why an operation writes a table anew, besides a change of type (see language/type-change.ts). */
export type Rewrite =
  | { kind: "volatile" | "unlessStable"; column: string; function: string }
  | { kind: "serial" | "identity" | "stored" | "expression"; column: string }
  | { kind: "domain"; column: string; domain: string }
  | { kind: "command" | "copied"; command: string };

/** What writes the table anew, or may; undefined when nothing of it does. Measured on 18.6. */
export function rewriteOf(operation: OperationNode, catalog: Catalog): Rewrite | undefined {
  if (operation.type === "AddColumn") return rewriteOfColumn(operation, catalog);
  const { raw } = operation;
  if ("AlterTableCmd" in raw) {
    const { subtype, name = "" } = raw.AlterTableCmd;
    switch (subtype) {
      case "AT_SetExpression":
        return { kind: "expression", column: name };
      case "AT_SetUnLogged":
        return { kind: "command", command: "ALTER TABLE … SET UNLOGGED" };
      case "AT_SetLogged":
        return { kind: "command", command: "ALTER TABLE … SET LOGGED" };
      case "AT_SetTableSpace":
        return { kind: "copied", command: "ALTER TABLE … SET TABLESPACE" };
      default:
        return undefined;
    }
  }
  if ("ClusterStmt" in raw) return { kind: "command", command: "CLUSTER" };
  return "VacuumStmt" in raw && isFull(raw.VacuumStmt.options)
    ? { kind: "command", command: "VACUUM FULL" }
    : undefined;
}

function rewriteOfColumn(
  { column, raw }: OperationNodeOf<"AddColumn">,
  catalog: Catalog,
): Rewrite | undefined {
  const { name, type, generated } = column;
  if (generated === "stored" || generated === "identity") return { kind: generated, column: name };
  if (isSerial(type)) return { kind: "serial", column: name };
  const called = volatileCallsIn(column.default === undefined ? undefined : defaultOf(raw), catalog);
  const call = called.find(({ certain }) => certain) ?? called[0];
  if (call) return { kind: call.certain ? "volatile" : "unlessStable", column: name, function: call.name };
  // Each value has to pass the domain's constraints, also when it is the same for all rows, or NULL.
  const domain = catalog.domainOf(nameOfType(type));
  const isConstrained = domain !== undefined && (domain.notNull || domain.checks.length > 0);
  return isConstrained ? { kind: "domain", column: name, domain: type } : undefined;
}

/** A canonical type as a name; one with modifiers or dimensions is no domain. */
function nameOfType(type: string): QualifiedName {
  const [name = "", schema] = type.split(".").toReversed();
  return schema === undefined ? { name } : { schema, name };
}

function defaultOf(raw: Node): Node | undefined {
  const definition = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  if (!definition || !("ColumnDef" in definition)) return undefined;
  const constraints = definition.ColumnDef.constraints ?? [];
  const [written] = constraints.flatMap((node) =>
    "Constraint" in node && node.Constraint.contype === "CONSTR_DEFAULT" ? [node.Constraint] : [],
  );
  return written?.raw_expr;
}

/** VACUUM FULL, or VACUUM (FULL), which may be switched off again. */
function isFull(options: readonly Node[] | undefined): boolean {
  return (options ?? []).some((node) => {
    if (!("DefElem" in node) || node.DefElem.defname !== "full") return false;
    const { arg } = node.DefElem;
    const value =
      arg && "String" in arg ? arg.String.sval : arg && "Integer" in arg ? (arg.Integer.ival ?? 0) : 1;
    return !/^(?:false|off|no|0)$/i.test(String(value));
  });
}
