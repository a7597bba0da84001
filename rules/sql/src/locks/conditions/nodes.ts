import type { ColumnDef, Constraint, DefElem, Node } from "libpg-query";
import type { OperationNode } from "../../language/ast.ts";

/** What a command of ALTER TABLE defines or names. */
export function definition({ raw }: OperationNode): Node | undefined {
  return "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
}

export function columnNode(operation: OperationNode): ColumnDef | undefined {
  const def = definition(operation);
  return def && "ColumnDef" in def ? def.ColumnDef : undefined;
}

export function constraintNode(operation: OperationNode): Constraint | undefined {
  const def = definition(operation);
  return def && "Constraint" in def ? def.Constraint : undefined;
}

/** Whether an option of a statement is given and not switched off. */
export function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  return (options ?? []).some(
    (node) => "DefElem" in node && node.DefElem.defname === name && isOn(node.DefElem),
  );
}

function isOn({ arg }: DefElem): boolean {
  if (!arg) return true;
  if ("Boolean" in arg) return arg.Boolean.boolval === true;
  return !("String" in arg && /^(?:false|off|0)$/i.test(arg.String.sval ?? ""));
}
