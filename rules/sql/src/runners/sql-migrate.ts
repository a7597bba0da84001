import { directivesOf, sectionsOf } from "./annotated.ts";
import { numberedPlace, type Runner, type Section } from "./runner.ts";

function sections(text: string): Section[] {
  return sectionsOf(directivesOf(text, "migrate"), text.length, true);
}

/**
 * sql-migrate: files with `-- +migrate Up` and `-- +migrate Down`, ordered by the number their names begin with.
 * Each direction runs in a transaction, statement by statement, unless its directive says `notransaction` (README,
 * "Writing migrations").
 */
export const sqlMigrate: Runner = {
  name: "sql-migrate",
  detect: (file) =>
    /^\d.*\.sql$/.test(file.name) &&
    directivesOf(file.text, "migrate").some(({ word }) => /^up\b/.test(word)),
  place: (file) => numberedPlace(file, "both"),
  transactional: (file) =>
    sections(file.text).find(({ direction }) => direction === "up")?.transactional ?? true,
  sections,
  // migrate.go, `PlanMigration`: "unknown migration in database"; the id is the file's name.
  memory: { title: "sql-migrate", needsFiles: true, byFileName: true, late: "runs" },
  // README, "Writing migrations".
  wayDown: () => 'under a line "-- +migrate Down" in this file',
  leaveTransaction: 'give it a migration of its own that begins with "-- +migrate Up notransaction"',
};
