import type { CandidateFile, Dialect, FileKind } from "@yantra-lint/core";
import picomatch from "picomatch";
import { atlas } from "./atlas.ts";
import { dbmate } from "./dbmate.ts";
import { dialectOfName, dialectOfPath, dialectOfText } from "./dialect.ts";
import { diesel } from "./diesel.ts";
import { drizzle } from "./drizzle.ts";
import { flyway } from "./flyway.ts";
import { golangMigrate } from "./golang-migrate.ts";
import { goose } from "./goose.ts";
import { liquibase } from "./liquibase.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import { plain } from "./plain.ts";
import { popx } from "./popx.ts";
import { prisma } from "./prisma.ts";
import {
  FilePlace,
  type MigrationDetails,
  type Placement,
  type Runner,
  type RunnerMemory,
  type Section,
  type Sending,
} from "./runner.ts";
import { sqlMigrate } from "./sql-migrate.ts";
import { sqlx } from "./sqlx.ts";
import { supabase } from "./supabase.ts";

export type { MigrationDetails, Precondition, Section } from "./runner.ts";

/** Asked in this order: what a text says of itself comes before what its name and neighbours suggest. */
const RUNNERS: readonly Runner[] = [
  prisma,
  diesel,
  flyway,
  liquibase,
  dbmate,
  goose,
  sqlMigrate,
  drizzle,
  supabase,
  atlas,
  popx,
  golangMigrate,
  sqlx,
  nodePgMigrate,
  plain,
];

function runnerOfName(name: string): Runner | undefined {
  return RUNNERS.find((runner) => runner.name === name);
}

/** Directories whose SQL is no migration of the product, whatever its name: tests, samples of data, foreign code. */
const NO_MIGRATIONS =
  /(?:^|\/)(?:(?:[^/]*[-_.])?tests?(?:[-_.][^/]*)?|testdata|(?:test[-_])?fixtures?|__\w+__|mocks?|specs?|e2e|seeds?|seeders?|stubs?|snapshots|dumps?|backups?|queries|node_modules|vendor|third_party)\//i;

type Setting = CandidateFile["settings"]["migrations"][number];

const compiled = new WeakMap<readonly Setting[], (path: string) => Setting | undefined>();

/** The first entry of `settings.migrations` whose glob matches; globs are compiled once for each settings object. */
function settingOf(file: CandidateFile): Setting | undefined {
  const { migrations } = file.settings;
  if (migrations.length === 0) return undefined;
  let find = compiled.get(migrations);
  if (!find) {
    const matchers = migrations.map((setting) => ({
      setting,
      matches: picomatch(setting.files, { dot: true }),
    }));
    find = (path) => matchers.find(({ matches }) => matches(path))?.setting;
    compiled.set(migrations, find);
  }
  return find(file.path);
}

function kind(placement: Placement, details: Omit<MigrationDetails, "version" | "direction">): FileKind {
  const { stream, order, version, direction } = placement;
  return { name: "migration", stream, order, details: { ...details, version, direction } };
}

/** The kind of a file that the settings name: what they leave open is detected. */
function configuredKind(place: FilePlace, setting: Setting): FileKind {
  const named = setting.runner ?? "plain";
  const runner =
    setting.runner === undefined
      ? (RUNNERS.find((each) => each.detect(place)) ?? plain)
      : (runnerOfName(named) ?? plain);
  const placement = runner.place(place);
  return kind(placement, {
    dialect: setting.dialect === undefined ? dialectOf(place, runner) : dialectOfName(setting.dialect),
    runner: setting.runner ?? runner.name,
    transactional: setting.transactional ?? runner.transactional(place, placement),
    ...(setting.transactional === undefined ? runner.sends?.(place) : { configured: true }),
  });
}

function dialectOf(place: FilePlace, runner: Runner): Dialect {
  return (
    runner.declaredDialect?.(place) ??
    dialectOfPath(place) ??
    runner.likelyDialect?.(place) ??
    dialectOfText(place) ??
    "postgresql"
  );
}

/**
 * Says whether a file is a migration, of which runner, and where it stands in that runner's order; undefined when
 * it is none. `settings.migrations` wins over detection. A file that the user named is always a migration: when
 * nothing else recognises it, one of runner "plain" that stands alone. Files of every dialect get a kind.
 * The path is looked at before the text and the neighbours.
 */
export function recogniseMigration(file: CandidateFile): FileKind | undefined {
  const place = new FilePlace(file);
  const setting = settingOf(file);
  if (setting) return configuredKind(place, setting);
  if (!file.named && (!/\.sql$/i.test(place.name) || NO_MIGRATIONS.test(file.path))) return undefined;
  const runner = RUNNERS.find((each) => each.detect(place));
  if (!runner && !file.named) return undefined;
  const found = runner ?? plain;
  if (!file.named && found.ignores?.(place)) return undefined;
  const placement = found.place(place);
  return kind(runner ? placement : { ...placement, stream: file.path }, {
    dialect: dialectOf(place, found),
    runner: found.name,
    transactional: found.transactional(place, placement),
    ...found.sends?.(place),
  });
}

/**
 * The parts of a migration that run up or down, in the order of the text. A file of one direction is one section,
 * and so is one that lacks its runner's directives; text before the first directive belongs to none.
 */
export function sections(text: string, details: MigrationDetails): Section[] {
  const { direction, transactional, configured } = details;
  const sending = sendingOf(details);
  const found = (runnerOfName(details.runner) ?? plain).sections?.(text, transactional) ?? [];
  if (found.length === 0) {
    const only = direction === "down" ? "down" : "up";
    return [{ direction: only, range: [0, text.length], transactional, ...sending }];
  }
  return found.map((section) => ({
    ...sending,
    ...section,
    ...(configured ? { transactional } : {}),
  }));
}

function sendingOf({ chained, span }: MigrationDetails): Sending {
  return { ...(chained ? { chained } : {}), ...(span ? { span } : {}) };
}

/**
 * How this runner runs a statement outside a transaction, as an imperative phrase for a message (without capital
 * or full stop, as in "To build it outside a transaction, …."); undefined when it cannot or is not known.
 */
export function howToLeaveTransaction(runner: string): string | undefined {
  return runnerOfName(runner)?.leaveTransaction;
}

/**
 * Where this runner looks for the way down of an up migration, as the end of a sentence ("in a down.sql beside it");
 * undefined when it knows none: Prisma, Flyway (whose undo scripts only its paid editions run), and sqlx for
 * migrations that are not reversible.
 */
export function wayDownOf(runner: string, path: string): string | undefined {
  return runnerOfName(runner)?.wayDown?.(path);
}

/** What this runner remembers of a migration that was run. Of one that is not known the least is assumed. */
export function memoryOf(runner: string): RunnerMemory {
  return runnerOfName(runner)?.memory ?? { title: "The runner", needsFiles: false };
}

/**
 * What the runner's checksum of a section is made of; undefined when it has none, or one of the file's bytes, or the
 * section says that another is right as well.
 */
export function checksumTextOf(runner: string, section: string): string | undefined {
  return runnerOfName(runner)?.checksumText?.(section);
}

/** A runner's name inside a sentence: "Flyway", or "the runner" where it is not known. */
export function runnerName(runner: string): string {
  return runnerOfName(runner)?.memory?.title ?? "the runner";
}
