import type { Node } from "libpg-query";
import type { OperationNodeOf } from "../../language/ast.ts";
import { strings } from "../../language/lowered.ts";
import { isBuiltIn, typeChange } from "../../language/type-change.ts";
import { type Answer, any, type Question } from "../row.ts";
import { constraintsOver, tableIn } from "../schema.ts";
import { columnNode } from "./nodes.ts";

type Retype = Question<OperationNodeOf<"AlterColumnType">>;

/** A type that is a domain with constraints has its value computed and checked for every row. */
export function isConstrainedDomain({ operation, catalog }: Question<OperationNodeOf<"AddColumn">>): Answer {
  return domainIsConstrained(operation.column.type, catalog);
}

function domainIsConstrained(type: string, catalog: Question["catalog"]): Answer {
  if (isBuiltIn(type) || type.endsWith("[]")) return false;
  const domain = catalog.domainOf(typeName(type));
  if (domain) {
    return any([domain.checks.length > 0, domain.notNull, domainIsConstrained(domain.base, catalog)]);
  }
  // The catalog knows no other type of that name either when it is an extension's.
  return catalog.enumOf(typeName(type)) ? false : "unknown";
}

function typeName(type: string): { schema?: string; name: string } {
  const [name = type, schema] = type
    .replace(/\(.*\)$/, "")
    .split(".")
    .reverse();
  return schema === undefined ? { name } : { schema, name };
}

function change({ operation, catalog }: Retype): ReturnType<typeof typeChange> {
  const from = tableIn(catalog, operation.table)?.columns.get(operation.column)?.type;
  return from === undefined ? "unknown" : typeChange(from, operation.to);
}

/** Whether USING computes anything but the column, or a cast of it to the new type. */
function computes({ operation }: Retype): Answer {
  const expression = columnNode(operation)?.raw_default;
  if (!expression) return false;
  if (isColumn(expression, operation.column)) return false;
  const arg = "TypeCast" in expression ? expression.TypeCast.arg : undefined;
  if (arg && isColumn(arg, operation.column)) return false;
  return "FuncCall" in expression || "A_Expr" in expression || "CaseExpr" in expression ? true : "unknown";
}

function isColumn(node: Node, column: string): boolean {
  return "ColumnRef" in node && strings(node.ColumnRef.fields).at(-1) === column;
}

export function rewritesRows(question: Retype): Answer {
  const { catalog, operation, server } = question;
  const computed = computes(question);
  if (computed === true) return true;
  const plain = ((): Answer => {
    switch (change(question)) {
      case "nothing":
        return false;
      case "rewrite":
        return true;
      case "rewriteUnlessUtc":
        return server.timeZone === undefined ? "unknown" : !isUtc(server.timeZone);
      case "rewriteUnlessDomain": {
        const from = tableIn(catalog, operation.table)?.columns.get(operation.column)?.type ?? "";
        return changesDomain(from, operation.to, catalog);
      }
      default:
        return "unknown";
    }
  })();
  return any([plain, computed]);
}

/** From a domain to its base nothing changes; to a domain nothing either, unless it has constraints. */
function changesDomain(from: string, to: string, catalog: Question["catalog"]): Answer {
  const source = catalog.domainOf(typeName(from));
  const target = catalog.domainOf(typeName(to));
  if (source?.base === to) return false;
  if (target?.base === from) return domainIsConstrained(to, catalog);
  if (source || target) return "unknown";
  const enums = [from, to].some((type) => catalog.enumOf(typeName(type)));
  return enums ? true : "unknown";
}

function isUtc(zone: string): boolean {
  return /^(?:etc\/)?(?:utc|gmt|uct|zulu|universal|greenwich)(?:[+-]?0)?$/i.test(zone);
}

/** A foreign key is checked anew when its columns no longer have the type they had. */
export function rechecksKey(question: Retype): Answer {
  const { operation, catalog } = question;
  const table = tableIn(catalog, operation.table);
  const valid = constraintsOver(table, operation.column).some(
    ({ type, validated }) => type === "foreignKey" && validated,
  );
  return valid ? rewritesRows(question) : false;
}

/** The checks over a column are made anew with it. */
export function rechecksRows({ operation, catalog }: Retype): Answer {
  return constraintsOver(tableIn(catalog, operation.table), operation.column).some(
    ({ type, validated }) => type === "check" && validated,
  );
}

/** An index over the column is built anew when its values are stored alike but sort by other operators. */
export function rebuildsIndex(question: Retype): Answer {
  const { operation, catalog } = question;
  const table = tableIn(catalog, operation.table);
  const { column } = operation;
  const indexes = table?.indexes ?? [];
  if (rewritesRows(question) !== false) return false;
  // An expression over the column is another expression afterwards.
  if (indexes.some(({ uses }) => uses?.includes(column))) {
    return table?.columns.get(column)?.type === operation.to ? false : true;
  }
  const plain = indexes.some(({ columns }) => columns.includes(column));
  const keys = constraintsOver(table, column).some(({ type }) =>
    ["primaryKey", "unique", "exclude"].includes(type),
  );
  if (!plain && !keys) return false;
  const from = table?.columns.get(operation.column)?.type ?? "";
  const isText = /^(?:text|character varying)/;
  if (columnNode(operation)?.collClause) return true;
  return isText.test(from) && isText.test(operation.to) ? false : family(from) !== family(operation.to);
}

function family(type: string): string {
  return type.replace(/\(.*?\)/, "");
}
