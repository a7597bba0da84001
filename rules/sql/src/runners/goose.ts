import { directivesOf, sectionsOf } from "./annotated.ts";
import { numberedPlace, type Runner } from "./runner.ts";

function transactional(text: string): boolean {
  return directivesOf(text, "goose").every(({ word }) => word !== "no transaction");
}

/**
 * goose 3.27: `<number>_<name>.sql` with `-- +goose Up` and `-- +goose Down`, ordered by number (`migration.go`,
 * `NumericComponent`). It sends each statement on its own; `StatementBegin` and `StatementEnd` hold what is one
 * although it has semicolons (`internal/sqlparser/parser.go`). A file runs in a transaction unless it says
 * `-- +goose NO TRANSACTION`, which holds for both directions (README, "SQL Migrations").
 */
export const goose: Runner = {
  name: "goose",
  detect: (file) =>
    /^\d+_.*\.sql$/.test(file.name) && directivesOf(file.text, "goose").some(({ word }) => word === "up"),
  place: (file) => numberedPlace(file, "both"),
  transactional: (file) => transactional(file.text),
  sections: (text) => sectionsOf(directivesOf(text, "goose"), text.length, transactional(text)),
  // up.go, `findMissingMigrations`: "missing migrations before current version", unless -allow-missing.
  memory: { title: "goose", needsFiles: false, late: "refuses", allowLate: "-allow-missing" },
  // README, "SQL Migrations".
  wayDown: () => 'under a line "-- +goose Down" in this file',
  leaveTransaction: 'give it a migration of its own with "-- +goose NO TRANSACTION" at its top',
};
