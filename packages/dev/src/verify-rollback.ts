/**
 * `pnpm verify-rollback DIR…`: runs the PostgreSQL migrations below each directory on embedded PostgreSQL, each up and
 * then down, compares the schema from before with the one after as a whole, and prints it beside what the rule
 * valid-down-migration says: `=` they agree, `~` what differs is what the rule's page leaves out, `!` only PostgreSQL
 * finds a difference, or only the rule tells of one. Ends with 1 when there is a `!` or nothing was compared.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { compareRollbacks, type RoundTrip, type Stream, type Verdict, verdictOf } from "./rollback.ts";

const HEADS: Readonly<Record<Verdict, string>> = {
  agree: "= both find that it does not lead back",
  explained: "~ PostgreSQL differs in what the rule leaves out",
  server: "! only PostgreSQL differs",
  rule: "! only the rule tells",
};

function print(trip: RoundTrip): void {
  const verdict = verdictOf(trip);
  const { differences, refusal, told, silence } = trip;
  if (verdict === "agree" && told === undefined) return;
  const reasons = new Set(differences.flatMap(({ reason }) => reason ?? []));
  const because = verdict === "explained" ? ` (${silence ?? [...reasons].join(", ")})` : "";
  console.log(`  ${HEADS[verdict]}: ${trip.path}${because}`);
  if (refusal !== undefined) console.log(`      it does not run: ${refusal}`);
  for (const { what, before, back, reason } of differences)
    if (reason === undefined) console.log(`      ${what}: ${short(before)} before, ${short(back)} after`);
  if (told !== undefined) console.log(`      the rule: ${told.split(". ", 1)[0] ?? ""}`);
}

function short(value: string | undefined): string {
  if (value === undefined) return "absent";
  const line = value.replaceAll(/\s+/g, " ");
  return line === "" ? "there" : line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function summarise({ name, trips, failed }: Stream): number {
  for (const { path: file, why } of failed) console.log(`  - ${file}: ${why}`);
  for (const trip of trips) print(trip);
  const count = (...verdicts: Verdict[]): number =>
    trips.filter((trip) => verdicts.includes(verdictOf(trip))).length;
  const both = trips.filter((trip) => verdictOf(trip) === "agree" && trip.told !== undefined).length;
  console.log(
    `${name}: ${trips.length} ways down; ${count("agree")} agree (${both} do not lead back), ` +
      `${count("explained")} explained, ${count("server")} only PostgreSQL differs, ${count("rule")} only the rule tells; ` +
      `${failed.length} migrations did not run and were not compared.`,
  );
  return count("server", "rule");
}

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length === 0) throw new Error("Name at least one directory.");
let compared = 0;
let wrong = 0;
for (const directory of positionals) {
  for (const stream of await compareRollbacks(path.resolve(directory))) {
    compared += stream.trips.length;
    wrong += summarise(stream);
  }
}
if (wrong > 0 || compared === 0) process.exitCode = 1;
