import type { OperationNode } from "../../language/ast.ts";
import { strings } from "../../language/lowered.ts";
import type { Answer, Question } from "../row.ts";
import { hasOption } from "./nodes.ts";

export function isCascading({ operation }: { operation: OperationNode }): Answer {
  if ("cascade" in operation) return operation.cascade;
  if ("TruncateStmt" in operation.raw) return operation.raw.TruncateStmt.behavior === "DROP_CASCADE";
  return "DropStmt" in operation.raw && operation.raw.DropStmt.behavior === "DROP_CASCADE";
}

export function vacuums(how: "full" | "plain" | "analyze"): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if (!("VacuumStmt" in raw)) return false;
    const { options, is_vacuumcmd } = raw.VacuumStmt;
    if (is_vacuumcmd !== true) return how === "analyze";
    return (hasOption(options, "full") ? "full" : "plain") === how;
  };
}

export function reindexes(...kinds: ("table" | "index" | "more")[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if (!("ReindexStmt" in raw)) return false;
    const { kind } = raw.ReindexStmt;
    if (kind === "REINDEX_OBJECT_TABLE") return kinds.includes("table");
    return kinds.includes(kind === "REINDEX_OBJECT_INDEX" ? "index" : "more");
  };
}

export function drops(...kinds: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => "DropStmt" in raw && kinds.includes(raw.DropStmt.removeType ?? "");
}

/** Whether what is dropped from a table is there: IF EXISTS may name nothing. Of triggers the catalog knows. */
export function isNamedSurely({ operation: { raw }, catalog }: Question): Answer {
  if (!("DropStmt" in raw) || raw.DropStmt.missing_ok !== true) return true;
  const { removeType, objects = [] } = raw.DropStmt;
  const [object] = objects;
  const [name, table, schema] = object && "List" in object ? strings(object.List.items).toReversed() : [];
  if (removeType !== "OBJECT_TRIGGER" || name === undefined || table === undefined) return "unknown";
  const answer = catalog.table({ name: table, ...(schema === undefined ? {} : { schema }) });
  if (answer.state === "absent") return false;
  if (answer.table.triggers.some((trigger) => trigger.name === name)) return true;
  return answer.state === "known" ? false : "unknown";
}

export function renames(...kinds: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if (!("RenameStmt" in raw)) return false;
    const { renameType, relationType } = raw.RenameStmt;
    if (renameType !== "OBJECT_COLUMN") return kinds.includes(renameType ?? "");
    return kinds.includes("OBJECT_COLUMN") && relationType !== "OBJECT_INDEX";
  };
}

/** ALTER VIEW, INDEX, SEQUENCE, TYPE … SET SCHEMA, and ALTER … with commands of its own. */
export function alters(...kinds: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if ("AlterObjectSchemaStmt" in raw) return kinds.includes(raw.AlterObjectSchemaStmt.objectType ?? "");
    return "AlterTableStmt" in raw && kinds.includes(raw.AlterTableStmt.objtype ?? "");
  };
}

export function comments(...kinds: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => "CommentStmt" in raw && kinds.includes(raw.CommentStmt.objtype ?? "");
}

/** The mode of LOCK TABLE, as `lockdefs.h` counts them: 1 is ACCESS SHARE, 8 ACCESS EXCLUSIVE. */
export function locksWith(mode: number): (question: Question) => Answer {
  return ({ operation: { raw } }) => "LockStmt" in raw && raw.LockStmt.mode === mode;
}

export function domainCommand(...subtypes: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if (!("AlterDomainStmt" in raw)) return false;
    const { subtype, def } = raw.AlterDomainStmt;
    const skipped = def && "Constraint" in def && def.Constraint.skip_validation === true;
    return subtypes.includes(subtype ?? "") && !skipped;
  };
}
