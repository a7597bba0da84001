import type { OperationDetails } from "@yantra-lint/core";
import type { IndexStmt, Node } from "libpg-query";
import { figuredName } from "./column-name.ts";
import { columnsIn } from "./expressions.ts";
import { afterName } from "./lower-alter-table.ts";
import { lowered, type Lowered, nameOf } from "./lowered.ts";
import { Kind } from "./scanner.ts";
import type { StatementSource } from "./statement-text.ts";

export function lowerIndex(index: IndexStmt, source: StatementSource, raw: Node): Lowered {
  const details: OperationDetails["CreateIndex"] = {
    table: nameOf(index.relation),
    columns: indexColumns(index, source),
    unique: index.unique ?? false,
    concurrently: index.concurrent ?? false,
    ifNotExists: index.if_not_exists ?? false,
    only: index.relation?.inh !== true,
    ...(index.idxname === undefined ? {} : { name: index.idxname }),
    ...indexDetails(index, source),
  };
  return lowered("CreateIndex", details, source.range, raw);
}

/** An index's columns as its default name has them (`ChooseIndexColumnNames`, PostgreSQL 18, indexcmds.c). */
function nameParts({ indexParams = [], indexIncludingParams = [] }: IndexStmt): string[] {
  const parts: string[] = [];
  for (const node of [...indexParams, ...indexIncludingParams]) {
    if (!("IndexElem" in node)) continue;
    const own = node.IndexElem.name ?? figuredName(node.IndexElem.expr) ?? "expr";
    let part = own;
    for (let i = 1; parts.includes(part); i += 1) part = `${own}${i}`;
    parts.push(part);
  }
  return parts;
}

function indexDetails(index: IndexStmt, source: StatementSource): Partial<OperationDetails["CreateIndex"]> {
  const { indexParams = [], indexIncludingParams = [], whereClause, accessMethod } = index;
  const include = indexIncludingParams.flatMap((node) =>
    "IndexElem" in node && node.IndexElem.name !== undefined ? [node.IndexElem.name] : [],
  );
  const expressions = indexParams.flatMap((node) => ("IndexElem" in node ? [node.IndexElem.expr] : []));
  const uses = columnsIn([...expressions, whereClause]);
  return {
    ...(index.idxname === undefined || include.length > 0 || expressions.some(Boolean)
      ? { nameParts: nameParts(index) }
      : {}),
    ...(include.length > 0 ? { include } : {}),
    ...(uses.length > 0 ? { uses } : {}),
    ...(whereClause ? { predicate: predicateText(index, source) } : {}),
    ...(accessMethod === undefined || accessMethod === "btree" ? {} : { method: accessMethod }),
  };
}

/** The text after the WHERE that stands outside of parentheses. */
function predicateText(index: IndexStmt, source: StatementSource): string {
  let at = source.indexFrom(source.at(index.relation?.location));
  while (at < source.tokens.length && source.word(at) !== "WHERE")
    at = source.kind(at) === Kind.OpenParen ? source.closing(at) + 1 : at + 1;
  return source.slice(at + 1, source.tokens.length);
}

/** Names of columns; an expression as its SQL text. */
function indexColumns(index: IndexStmt, source: StatementSource): string[] {
  const elements = (index.indexParams ?? []).flatMap((node) => ("IndexElem" in node ? [node.IndexElem] : []));
  const names = elements.map((element) => element.name);
  if (names.every((name) => name !== undefined)) return names;
  let open = afterName(source, source.at(index.relation?.location));
  while (open < source.tokens.length && source.kind(open) !== Kind.OpenParen) open += 1;
  const parts = source.list(open + 1, source.closing(open));
  return names.map((name, i) => name ?? source.slice(...(parts[i] ?? [0, 0])));
}
