import { displayName, type QualifiedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import { nameFromList } from "../language/lowered.ts";
import { andCommit } from "../lock-duration.ts";
import { madeHere } from "../questions.ts";

/** A constraint of a domain is checked against all columns of the domain, and writes wait for that. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow constraints of a domain that are checked while writes to its tables wait",
      recommended: "warn",
      phase: "expand",
      reversible: true,
    },
    schema: [],
    messages: {
      scans:
        "ALTER DOMAIN {{domain}} {{what}} takes a SHARE lock on every table that has a column of {{domain}} and reads it: all INSERT, UPDATE and DELETE there wait until the last one is read{{commit}}. {{way}}; for the rows that are there, add the same CHECK to each table NOT VALID, and run VALIDATE CONSTRAINT on the table, which lets writes pass.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      Statement({ operations }) {
        for (const operation of operations) {
          const change = changeOf(operation);
          if (!change) continue;
          const { domain, ...data } = change;
          if (madeHere(code.catalogBefore(operation).domainOf(domain)?.created)) continue;
          context.report({
            node: operation,
            messageId: "scans",
            data: { ...data, domain: displayName(domain), commit: andCommit(code, operation) },
          });
        }
      },
    };
  },
});

/** What an operation asks of a domain's values, and how to ask it otherwise. */
function changeOf({ raw }: OperationNode): { domain: QualifiedName; what: string; way: string } | undefined {
  if (!("AlterDomainStmt" in raw)) return undefined;
  const { subtype, typeName = [], def, name } = raw.AlterDomainStmt;
  const domain = nameFromList({ List: { items: typeName } });
  const check =
    "Use ADD CONSTRAINT … CHECK (value IS NOT NULL) NOT VALID, which holds for new values and reads nothing";
  // `subtype` of parsenodes.h: C adds a constraint, O sets NOT NULL, V validates.
  if (subtype === "O") return { domain, what: "SET NOT NULL", way: check };
  if (subtype === "V") {
    const way = "Leave it NOT VALID, as which it holds for new values";
    return { domain, what: `VALIDATE CONSTRAINT ${name}`, way };
  }
  if (subtype !== "C" || !def || !("Constraint" in def) || def.Constraint.skip_validation) return undefined;
  if (def.Constraint.contype === "CONSTR_NOTNULL") return { domain, what: "ADD NOT NULL", way: check };
  const way = "Add it NOT VALID, which holds for new values and reads nothing";
  return { domain, what: "ADD CHECK", way };
}
