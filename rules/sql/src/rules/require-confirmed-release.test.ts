import { FactIndex, type Files, type Finding, type OutcomeFact, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, it, test } from "vitest";
import pack from "../index.ts";
import { factsOfRelease } from "../testing.ts";
import rule from "./require-confirmed-release.ts";

const NAME = "yantra/sql/require-confirmed-release";
const ORDERS = { "migrations/0001_orders.sql": "CREATE TABLE orders (id int, note text);\n" };
const drop = (after: string): Files => ({
  "migrations/0002_drop.sql": `-- The old note.\n-- @yantra-phase contract ${after}\nALTER TABLE orders DROP COLUMN note;\n`,
});

interface Known {
  outcomes?: Partial<OutcomeFact>[];
  tags?: { name: string; commit: string }[];
  options?: Record<string, unknown>;
  shipped?: Files;
}

const REGION = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };

function findings(added: Files, { outcomes = [], tags = [], options, shipped = ORDERS }: Known): Finding[] {
  const facts = new FactIndex([
    ...["annotation", "migration", "changedFile"].flatMap((type) =>
      factsOfRelease(pack, shipped, added).of(type as "annotation"),
    ),
    ...outcomes.map((outcome, index): OutcomeFact => ({
      type: "outcome",
      path: ".yantra/outcomes.jsonl",
      ...REGION,
      startLine: index + 1,
      environment: "production",
      result: "promoted",
      time: `2026-03-0${index + 1}T10:00:00Z`,
      ...outcome,
    })),
    ...tags.map((tag) => ({ type: "tag" as const, path: "", ...REGION, ...tag })),
  ]);
  return runWorkspaceRule(NAME, rule, {
    facts,
    level: "error",
    options: [{ environment: "production", demandOutcomes: false, ...options }],
  });
}

const OLD = { release: "v2.4.0" };
const NEW = { release: "v2.5.0" };
const BACK = { result: "rolledBack" } as const;
const SHA = "0123456789abcdef0123456789abcdef01234567";

describe("silent", () => {
  test.each<[string, Files, Known]>([
    ["where no outcome is known", drop("after=v2.5.0"), {}],
    ["about a release that was promoted", drop("after=v2.5.0"), { outcomes: [OLD, NEW] }],
    [
      "about one that was promoted again",
      drop("after=v2.5.0"),
      { outcomes: [NEW, { ...NEW, ...BACK }, NEW] },
    ],
    [
      "about times in other zones, in their order and not the file's",
      drop("after=v2.5.0"),
      {
        outcomes: [
          { ...NEW, time: "2026-03-01T12:00:00+05:00" },
          { ...NEW, ...BACK, time: "2026-03-01T06:59:59Z" },
        ],
      },
    ],
    [
      "about a rollback of another release",
      drop("after=v2.5.0"),
      { outcomes: [NEW, { release: "v2.6.0" }, { release: "v2.6.0", ...BACK }] },
    ],
    ["about later releases", drop("after=v2.5.0"), { outcomes: [OLD, NEW, { release: "v2.6.0" }] }],
    ["about a name with or without v", drop("after=2.5.0"), { outcomes: [{ release: "refs/tags/v2.5.0" }] }],
    ["about a commit", drop("after=0123456"), { outcomes: [{ sha: SHA }] }],
    [
      "about a tag whose commit was promoted",
      drop("after=v2.5.0"),
      { outcomes: [{ sha: SHA.slice(0, 12) }], tags: [{ name: "v2.5.0", commit: SHA }] },
    ],
    [
      "about what another environment goes through",
      drop("after=v2.5.0"),
      {
        outcomes: [NEW, { ...NEW, ...BACK, environment: "staging" }],
      },
    ],
    [
      "about the environment of the options",
      drop("after=v2.5.0"),
      {
        outcomes: [{ ...NEW, environment: "Live" }],
        options: { environment: "live" },
      },
    ],
    [
      "about another service that goes back",
      drop("after=api-v2.5.0"),
      {
        outcomes: [
          { release: "web-v7.0" },
          { release: "api-v2.5.0" },
          { release: "web-v7.1" },
          { release: "web-v7.0" },
        ],
      },
    ],
    ["about a contract that names no release", drop(""), { outcomes: [OLD] }],
    [
      "about other phases",
      { "migrations/0002_a.sql": "-- @yantra-phase expand\nSELECT 1;\n" },
      { outcomes: [OLD] },
    ],
    [
      "about a migration that shipped before",
      {},
      { outcomes: [OLD], shipped: { ...ORDERS, ...drop("after=v1.0.0") } },
    ],
    [
      "about a way down",
      {
        "migrations/2_a.up.sql": "ALTER TABLE orders ADD COLUMN a int;\n",
        "migrations/2_a.down.sql": "-- @yantra-phase contract after=v9\nALTER TABLE orders DROP COLUMN a;\n",
      },
      { outcomes: [OLD], shipped: { "migrations/1_a.up.sql": "CREATE TABLE orders (id int);\n" } },
    ],
  ])("%s", (_, added, known) => {
    expect(findings(added, known)).toEqual([]);
  });
});

const PLACE = {
  ruleId: NAME,
  level: "error",
  path: "migrations/0002_drop.sql",
  startLine: 2,
  startColumn: 4,
  endLine: 2,
};

describe("reports, at the annotation,", () => {
  it("a release that was rolled back", () => {
    const outcomes = [OLD, NEW, { ...NEW, ...BACK }];
    expect(findings(drop("after=v2.5.0"), { outcomes })).toEqual([
      {
        ...PLACE,
        endColumn: 39,
        messageId: "rolledBack",
        message:
          "This relies on v2.5.0, which was rolled back in production at 2026-03-03T10:00:00Z (.yantra/outcomes.jsonl:3): the release before it runs there again, and its queries fail on what this migration takes away. Wait until a release that does without it is promoted, and name that one in `after=`.",
      },
    ]);
  });

  it("a canary that was taken back before it was promoted", () => {
    expect(findings(drop("after=v2.5.0"), { outcomes: [OLD, { ...NEW, ...BACK }] })).toMatchObject([
      { messageId: "rolledBack" },
    ]);
  });

  it("a release before which an older one was promoted again", () => {
    expect(
      findings(drop("after=v2.5.0"), { outcomes: [OLD, NEW, { release: "v2.6.0" }, OLD] }),
    ).toMatchObject([
      {
        ...PLACE,
        messageId: "wentBack",
        message: expect.stringContaining(
          "but production went back to v2.4.0 at 2026-03-04T10:00:00Z (.yantra/outcomes.jsonl:4), which ran before it",
        ) as string,
      },
    ]);
  });

  it("a release without an outcome, with what is known instead, and what a tag says", () => {
    const outcomes = [OLD, { ...NEW, environment: "staging" }];
    expect(findings(drop("after=v2.5.0"), { outcomes })).toMatchObject([
      {
        ...PLACE,
        messageId: "notPromoted",
        message:
          "This relies on v2.5.0, and no outcome says that it was promoted in production (the outcomes are of production and staging): where the release before it still serves, its queries fail on what this migration takes away. Merge this when v2.5.0 is promoted and the pipeline has recorded it.",
      },
    ]);
    const [finding] = findings(drop("after=v2.5.0"), { outcomes, tags: [{ name: "v2.5.0", commit: SHA }] });
    expect(finding?.message).toContain(
      "takes away. The git tag v2.5.0 says that it was built, not that it serves. Merge this",
    );
  });

  it("a missing record, when outcomes are demanded", () => {
    expect(findings(drop("after=v2.5.0"), { options: { demandOutcomes: true } })).toEqual([
      {
        ...PLACE,
        endColumn: 39,
        messageId: "unproven",
        message:
          "This relies on v2.5.0, and nothing says that it serves in production: where the release before it still does, its queries fail on what this migration takes away. Let the pipeline record what becomes of releases, in `.yantra/outcomes.jsonl` on the base branch or in a file given with `--outcomes`.",
      },
    ]);
  });

  it("each annotation of its own", () => {
    const added = {
      "migrations/0002_drop.sql":
        "-- @yantra-phase contract after=v2.5.0\nALTER TABLE orders DROP COLUMN note;\n\n-- @yantra-phase contract after=v2.6.0\nDROP TABLE orders;\n",
    };
    expect(findings(added, { outcomes: [NEW] })).toMatchObject([{ startLine: 4, messageId: "notPromoted" }]);
  });
});
