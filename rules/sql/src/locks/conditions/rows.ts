import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { OperationNodeOf } from "../../language/ast.ts";
import type { Answer, Question } from "../row.ts";
import { tableIn } from "../schema.ts";
import { volatileFunctionsIn } from "../volatility.ts";

export function isVerb(
  ...verbs: OperationNodeOf<"WriteData">["verb"][]
): (question: Question<OperationNodeOf<"WriteData">>) => Answer {
  return ({ operation }) => verbs.includes(operation.verb);
}

export function locksRows({ operation: { raw } }: Question): Answer {
  return "SelectStmt" in raw && (raw.SelectStmt.lockingClause?.length ?? 0) > 0;
}

export function callsCode({ operation: { raw } }: Question): Answer {
  return volatileFunctionsIn(raw).some((name) => !HARMLESS.test(name));
}

/** Volatile functions of PostgreSQL's own that touch no table. */
const HARMLESS =
  /^(?:pg_catalog\.)?(?:setval|nextval|currval|lastval|set_config|random|gen_random_uuid|uuidv[47]|clock_timestamp|pg_sleep|pg_notify|pg_(?:try_)?advisory_\w+|count|max|min|sum|avg|array_agg|string_agg|json_agg|jsonb_agg|bool_and|bool_or|every)$/;

/** What the rows decide: a key is looked up only for values that are there, a partition opened only for its rows. */
export function dependsOnRows(): Answer {
  return "unknown";
}

/** Whether triggers run: the table's own, or those of tables that a foreign key of theirs makes follow. */
export function firesTriggers({ operation, catalog }: Question<OperationNodeOf<"WriteData">>): Answer {
  const seen = new Set<string>();
  const reaches = (name: QualifiedName): boolean => {
    if (seen.has(displayName(name))) return false;
    seen.add(displayName(name));
    if ((tableIn(catalog, name)?.triggers.length ?? 0) > 0) return true;
    if (operation.verb === "insert" || operation.verb === "copy") return false;
    return catalog.foreignKeysTo(name).some(({ table }) => reaches(table));
  };
  const isWrittenBelow = operation.verb !== "insert" && operation.verb !== "copy";
  if (reaches(operation.table)) return true;
  // A foreign key that follows may have others that follow it.
  return isWrittenBelow && seen.size > 2;
}
