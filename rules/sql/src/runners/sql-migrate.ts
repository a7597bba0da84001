import { directivesOf, sectionsOf } from "./annotated.ts";
import { numberedPlace, type Runner, type Section } from "./runner.ts";

function sections(text: string): Section[] {
  return sectionsOf(directivesOf(text, "migrate"), text.length, true);
}

/**
 * sql-migrate 1.8: files with `-- +migrate Up` and `-- +migrate Down`, ordered by the number their names begin with
 * (`migrate.go`, `Less`). Each direction runs in a transaction, statement by statement, with the record of it, unless
 * its directive says `notransaction` (`migrate.go`, `applyMigrations`; README, "Writing migrations"). Its driver is lib/pq,
 * whose `Commit` fails where a COMMIT of the text has ended the transaction ("unexpected transaction status": `conn.go`,
 * `checkIsInTransaction`).
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
  // migrate.go, `PlanMigration`: "unknown migration in database"; the id is the file's name. `ToCatchup`: late ones run.
  memory: { title: "sql-migrate", needsFiles: true, byFileName: true, late: "runs" },
  // README, "Writing migrations".
  wayDown: () => 'under a line "-- +migrate Down" in this file',
  leaveTransaction: 'give it a migration of its own that begins with "-- +migrate Up notransaction"',
};
