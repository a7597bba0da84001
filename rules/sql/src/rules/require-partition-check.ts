import { displayName, type QualifiedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import { nameOf } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { andCommit } from "../lock-duration.ts";
import { isOverSoon, tableOf } from "../questions.ts";

/** ATTACH PARTITION reads the whole table under the strongest lock, unless a CHECK proves that the rows fit. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Require a valid CHECK of its bounds on a table that becomes a partition",
      recommended: "warn",
      phase: "expand",
      reversible: true,
    },
    schema: [],
    messages: {
      scans:
        "ATTACH PARTITION reads the whole table {{partition}} under an ACCESS EXCLUSIVE lock, to see whether its rows fit: every query on {{partition}}, reads included, waits until it is done{{commit}}{{others}}. Before it, in migrations of their own: ADD CONSTRAINT … CHECK (the bounds, and the key IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT, which PostgreSQL takes for proof; drop the check afterwards.",
      notValidated:
        "ATTACH PARTITION reads the whole table {{partition}} under an ACCESS EXCLUSIVE lock, to see whether its rows fit: every query on {{partition}}, reads included, waits until it is done{{commit}}{{others}}. Its CHECK is NOT VALID and so no proof: run VALIDATE CONSTRAINT in a transaction of its own first.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      Statement({ operations }) {
        for (const operation of operations) {
          const attached = attachedBy(operation);
          const messageId = attached && lackOf(code, operation, attached.partition);
          if (!attached || !messageId) continue;
          const { partition, parent, bound } = attached;
          const others = bound
            ? `, and so it is for the default partition of ${displayName(parent)}, where there is one`
            : "";
          context.report({
            node: operation,
            messageId,
            data: { partition: displayName(partition), commit: andCommit(code, operation), others },
          });
        }
      },
    };
  },
});

/** The tables of ATTACH PARTITION; `bound`: FOR VALUES, and not DEFAULT. */
function attachedBy({
  raw,
  altered,
}: OperationNode): { partition: QualifiedName; parent: QualifiedName; bound: boolean } | undefined {
  if (!("AlterTableCmd" in raw) || !altered) return undefined;
  const { subtype, def } = raw.AlterTableCmd;
  if (subtype !== "AT_AttachPartition" || !def || !("PartitionCmd" in def)) return undefined;
  const { name, bound } = def.PartitionCmd;
  return {
    partition: nameOf(name),
    parent: nameOf(altered.relation),
    bound: bound?.is_default !== true,
  };
}

/**
 * What a table lacks that others use and that has no valid CHECK. Whether a check implies the bounds is left to
 * PostgreSQL. A partitioned table is looked through too, one partition after the other.
 */
function lackOf(
  code: SqlSourceCode,
  operation: OperationNode,
  partition: QualifiedName,
): "scans" | "notValidated" | undefined {
  const answer = code.catalogBefore(operation).table(partition);
  if (isOverSoon(answer, operation)) return undefined;
  const checks = (tableOf(answer)?.constraints ?? []).filter(({ type }) => type === "check");
  if (checks.some(({ validated }) => validated)) return undefined;
  return checks.length > 0 ? "notValidated" : "scans";
}
