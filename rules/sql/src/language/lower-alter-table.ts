import type { QualifiedName, Range } from "@yantra-lint/core";
import type { AlterTableCmd, AlterTableStmt, Node } from "libpg-query";
import { objectChanges } from "./lower-objects.ts";
import { commandChanges } from "./lower-partitions.ts";
import { columnDefinition, constraintDefinition } from "./lower-table.ts";
import { lowered, type Lowered, nameOf } from "./lowered.ts";
import { Kind } from "./scanner.ts";
import type { StatementSource } from "./statement-text.ts";
import { canonicalType } from "./types.ts";

/** ALTER TABLE: one operation for each of its commands. Views, indexes, sequences and types give `Other`. */
export function lowerAlterTable(alter: AlterTableStmt, source: StatementSource, raw: Node): Lowered[] {
  if (alter.objtype !== "OBJECT_TABLE" && alter.objtype !== "OBJECT_FOREIGN_TABLE") {
    const changes = objectChanges(raw, source);
    const details = { tag: "AlterTableStmt", ...(changes.length > 0 ? { changes } : {}) };
    return [lowered("Other", details, source.range, raw)];
  }
  const table = nameOf(alter.relation);
  const only = alter.relation?.inh !== true;
  const commands = alter.cmds ?? [];
  const parts = source.list(afterName(source, source.at(alter.relation?.location)), source.tokens.length);
  return commands.flatMap((node, index) => {
    const part = parts.length === commands.length ? parts[index] : undefined;
    if (!("AlterTableCmd" in node)) return [];
    const [from, to] = part ?? [0, source.tokens.length];
    return [
      lowerCommand({ command: node.AlterTableCmd, altered: alter, table, only, from, to, source, raw: node }),
    ];
  });
}

/** The index of the token after a possibly qualified name, and after the `*` or `)` that may follow it. */
export function afterName(source: StatementSource, offset: number): number {
  let index = source.indexFrom(offset) + 1;
  while (source.word(index) === ".") index += 2;
  while (source.word(index) === "*" || source.kind(index) === Kind.CloseParen) index += 1;
  return index;
}

interface Command {
  command: AlterTableCmd;
  altered: AlterTableStmt;
  table: QualifiedName;
  /** ALTER TABLE ONLY. */
  only: boolean;
  /** Its tokens, [from, to). */
  from: number;
  to: number;
  source: StatementSource;
  raw: Node;
}

function lowerCommand({ command, altered, table, only, from, to, source, raw }: Command): Lowered {
  const range: Range = source.rangeOf(from, to);
  const name = command.name ?? "";
  const ifExists = command.missing_ok ?? false;
  const cascade = command.behavior === "DROP_CASCADE";
  const { def } = command;
  switch (command.subtype) {
    case "AT_AddColumn":
      if (!def || !("ColumnDef" in def)) break;
      return lowered(
        "AddColumn",
        { table, column: columnDefinition(def.ColumnDef, source), ifNotExists: ifExists },
        range,
        raw,
        altered,
      );
    case "AT_DropColumn":
      return lowered("DropColumn", { table, column: name, ifExists, cascade }, range, raw, altered);
    case "AT_AlterColumnType": {
      if (!def || !("ColumnDef" in def)) break;
      const using = textAfter("USING", from, to, source);
      const newType = canonicalType(def.ColumnDef.typeName);
      return lowered(
        "AlterColumnType",
        { table, column: name, to: newType, ...(using ? { using } : {}) },
        range,
        raw,
        altered,
      );
    }
    case "AT_SetNotNull":
      return lowered("SetNotNull", { table, column: name }, range, raw, altered);
    case "AT_DropNotNull":
      return lowered("DropNotNull", { table, column: name }, range, raw, altered);
    case "AT_ColumnDefault":
      if (!def) return lowered("DropDefault", { table, column: name }, range, raw, altered);
      return lowered(
        "SetDefault",
        { table, column: name, default: textAfter("DEFAULT", from, to, source) },
        range,
        raw,
        altered,
      );
    case "AT_AddConstraint": {
      const constraint =
        def && "Constraint" in def ? constraintDefinition(def.Constraint, source) : undefined;
      if (!constraint) break;
      return lowered("AddConstraint", { table, constraint, ...(only ? { only } : {}) }, range, raw, altered);
    }
    case "AT_ValidateConstraint":
      return lowered("ValidateConstraint", { table, constraint: name }, range, raw, altered);
    case "AT_DropConstraint":
      return lowered("DropConstraint", { table, constraint: name, ifExists, cascade }, range, raw, altered);
    default:
      break;
  }
  const changes = commandChanges(command, table, source);
  const details = { tag: command.subtype ?? "AlterTableCmd", ...(changes.length > 0 ? { changes } : {}) };
  return lowered("Other", details, range, raw, altered);
}

/** The text after the first such keyword that is not inside parentheses; empty when there is none. */
function textAfter(keyword: string, from: number, to: number, source: StatementSource): string {
  for (let i = from; i < to; i += 1) {
    if (source.kind(i) === Kind.OpenParen) i = source.closing(i);
    else if (source.kind(i) === Kind.Word && source.word(i) === keyword) return source.slice(i + 1, to);
  }
  return "";
}
