import { memoryOf } from "./index.ts";

/** What happens when a migration that databases have run is edited; a sentence for a message. */
export function consequenceOfEdit(runner: string): string {
  const { title, checksum } = memoryOf(runner);
  if (checksum === "refuses")
    return `${title} refuses to migrate such a database, so this deployment and all later ones stop there.`;
  if (checksum === "warns")
    return `${title} does not run it again there: \`migrate deploy\` warns and goes on, so production and new databases differ, and \`migrate dev\` wants to reset every developer's database.`;
  return `${title} does not run it again there, so the edit reaches new databases only: tests pass against a schema that production does not have.`;
}

/** What happens when what is edited says that other checksums are right: only Liquibase's changesets can. */
export function consequenceOfAcceptedEdit(runner: string): string {
  const { title } = memoryOf(runner);
  return `Where its \`validCheckSum\` is right, ${title} goes on, but does not run it again there, so the edit reaches new databases only: tests pass against a schema that production does not have.`;
}

/** What happens when its file is gone. */
export function consequenceOfMissing(runner: string): string {
  const { title, needsFiles, ignoresMissing } = memoryOf(runner);
  const differs =
    "databases that have run it keep what it made, and new ones never get it: tests pass against a schema that production does not have.";
  if (!needsFiles) return capitalised(differs);
  const stops = `${title} stops at a database that has run a migration without a file, so this deployment and all later ones fail.`;
  return ignoresMissing === undefined ? stops : `${stops} Where ${ignoresMissing}, ${differs}`;
}

/** What happens when it has another version, or another name where the runner goes by that. */
export function consequenceOfRenaming(runner: string): string {
  const { title, needsFiles, ignoresMissing } = memoryOf(runner);
  const twice =
    "takes it for a new migration and runs it a second time on databases that have it: it fails there, or does its work twice.";
  if (!needsFiles) return `${title} ${twice}`;
  const stops = `${title} looks for the old one in every database that has run it, and stops when it is not there.`;
  return ignoresMissing === undefined ? stops : `${stops} Where ${ignoresMissing}, it ${twice}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
