import fs from "node:fs";
import path from "node:path";
import type { Fact, Notice, OutcomeFact, TagFact } from "@yantra-lint/core";
import type { Base } from "./base.ts";
import type { RepositoryChange } from "./change.ts";
import { MAX_FILE_BYTES } from "./discover.ts";
import { git, gitFileAt } from "./git.ts";
import { relativeTo } from "./root.ts";
import { decode, reason } from "./tree.ts";

/** Where the outcomes of releases lie when nobody says otherwise; relative to the root. */
export const OUTCOMES_PATH = ".yantra/outcomes.jsonl";

/** An outcomes file that was asked for and cannot be read. */
export class OutcomesError extends Error {
  override name = "UsageError";
}

export interface Outcomes {
  facts: OutcomeFact[];
  notices: Notice[];
}

/** What a change is compared with, for what the change must not say of itself. */
interface Compared {
  base: Base;
  change: Pick<RepositoryChange, "files">;
}

/**
 * Reads what became of releases (`schemas/outcomes.schema.json`): the file that was asked for, else the one that the
 * configuration names, else `.yantra/outcomes.jsonl`. A change cannot confirm its own release: what git tracks is read as the base has it. Files that are in no commit, as
 * a pipeline fetches them, are taken when they are asked for.
 *
 * @param asked absolute
 * @param configured absolute; that there is none is told
 * @throws OutcomesError when the file that was asked for cannot be read
 */
export function readOutcomes(
  root: string,
  asked: string | undefined,
  compared: Compared | undefined,
  configured?: string,
): Outcomes {
  const file = asked ?? configured ?? path.join(root, OUTCOMES_PATH);
  const relative = relativeTo(root, file);
  const told = relative ?? file;
  const text =
    compared && relative !== undefined && isTheChanges(root, relative, asked !== undefined, compared)
      ? gitFileAt(root, compared.base.commit, `./${relative}`)
      : readText(file, asked !== undefined);
  if (text !== undefined) return parseOutcomes(text, told);
  if (asked === undefined && configured === undefined) return { facts: [], notices: [] };
  const message = compared
    ? `${told} is not in the base, and a change confirms no release by itself: it was not read.`
    : `${told}, which the configuration names, cannot be read: no outcome of a release is known.`;
  return { facts: [], notices: [notice(message)] };
}

/** Whether the change may have written a file of the work tree. */
function isTheChanges(root: string, file: string, asked: boolean, { change }: Compared): boolean {
  const changed = change.files.find((each) => each.path === file || each.previousPath === file);
  if (changed) return !(changed.untracked && asked);
  if (!fs.existsSync(path.join(root, file))) return false;
  return !asked || git(root, ["ls-files", "-z", "--", `:(literal)${file}`]) !== "";
}

function readText(file: string, required: boolean): string | undefined {
  try {
    const { size } = fs.statSync(file);
    if (size > MAX_FILE_BYTES) throw new Error(`it has more than ${MAX_FILE_BYTES / 1024 / 1024} MB`);
    return decode(fs.readFileSync(file)).text;
  } catch (error) {
    if (!required) return undefined;
    throw new OutcomesError(`${file}: the outcomes cannot be read (${reason(error)}).`);
  }
}

/** How many faulty lines are told one by one: a file of another kind has nothing but such. */
const MOST_TOLD = 3;

/** Reads JSON lines. Each faulty one gives a notice, and the others count. @param path names the file in facts and notices */
export function parseOutcomes(text: string, path: string): Outcomes {
  const facts: OutcomeFact[] = [];
  const faults: string[] = [];
  for (const [index, content] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (content.trim() === "") continue;
    const line = index + 1;
    const outcome = outcomeOf(content);
    if (typeof outcome === "string")
      faults.push(`${path}:${line} tells no outcome: ${outcome}. It was passed over.`);
    else {
      const region = { startLine: line, startColumn: 1, endLine: line, endColumn: content.length + 1 };
      facts.push({ type: "outcome", path, ...region, ...outcome });
    }
  }
  const notices = faults.slice(0, MOST_TOLD).map(notice);
  const more = faults.length - notices.length;
  if (more > 0)
    notices.push(notice(`${path} has ${more} more ${more === 1 ? "line" : "lines"} that tell no outcome.`));
  return { facts, notices };
}

/** Without a path, so that it is told whatever part of the repository is checked. */
function notice(message: string): Notice {
  return { id: "invalid-outcome", message };
}

type Outcome = Pick<OutcomeFact, "release" | "sha" | "environment" | "result" | "time">;

/** What a line says, or what is wrong with it. */
function outcomeOf(content: string): Outcome | string {
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch {
    return "it is no JSON";
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) return "it is no object";
  const { release, sha, environment, result, time } = data as Record<string, unknown>;
  if (release === undefined && sha === undefined) return "it has neither release nor sha";
  if (release !== undefined && !isWord(release)) return "its release is no text";
  if (sha !== undefined && (typeof sha !== "string" || !/^[0-9a-f]{7,64}$/i.test(sha)))
    return "its sha is no commit's";
  if (!isWord(environment)) return "it has no environment";
  if (result !== "promoted" && result !== "rolledBack")
    return "its result is neither promoted nor rolledBack";
  if (!isTime(time)) return "its time is not as RFC 3339 writes it";
  return {
    ...(release === undefined ? {} : { release: release.trim() }),
    ...(sha === undefined ? {} : { sha: sha.toLowerCase() }),
    environment: environment.trim(),
    result,
    time,
  };
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isTime(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

/**
 * Gives the tags that annotations name with `after=`. Git is asked once for each name, and only when there are any.
 */
export function tagReader(root: string): (facts: readonly Fact[]) => TagFact[] {
  const known = new Map<string, TagFact | undefined>();
  return (facts) => {
    const names = new Set(
      facts.flatMap((fact) => (fact.type === "annotation" ? [fact.options["after"] ?? ""] : [])),
    );
    names.delete("");
    const unknown = [...names].filter((name) => !known.has(name));
    for (const name of unknown) known.set(name, undefined);
    if (unknown.length > 0) for (const tag of readTags(root, unknown)) known.set(tag.name, tag);
    return [...names].map((name) => known.get(name)).filter((tag) => tag !== undefined);
  };
}

function readTags(root: string, names: readonly string[]): TagFact[] {
  const format = "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)";
  const answer = git(root, ["for-each-ref", format, ...names.map((name) => `refs/tags/${name}`)]);
  const region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  return (answer ?? "").split("\n").flatMap((line): TagFact[] => {
    const [name = "", object = "", peeled = ""] = line.split("\0");
    // A name also finds what lies below it as a folder.
    if (!names.includes(name)) return [];
    return [{ type: "tag", path: "", ...region, name, commit: peeled === "" ? object : peeled }];
  });
}
