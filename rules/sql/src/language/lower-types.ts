import type { ObjectChange } from "@yantra-lint/core";
import type { AlterDomainStmt, AlterEnumStmt, Constraint, CreateDomainStmt, Node } from "libpg-query";
import { named } from "./lowered.ts";
import type { StatementSource } from "./statement-text.ts";
import { canonicalType } from "./types.ts";

export function alterEnum({ typeName, oldVal, newVal, ...rest }: AlterEnumStmt): ObjectChange {
  const name = named(typeName);
  const value = newVal ?? "";
  if (oldVal !== undefined) return { action: "renameEnumValue", name, value: oldVal, to: value };
  const { newValNeighbor, newValIsAfter, skipIfNewValExists } = rest;
  const place =
    newValNeighbor === undefined
      ? {}
      : newValIsAfter
        ? { after: newValNeighbor }
        : { before: newValNeighbor };
  return { action: "addEnumValue", name, value, ifNotExists: skipIfNewValExists ?? false, ...place };
}

function checkOf(node: Constraint, source: StatementSource): { name?: string; expression: string } {
  let open = source.indexFrom(source.at(node.location));
  while (open < source.tokens.length && source.word(open) !== "(") open += 1;
  const expression = source.slice(open + 1, source.closing(open));
  return node.conname === undefined ? { expression } : { name: node.conname, expression };
}

export function createDomain(create: CreateDomainStmt, source: StatementSource): ObjectChange {
  const parts = (create.constraints ?? []).flatMap((node) => ("Constraint" in node ? [node.Constraint] : []));
  const value = parts.find(({ contype }) => contype === "CONSTR_DEFAULT");
  return {
    action: "createDomain",
    name: named(create.domainname),
    base: canonicalType(create.typeName),
    notNull: parts.some(({ contype }) => contype === "CONSTR_NOTNULL"),
    ...(value
      ? { default: source.slice(source.indexFrom(source.at(value.location)) + 1, source.tokens.length) }
      : {}),
    checks: parts.filter(({ contype }) => contype === "CONSTR_CHECK").map((part) => checkOf(part, source)),
  };
}

/** `subtype`: PostgreSQL 18, parsenodes.h, AlterDomainStmt. */
export function alterDomain(
  { subtype, typeName, name, def }: AlterDomainStmt,
  source: StatementSource,
): ObjectChange[] {
  const base = { action: "alterDomain" as const, name: named(typeName) };
  const constraint = def && "Constraint" in def ? def.Constraint : undefined;
  switch (subtype) {
    case "T":
      return [{ ...base, default: def ? "?" : null }];
    case "N":
      return [{ ...base, notNull: false }];
    case "O":
      return [{ ...base, notNull: true }];
    case "C":
      if (constraint?.contype === "CONSTR_NOTNULL") return [{ ...base, notNull: true }];
      if (constraint?.contype !== "CONSTR_CHECK") return [];
      return [
        {
          ...base,
          addCheck: { ...checkOf(constraint, source), validated: constraint.skip_validation !== true },
        },
      ];
    case "X":
      return name === undefined ? [] : [{ ...base, dropCheck: name }];
    case "V":
      return name === undefined ? [] : [{ ...base, validateCheck: name }];
    default:
      return [];
  }
}

/** The fields of a composite type. */
export function fieldsOf(list: readonly Node[] | undefined): { name: string; type: string }[] {
  return (list ?? []).flatMap((node) =>
    "ColumnDef" in node
      ? [{ name: node.ColumnDef.colname ?? "", type: canonicalType(node.ColumnDef.typeName) }]
      : [],
  );
}
