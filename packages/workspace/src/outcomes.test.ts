import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { AnnotationFact } from "@yantra-lint/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, describe, expect, it, test } from "vitest";
import { findBase } from "./base.ts";
import { readChange } from "./change.ts";
import {
  type Outcomes,
  OUTCOMES_PATH,
  OutcomesError,
  parseOutcomes,
  readOutcomes,
  tagReader,
} from "./outcomes.ts";

const LINE = {
  release: "v2.5.0",
  environment: "production",
  result: "promoted",
  time: "2026-03-01T10:00:00Z",
};
const text = (...lines: object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

describe("parseOutcomes", () => {
  it("gives a fact for each line, at its line", () => {
    const sha = "0123456789ABCDEF0123456789abcdef01234567";
    const { facts, notices } = parseOutcomes(
      `\uFEFF${text({ ...LINE, by: "argocd" })}\r\n${text({ ...LINE, release: undefined, sha, result: "rolledBack" })}`,
      "o.jsonl",
    );
    expect(notices).toEqual([]);
    expect(facts).toEqual([
      {
        type: "outcome",
        path: "o.jsonl",
        startLine: 1,
        startColumn: 1,
        endLine: 1,
        endColumn: JSON.stringify({ ...LINE, by: "argocd" }).length + 1,
        ...LINE,
      },
      expect.objectContaining({ startLine: 3, sha: sha.toLowerCase(), result: "rolledBack" }),
    ]);
  });

  const schema = JSON.parse(
    fs.readFileSync(new URL("../../../schemas/outcomes.schema.json", import.meta.url), "utf8"),
  ) as object;
  const validate = new Ajv2020({ validateFormats: false }).compile(schema);

  test.each<[string, unknown]>([
    ["it is no object", []],
    ["it has neither release nor sha", { ...LINE, release: undefined }],
    ["its release is no text", { ...LINE, release: " " }],
    ["its sha is no commit's", { ...LINE, sha: "main" }],
    ["its sha is no commit's", { ...LINE, sha: 1234567 }],
    ["it has no environment", { ...LINE, environment: undefined }],
    ["its result is neither promoted nor rolledBack", { ...LINE, result: "Healthy" }],
    ["its time is not as RFC 3339 writes it", { ...LINE, time: "2026-03-01" }],
    ["its time is not as RFC 3339 writes it", { ...LINE, time: "2026-03-01T10:00:00" }],
    ["its time is not as RFC 3339 writes it", { ...LINE, time: 1772359200 }],
  ])("says of a line that %s, as the schema does: %j", (why, line) => {
    const { facts, notices } = parseOutcomes(text(LINE) + JSON.stringify(line), "o.jsonl");
    expect(facts).toHaveLength(1);
    expect(notices).toEqual([
      { id: "invalid-outcome", message: `o.jsonl:2 tells no outcome: ${why}. It was passed over.` },
    ]);
    expect(validate(JSON.parse(JSON.stringify(line)))).toBe(false);
    expect(validate(LINE)).toBe(true);
  });

  it("tells three faults one by one, and the others as a number", () => {
    const { notices } = parseOutcomes("{\n".repeat(5), "o.jsonl");
    expect(notices.map(({ message }) => message)).toEqual([
      "o.jsonl:1 tells no outcome: it is no JSON. It was passed over.",
      "o.jsonl:2 tells no outcome: it is no JSON. It was passed over.",
      "o.jsonl:3 tells no outcome: it is no JSON. It was passed over.",
      "o.jsonl has 2 more lines that tell no outcome.",
    ]);
  });
});

const made: string[] = [];

afterEach(() => {
  for (const root of made.splice(0)) fs.rmSync(root, { recursive: true, force: true });
});

function git(root: string, ...args: string[]): void {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  execFileSync("git", [...identity, ...args], { cwd: root, stdio: "ignore" });
}

/** A repository with one commit of these files. */
function repository(files: Record<string, string>): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "yantra-outcomes-")));
  made.push(root);
  git(root, "init", "--quiet");
  write(root, { "a.txt": "", ...files });
  git(root, "add", "--all");
  git(root, "commit", "--quiet", "-m", "base");
  return root;
}

function write(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), content);
  }
}

function read(root: string, asked?: string, configured?: string): Outcomes {
  const base = findBase(root, "HEAD", {});
  if (!base) throw new Error("The repository has a commit.");
  return readOutcomes(root, asked, { base, change: readChange(root, base) }, configured);
}

const releases = ({ facts }: Outcomes) => facts.map(({ release }) => release);
const OWN = text({ ...LINE, release: "v9" });

describe("readOutcomes", () => {
  it("takes the base's file, whatever the change does to it", () => {
    const root = repository({ [OUTCOMES_PATH]: text(LINE) });
    expect(releases(read(root))).toEqual(["v2.5.0"]);
    write(root, { [OUTCOMES_PATH]: text(LINE) + OWN });
    expect(releases(read(root))).toEqual(["v2.5.0"]);
    git(root, "add", "--all");
    expect(releases(read(root, path.join(root, OUTCOMES_PATH)))).toEqual(["v2.5.0"]);
    fs.rmSync(path.join(root, ".yantra"), { recursive: true });
    expect(releases(read(root))).toEqual(["v2.5.0"]);
  });

  it("takes the base's file below the work tree's top", () => {
    const root = repository({ [`app/${OUTCOMES_PATH}`]: text(LINE) });
    write(root, { [`app/${OUTCOMES_PATH}`]: OWN });
    expect(releases(read(path.join(root, "app")))).toEqual(["v2.5.0"]);
  });

  it("does not take a file that the change adds, or that git ignores", () => {
    const root = repository({ ".gitignore": "ignored/\n" });
    write(root, { [OUTCOMES_PATH]: OWN });
    expect(read(root)).toEqual({ facts: [], notices: [] });
    git(root, "add", "--all");
    expect(read(root, path.join(root, OUTCOMES_PATH))).toMatchObject({
      facts: [],
      notices: [{ message: expect.stringContaining("is not in the base") as string }],
    });
    write(root, { ".gitignore": ".yantra/\n" });
    git(root, "rm", "--quiet", "--cached", "-r", ".yantra");
    expect(releases(read(root))).toEqual([]);
  });

  it("takes a file that was asked for and that git does not know, in the work tree or beside it", () => {
    const root = repository({ ".gitignore": "ignored/\n" });
    const other = repository({});
    write(root, { "fetched.jsonl": OWN, "ignored/fetched.jsonl": OWN });
    write(other, { "o.jsonl": OWN });
    for (const file of ["fetched.jsonl", "ignored/fetched.jsonl"])
      expect(releases(read(root, path.join(root, file)))).toEqual(["v9"]);
    expect(releases(read(root, path.join(other, "o.jsonl")))).toEqual(["v9"]);
  });

  it("takes the file as it is where nothing is compared, and none for none", () => {
    const root = repository({});
    expect(readOutcomes(root, undefined, undefined).facts).toEqual([]);
    write(root, { [OUTCOMES_PATH]: OWN });
    expect(releases(readOutcomes(root, undefined, undefined))).toEqual(["v9"]);
  });

  it("takes the base's file where the configuration says it is, and tells when there is none", () => {
    const root = repository({ [OUTCOMES_PATH]: OWN, "ops/o.jsonl": text(LINE) });
    const configured = path.join(root, "ops/o.jsonl");
    write(root, { "ops/o.jsonl": OWN, "asked.jsonl": OWN });
    expect(releases(read(root, undefined, configured))).toEqual(["v2.5.0"]);
    expect(releases(read(root, path.join(root, "asked.jsonl"), configured))).toEqual(["v9"]);
    expect(read(root, undefined, path.join(root, "none.jsonl"))).toMatchObject({
      facts: [],
      notices: [{ message: expect.stringMatching(/^none\.jsonl is not in the base/) as string }],
    });
    expect(readOutcomes(root, undefined, undefined, path.join(root, "none.jsonl"))).toMatchObject({
      facts: [],
      notices: [{ message: expect.stringMatching(/^none\.jsonl, which the configuration names/) as string }],
    });
  });

  it("throws when what was asked for cannot be read", () => {
    const root = repository({});
    expect(() => read(root, path.join(root, "none.jsonl"))).toThrow(OutcomesError);
    expect(() => read(root, os.tmpdir())).toThrow(/EISDIR/);
  });
});

describe("tagReader", () => {
  it("gives the tags that annotations name, with the commits they are on", () => {
    const root = repository({});
    git(root, "tag", "v1");
    git(root, "tag", "-a", "v2", "-m", "annotated");
    git(root, "tag", "v3/rc");
    const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
    const after = (name: string): AnnotationFact => ({
      type: "annotation",
      path: "a.sql",
      startLine: 1,
      startColumn: 1,
      endLine: 1,
      endColumn: 2,
      name: "phase",
      value: "contract",
      options: { after: name },
      reason: "",
    });
    const tagsOf = tagReader(root);
    expect(tagsOf([])).toEqual([]);
    const told = (...names: string[]) =>
      tagsOf(names.map(after)).map(({ name, commit }) => [name, commit === head]);
    expect(told("v1", "v3", "v4", "v1")).toEqual([["v1", true]]);
    expect(told("v2", "v1")).toEqual([
      ["v2", true],
      ["v1", true],
    ]);
  });
});
