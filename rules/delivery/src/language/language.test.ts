import { kindIn } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import pack from "../index.ts";
import { codeOf, deployJob, lint } from "../testing.ts";
import type { Dockerfile, Job, Workflow } from "./nodes.ts";
import { bind } from "./language.ts";

function workflowOf(text: string, path?: string): Workflow {
  const { content } = codeOf(text, path).ast;
  if (content?.type !== "Workflow")
    throw new Error(`A ${content?.type ?? "file of nothing"} is no workflow.`);
  return content;
}

function dockerfileOf(text: string): Dockerfile {
  const { content } = codeOf(text, "Dockerfile").ast;
  if (content?.type !== "Dockerfile")
    throw new Error(`A ${content?.type ?? "file of nothing"} is no Dockerfile.`);
  return content;
}

describe("what is ours", () => {
  it.each<[string, string | undefined]>([
    [".github/workflows/ci.yml", "workflow"],
    ["services/a/.github/workflows/ci.yaml", "workflow"],
    [".gitea/workflows/ci.yaml", "workflow"],
    [".github/dependabot.yml", undefined],
    [".github/workflows/scripts/ci.yml", undefined],
    [".github/actions/setup/action.yml", "action"],
    ["action.yaml", "action"],
    ["testdata/action.yaml", undefined],
    ["Dockerfile", "dockerfile"],
    ["services/api/Containerfile", "dockerfile"],
    ["Dockerfile.prod", "dockerfile"],
    ["build/api.Dockerfile", "dockerfile"],
    ["Dockerfile.dockerignore", undefined],
    ["Dockerfile.md", undefined],
    ["Dockerfile.j2", undefined],
    ["Dockerfile.dev", undefined],
    ["dev.Dockerfile", undefined],
    [".devcontainer/Dockerfile", undefined],
    ["tests/Dockerfile", undefined],
  ])("%s: %s", (path, kind) => {
    expect(kindIn(pack, path, { [path]: "jobs:\n" })?.name).toBe(kind);
  });

  it("takes a Dockerfile of development when it is named", () => {
    expect(kindIn(pack, "Dockerfile.dev", { "Dockerfile.dev": "" }, { named: true })?.name).toBe(
      "dockerfile",
    );
  });

  it("leaves YAML without jobs and steps alone", () => {
    expect(kindIn(pack, "action.yml", { "action.yml": "name: x\n" })).toBeUndefined();
    expect(codeOf("name: x\n").ast.content).toBeUndefined();
    expect(codeOf("- jobs: 1\n").ast.content).toBeUndefined();
  });
});

describe("workflows", () => {
  it("reads triggers in their three forms", () => {
    expect(workflowOf("on: push\njobs: {}\n").triggers).toEqual(["push"]);
    expect(workflowOf("on: [push, pull_request]\njobs: {}\n").triggers).toEqual(["push", "pull_request"]);
    expect(workflowOf("on:\n  push:\n  workflow_call: {}\njobs: {}\n").triggers).toEqual([
      "push",
      "workflow_call",
    ]);
  });

  it("reads jobs and steps, also behind an anchor", () => {
    const { jobs } = workflowOf(
      "on: push\njobs:\n  a: &a\n    steps:\n      - run: helm version\n      - uses: a/b@v1\n      - nothing\n  b: *a\n  c: 1\n",
    );
    expect(jobs.map(({ id, steps }) => [id, steps.length])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
    expect(jobs[1]?.steps[0]?.deployCommands[0]?.verb).toBe("version");
  });

  it("reads scripts of POSIX shells only", () => {
    const scripts = (text: string): boolean[] =>
      workflowOf(text).jobs.flatMap(({ steps }: Job) => steps.map(({ script }) => script !== undefined));
    expect(
      scripts(
        deployJob("- run: a\n- { run: a, shell: 'bash -e {0}' }\n- { run: a, shell: pwsh }\n- uses: a/b@v1"),
      ),
    ).toEqual([true, true, false, false]);
    expect(scripts(deployJob("- run: a").replace("ubuntu", "windows"))).toEqual([false]);
    expect(scripts(deployJob("- run: a", "    defaults: { run: { shell: python } }\n"))).toEqual([false]);
    expect(scripts(`defaults: { run: { shell: cmd } }\n${deployJob("- run: a")}`)).toEqual([false]);
  });
});

describe("Dockerfiles", () => {
  it("reads stages and instructions", () => {
    const { globals, stages } = dockerfileOf(
      "# syntax=docker/dockerfile:1\nARG V=22\nFROM node:${V} AS Build\nRUN a \\\n  # in between\n  b\nFROM scratch\nCOPY --from=build /a /a\n",
    );
    expect(globals.map(({ keyword }) => keyword)).toEqual(["ARG"]);
    expect(stages.map(({ name, base }) => [name, base?.reference])).toEqual([
      ["build", "node:22"],
      [undefined, "scratch"],
    ]);
    expect(stages.map(({ instructions }) => instructions.map(({ keyword }) => keyword))).toEqual([
      ["FROM", "RUN"],
      ["FROM", "COPY"],
    ]);
  });

  it.each<[string, string | undefined]>([
    ["node:$V", "node:22"],
    ["node:${V}", "node:22"],
    ["node:${EMPTY:-20}", "node:20"],
    ["node:${NONE-20}", "node:20"],
    ["node:22${NONE:+-slim}", "node:22"],
    ["node:22${V:+-slim}", "node:22-slim"],
    ["node:$NONE", undefined],
    ["${V}", undefined],
  ])("%s is %s", (image, reference) => {
    expect(dockerfileOf(`ARG V="22"\nARG EMPTY=\nARG NONE\nFROM ${image}\n`).stages[0]?.base?.reference).toBe(
      reference,
    );
  });

  it("knows where comments stand, with a BOM and CRLF", () => {
    const text = "\ufeffFROM a\r\n# é😀\r\nRUN b\r\n";
    const code = codeOf(text, "Dockerfile");
    expect(code.comments.map(({ value, loc }) => [value, loc.start, loc.end])).toEqual([
      [" é😀", { line: 2, column: 1 }, { line: 2, column: 6 }],
    ]);
  });
});

describe("in ESLint", () => {
  const rules = { "yantra/delivery/no-mutable-base-image": "error", "no-unused-vars": "off" } as const;
  const plugins = {
    yantra: {
      languages: { delivery: pack.language },
      rules: { "delivery/no-mutable-base-image": pack.rules["no-mutable-base-image"] },
    },
  };
  const told = (text: string, path: string): (string | null)[] =>
    lint(text, { plugins: plugins as never, rules }, path).map(({ ruleId }) => ruleId);

  it("obeys comments that switch a rule off", () => {
    expect(told("FROM node\n", "Dockerfile")).toEqual(["yantra/delivery/no-mutable-base-image"]);
    expect(
      told(
        "# eslint-disable-next-line yantra/delivery/no-mutable-base-image -- built once\nFROM node\nFROM alpine\n",
        "Dockerfile",
      ),
    ).toEqual(["yantra/delivery/no-mutable-base-image"]);
  });

  it("asks its host which files are the pack's", () => {
    bind({ kindOf: () => undefined, stateBefore: () => undefined });
    try {
      expect(told("FROM node\n", "Dockerfile.dev")).toEqual([]);
    } finally {
      bind(undefined);
    }
  });
});

it("tells suppressions and annotations as facts", () => {
  const facts = (path: string, text: string): string[] =>
    pack
      .map(codeOf(text, path), { path, text, kind: { name: "x" } })
      .map(({ type, startLine }) => `${type}:${startLine}`);
  expect(
    facts("Dockerfile", "FROM a\n# eslint-disable-line yantra/delivery/no-mutable-base-image\n"),
  ).toEqual(["suppression:2"]);
  expect(facts(".github/workflows/a.yml", "jobs: {} # eslint-disable-line yantra/delivery/x\n")).toEqual([
    "suppression:1",
  ]);
});
