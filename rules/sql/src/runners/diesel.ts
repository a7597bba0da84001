import { cargoDependency, cargoDialect, type FilePlace, nameOrder, type Runner } from "./runner.ts";
import { simpleQueryTransaction } from "./text.ts";

/** `diesel migration generate` names directories `2024-01-31-120000_name`, newer ones `2024-01-31-120000-0000_name`. */
const GENERATED = /^\d{4}-\d{2}-\d{2}-\d{6}(?:-\d{4})?_|_diesel_initial_setup$/;

const DEPENDENCY = {
  "diesel.toml": () => true,
  "Cargo.toml": (text: string) => cargoDependency(text, "diesel"),
};
const DIALECT = { "Cargo.toml": (text: string) => cargoDialect(text, "diesel") };

function isDependency(file: FilePlace): boolean {
  return file.nearest(DEPENDENCY, 1) ?? false;
}

/** `metadata.toml`: no file means true, a file without the key means false (serde's default for the field). */
function runInTransaction(file: FilePlace): boolean {
  const metadata = file.sibling("metadata.toml");
  if (metadata === undefined) return true;
  const value = /^[ \t]*run_in_transaction[ \t]*=[ \t]*(true|false)/m.exec(metadata)?.[1];
  return value === "true";
}

/**
 * Diesel: `<version>_<name>/up.sql` and `down.sql`; the version is what stands before the first `_`, without `-`,
 * compared as text. Each script runs in a transaction unless its `metadata.toml` says `run_in_transaction =
 * false`; then it is sent as one batch, which PostgreSQL runs in a transaction if it has several statements.
 * Sources: diesel, August 2026, `migrations_internals/src/lib.rs` (`version_from_string`, `TomlMetadata`) and
 * `diesel_migrations/src/file_based_migrations.rs` (`batch_execute`).
 */
export const diesel: Runner = {
  name: "diesel",
  detect(file) {
    if (file.name !== "up.sql" && file.name !== "down.sql") return false;
    if (!/^\d/.test(file.folder)) return false;
    return GENERATED.test(file.folder) || isDependency(file);
  },
  place(file) {
    const version = (file.folder.split("_", 1)[0] ?? "").replaceAll("-", "");
    const direction = file.name === "down.sql" ? "down" : "up";
    return {
      stream: file.parent,
      order: [version, ...nameOrder(file.folder, direction)],
      version,
      direction,
    };
  },
  transactional(file) {
    return runInTransaction(file) || simpleQueryTransaction(file.text);
  },
  sends: (file) => ({ chained: true, ...(runInTransaction(file) ? {} : { span: "query" }) }),
  likelyDialect: (file) => file.nearest(DIALECT, 1),
  // diesel_migrations/src/migration_harness.rs, `pending_migrations`: files whose version was not run.
  memory: { title: "Diesel", needsFiles: false, late: "runs" },
  // Diesel, "Getting Started": `diesel migration redo` runs it.
  wayDown: () => "in a down.sql beside this file",
  leaveTransaction:
    'give it a migration of its own, with "run_in_transaction = false" in the metadata.toml beside its up.sql',
};
