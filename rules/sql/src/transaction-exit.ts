import type { OperationNode } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { howToLeaveTransaction } from "./runners/index.ts";

/** How the migration of an operation gets out of the transaction around it, as the end of a sentence. */
export function wayOutOfTransaction(code: SqlSourceCode, operation: OperationNode): string {
  if ("DoStmt" in operation.parent.raw)
    return "take it out of the DO block, into a migration of its own that runs outside a transaction";
  if (operation.parent.parent.transactional === false) return "move it out of BEGIN … COMMIT";
  const runner = code.migration?.runner ?? "plain";
  return howToLeaveTransaction(runner) ?? "give it a migration of its own that runs outside one";
}
