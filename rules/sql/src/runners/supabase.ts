import { leadingDigits, type Runner } from "./runner.ts";
import { simpleQueryTransaction, statementsOf } from "./text.ts";

/** What PostgreSQL refuses in a pipeline, unless it is the first there (`PreventInTransactionBlock`). */
const FIRST = /^(?:CREATE(?:\s+UNIQUE)?|DROP)\s+INDEX\s+CONCURRENTLY\b|^VACUUM\b|^REINDEX\b/i;

/**
 * Supabase: `supabase/migrations/<digits>_<name>.sql`, in the order of the names (supabase/cli v2.104,
 * `pkg/migration/list.go`, `ListLocalMigrations`). It begins no transaction, but sends a file's statements and its own
 * record of it as one pipeline (`pkg/migration/file.go`, `ExecBatch`: "implicitly transactional"): several statements
 * are one transaction (PostgreSQL 18, 54.2.4 "Pipelining"). What cannot run in one works as the pipeline's first
 * statement only; whether the rest is a transaction then, depends on it.
 */
export const supabase: Runner = {
  name: "supabase",
  detect(file) {
    if (!/^\d+_.*\.sql$/.test(file.name) || !/(?:^|\/)supabase\/migrations$/.test(file.directory))
      return false;
    // Drizzle may write there, and run them itself; Supabase's own names are times.
    return /^\d{14}_/.test(file.name) || file.sibling("meta/_journal.json") === undefined;
  },
  place: (file) => ({
    stream: file.directory,
    order: [file.name],
    version: leadingDigits(file.name),
    direction: "up",
  }),
  transactional(file) {
    if (!simpleQueryTransaction(file.text)) return false;
    return FIRST.test(statementsOf(file.text)[0] ?? "") ? "unknown" : true;
  },
  sends: () => ({ span: "query" }),
  declaredDialect: () => "postgresql",
  // pkg/migration/apply.go, `FindPendingMigrations`: ErrMissingLocal, and ErrMissingRemote unless --include-all.
  memory: { title: "Supabase", needsFiles: true, late: "refuses", allowLate: "--include-all" },
  leaveTransaction: "give it a migration of its own: Supabase runs a single statement without a transaction",
};
