import { arrayAt, integerAt, isRecord, isShallow, type JsonRecord, own, recordAt, textAt } from "./json.ts";
import { PROPERTIES } from "./properties.ts";
import { messageOf } from "./read-messages.ts";
import { lineAt, Paths, physicalLocationOf } from "./read-paths.ts";
import { type Descriptor, Descriptors, type SarifLevel } from "./read-rules.ts";
import { checkSeal, type SealState } from "./seal.ts";
import { oneLine } from "./text.ts";

/** Why a text is no SARIF log, as a sentence that goes on from the file's name: `is no JSON: …`. */
export class SarifError extends Error {
  override readonly name = "SarifError";
}

/** A result of any tool. Texts are on one line and hold nothing that steers a terminal. */
export interface SarifResult {
  level: SarifLevel;
  ruleId?: string;
  message: string;
  /** Relative to the root of the repository where that can be known; absent for what is in no file. */
  path?: string;
  line?: number;
  suppressed: boolean;
  /** Against the run's baseline (§3.27.24); `absent` is a result that is gone. Absent: there is no baseline. */
  state?: "new" | "unchanged" | "updated" | "absent";
}

/** A run of any tool. */
export interface SarifRun {
  tool: { name: string; version?: string };
  /** Which analysis it is, where one tool has several (§3.17.3). */
  category?: string;
  results: SarifResult[];
  /** Why the results may not be all there is: sentences. Empty for a run that can be relied on. */
  problems: string[];
  seal: SealState;
  /** How many results were cut from the log because of GitHub's limits; also told in `problems`. */
  leftOut: number;
  /** What our own log was given as `report`: JSON that nobody has checked. Undefined when there is none. */
  report: unknown;
}

export interface ReadOptions {
  /** The key our runs are sealed with. */
  sealKey?: string;
  /** The absolute path of the repository on this machine, to make absolute paths relative. */
  root?: string;
}

/** SARIF logs of real tools have some twenty levels. */
const MAX_DEPTH = 200;
const MAX_PROBLEMS = 20;

/**
 * Reads a SARIF 2.1.0 log of whatever tool. It takes what tools get wrong as far as that is harmless; whatever
 * may have lost a result is told as a problem of its run. An empty log has no runs.
 *
 * @throws SarifError when the text is no SARIF log.
 * @throws RangeError when the key is empty.
 */
export function readSarif(text: string, options: ReadOptions = {}): SarifRun[] {
  const log = parse(text);
  const runs = own(log, "runs");
  if (runs === null)
    throw new SarifError("has null in place of runs: the tool that wrote it failed (SARIF 2.1.0 §3.13.4).");
  if (!Array.isArray(runs)) throw new SarifError("is no SARIF log: it has no runs.");
  const problems = logProblems(log);
  return runs.map((run: unknown, index) => {
    if (!isRecord(run)) throw new SarifError(`is no SARIF log: runs[${index}] is no object.`);
    return readRun(run, problems, options);
  });
}

function parse(text: string): JsonRecord {
  // PowerShell's `>` writes UTF-16, which read as UTF-8 is full of NULs; SARIF is UTF-8 (§3.1).
  if (text.slice(0, 8).includes("\0") || text.startsWith("\uFFFD\uFFFD"))
    throw new SarifError("is not UTF-8, probably UTF-16: SARIF is UTF-8. Write it with a tool's own option.");
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (json.trim() === "") throw new SarifError("is empty.");
  let log: unknown;
  try {
    log = JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? oneLine(error.message) : "it cannot be parsed";
    throw new SarifError(`is no JSON: ${reason}.`);
  }
  if (!isRecord(log)) throw new SarifError("is no SARIF log: it is no JSON object.");
  if (!isShallow(log, MAX_DEPTH)) throw new SarifError(`is nested deeper than ${MAX_DEPTH} levels.`);
  return log;
}

/** Problems that all runs of a log have. */
function logProblems(log: JsonRecord): string[] {
  const problems: string[] = [];
  const version = own(log, "version");
  if (version !== "2.1.0") {
    const said = typeof version === "string" ? `SARIF ${oneLine(version)}` : "of an unknown version";
    problems.push(`The log is ${said}; only SARIF 2.1.0 is understood.`);
  }
  if (arrayAt(log, "inlineExternalProperties").length > 0)
    problems.push("Parts of the runs stand elsewhere in the log (inlineExternalProperties), unread.");
  return problems;
}

/** Distinct problems, and how many more than are told. */
class Problems {
  readonly #seen: Set<string>;

  constructor(first: readonly string[]) {
    this.#seen = new Set(first);
  }

  add(problem: string): void {
    this.#seen.add(oneLine(problem));
  }

  list(): string[] {
    const all = [...this.#seen];
    if (all.length <= MAX_PROBLEMS) return all;
    return [...all.slice(0, MAX_PROBLEMS), `There are ${all.length - MAX_PROBLEMS} more problems.`];
  }
}

function readRun(run: JsonRecord, shared: readonly string[], { sealKey, root }: ReadOptions): SarifRun {
  const problems = new Problems(shared);
  const descriptors = new Descriptors(run, (level) =>
    problems.add(`The level ${shown(level)} is none of SARIF's; it counts as an error.`),
  );
  const { driver } = descriptors;
  const name = textAt(driver, "name");
  if (name === undefined) problems.add("The run does not say which tool it is of.");
  const version = textAt(driver, "version") ?? textAt(driver, "semanticVersion");
  const category = textAt(recordAt(run, "automationDetails"), "id");
  const properties = recordAt(run, "properties");

  invocationProblems(run, descriptors, problems);
  if (Object.keys(recordAt(run, "externalPropertyFileReferences")).length > 0)
    problems.add("Parts of the run stand in other files (externalPropertyFileReferences), unread.");
  const leftOut = readLeftOut(properties);
  if (leftOut > 0) problems.add(`${leftOut} results were left out because the log was too large.`);

  return {
    tool: {
      name: oneLine(name ?? "an unknown tool"),
      ...(version === undefined ? {} : { version: oneLine(version) }),
    },
    ...(category === undefined ? {} : { category: oneLine(category) }),
    results: readResults(run, descriptors, new Paths(run, root), problems),
    problems: problems.list(),
    seal: checkSeal(run, sealKey),
    leftOut,
    report: own(properties, PROPERTIES.change),
  };
}

/** A count that is none means that somebody has been at it. */
function readLeftOut(properties: JsonRecord): number {
  if (own(properties, PROPERTIES.resultsLeftOut) === undefined) return 0;
  return integerAt(properties, PROPERTIES.resultsLeftOut) ?? 1;
}

/** A run may have no invocations; what those it has tell of a failure counts (§3.20). */
function invocationProblems(run: JsonRecord, descriptors: Descriptors, problems: Problems): void {
  const given = own(run, "invocations");
  if (given !== undefined && given !== null && !Array.isArray(given))
    problems.add("The run's invocations are no list.");
  arrayAt(run, "invocations").forEach((invocation, index) => {
    if (!isRecord(invocation)) return problems.add(`invocations[${index}] is no object.`);
    const failure = failureOf(invocation);
    if (failure !== undefined) problems.add(failure);
    for (const list of ["toolExecutionNotifications", "toolConfigurationNotifications"]) {
      for (const notification of arrayAt(invocation, list)) {
        if (!isRecord(notification)) {
          problems.add(`An element of ${list} is no object.`);
          continue;
        }
        // "SHALL mean that the run failed" (§3.20.21, §3.20.22).
        if (descriptors.notificationLevel(notification, index) !== "error") continue;
        const descriptor = descriptors.notificationOf(notification);
        const said = messageOf(recordAt(notification, "message"), descriptor, descriptors.driver);
        problems.add(`The tool tells of an error: ${said ?? "it does not say which."}`);
      }
    }
  });
}

/** `executionSuccessful` decides (§3.20.14); exit code and signal do where it is missing, which it must not be. */
function failureOf(invocation: JsonRecord): string | undefined {
  const message = textAt(invocation, "processStartFailureMessage");
  if (message !== undefined) return `The tool did not start: ${message}`;
  const successful = own(invocation, "executionSuccessful");
  if (successful === true) return undefined;
  const exitCode = own(invocation, "exitCode");
  const signal = own(invocation, "exitSignalName") ?? own(invocation, "exitSignalNumber");
  const description = textAt(invocation, "exitCodeDescription");
  const ended =
    typeof exitCode === "number"
      ? ` with exit code ${exitCode}${description === undefined ? "" : ` (${description})`}`
      : signal === undefined
        ? ""
        : ` by signal ${shown(signal)}`;
  if (successful === false) return `The tool did not finish: its run failed${ended}.`;
  if (successful !== undefined && successful !== null)
    return `Whether the tool finished is not to be known: executionSuccessful is ${shown(successful)}.`;
  const endedWell = ended === "" || exitCode === 0;
  return endedWell ? undefined : `The tool ended${ended} and does not say whether that is success.`;
}

function readResults(
  run: JsonRecord,
  descriptors: Descriptors,
  paths: Paths,
  problems: Problems,
): SarifResult[] {
  const results = own(run, "results");
  if (results === undefined || results === null) {
    problems.add(
      "The run has no results, not even an empty list: the tool did not look (SARIF 2.1.0 §3.14.23).",
    );
    return [];
  }
  if (!Array.isArray(results)) {
    problems.add("The run's results are no list.");
    return [];
  }
  return results.flatMap((result: unknown, index) => {
    if (isRecord(result)) return [readResult(result, descriptors, paths)];
    problems.add(`results[${index}] is no object.`);
    return [];
  });
}

function readResult(result: JsonRecord, descriptors: Descriptors, paths: Paths): SarifResult {
  const { id, descriptor } = descriptors.ruleOf(result);
  const place = placeOf(result);
  const path = paths.of(recordAt(place, "artifactLocation")) ?? paths.of(recordAt(result, "analysisTarget"));
  const line = lineAt(place);
  const state = own(result, "baselineState");
  return {
    level: descriptors.resultLevel(result, descriptor),
    ...(id === undefined ? {} : { ruleId: oneLine(id) }),
    message: sentenceOf(result, descriptor, descriptors.driver, paths),
    ...(path === undefined ? {} : { path }),
    ...(line === undefined ? {} : { line }),
    suppressed: isSuppressed(result),
    ...(state === "new" || state === "unchanged" || state === "updated" || state === "absent"
      ? { state }
      : {}),
  };
}

/** The first location; of our own anchored results the place they were anchored from. */
function placeOf(result: JsonRecord): JsonRecord {
  const anchored = own(recordAt(result, "properties"), PROPERTIES.anchored) === true;
  return physicalLocationOf(arrayAt(result, anchored ? "relatedLocations" : "locations")[0]);
}

function sentenceOf(
  result: JsonRecord,
  descriptor: Descriptor | undefined,
  driver: JsonRecord,
  paths: Paths,
): string {
  const nameOf = (id: number): string | undefined => {
    const location = [...arrayAt(result, "locations"), ...arrayAt(result, "relatedLocations")].find(
      (candidate) => isRecord(candidate) && integerAt(candidate, "id") === id,
    );
    const physical = physicalLocationOf(location);
    const path = paths.of(recordAt(physical, "artifactLocation"));
    const line = lineAt(physical);
    return path === undefined || line === undefined ? path : `${path}:${line}`;
  };
  return (
    messageOf(recordAt(result, "message"), descriptor, driver, nameOf) ??
    oneLine(textAt(recordAt(descriptor?.record ?? {}, "shortDescription"), "text") ?? "It does not say what.")
  );
}

/**
 * Suppressed is what has suppressions, none of them under review or rejected (§3.27.23, §3.35.3; so reads
 * Microsoft's SARIF SDK). One with a status that SARIF does not know hides nothing.
 */
function isSuppressed(result: JsonRecord): boolean {
  const suppressions = arrayAt(result, "suppressions");
  return (
    suppressions.length > 0 &&
    suppressions.every((suppression) => {
      if (!isRecord(suppression)) return false;
      const status = own(suppression, "status");
      return status === undefined || status === null || status === "accepted";
    })
  );
}

/** A value from outside, for a sentence. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return (text ?? "nothing").slice(0, 60);
}
