import { describe, expect, test } from "vitest";
import { approvalStatus, isAuthor } from "./approvals.ts";
import type { Approval, Ownership, Policy } from "./model.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { git, reportOf } from "./report.fixture.ts";

const report = reportOf();
const by = (approver: string, parts: Partial<Approval> = {}): Approval => ({
  approver,
  digest: report.digest,
  source: "approvals.json",
  ...parts,
});
/** A review of the forge: bound to a commit. */
const review = (approver: string, parts: Partial<Approval> = {}): Approval => ({
  approver,
  commit: git("c"),
  source: "reviews.json",
  ...parts,
});

describe("counts", () => {
  test.each([
    ["by digest", by("grace")],
    ["by digest for the environment", by("grace", { environment: "production" })],
    ["by the reviewed commit", review("grace")],
    ["by both", by("grace", { commit: git("c") })],
  ])("an approval %s", (_, approval) => {
    expect(approvalStatus(report, [approval], "production")).toEqual({
      needed: 1,
      counted: [approval],
      refused: [],
      missing: [],
      objections: [],
      satisfied: true,
    });
  });

  test("a review of the branch counts for its merge", () => {
    const merged = reportOf({
      head: { commit: git("e"), tree: git("2"), uncommitted: [], reviewed: [git("e"), git("c")] },
    });
    expect(approvalStatus(merged, [review("grace")], "production").satisfied).toBe(true);
  });

  test("nothing is needed where the class deploys by itself, not even silence", () => {
    const low = reportOf({ risk: "low", ownership: [{ path: "a", owners: ["@x"], source: "policy" }] });
    expect(approvalStatus(low, [review("eve", { objection: true })], "production")).toMatchObject({
      needed: 0,
      missing: [],
      satisfied: true,
    });
  });
});

describe("does not count", () => {
  test.each<[string, Approval, string]>([
    ["of another digest", by("grace", { digest: "0".repeat(64) }), "the digest differs"],
    ["of another commit", review("grace", { commit: git("9") }), "It is of commit 999999999999"],
    ["of a commit that is gone", review("grace", { commit: "" }), "It is of commit unknown"],
    ["of this digest and another commit", by("grace", { commit: git("9") }), "It is of commit 9"],
    ["of nothing", { approver: "grace", source: "x.json" }, "neither the digest nor the commit"],
    ["for another environment", by("grace", { environment: "staging" }), "It is for staging only."],
    ["for the environment in capitals", by("grace", { environment: "Production" }), "Production only"],
    ["of a program", review("renovate[bot]", { bot: true }), "programs cannot approve"],
    ["of a team", by("@org/pay"), "is a team"],
    ["of a role", by("@@maintainer"), "is a team"],
    ["of nobody", by("@"), "does not say who"],
    ["of an outsider", review("eve", { outsider: true }), "does not say that eve belongs"],
    ["of the author", by("Ada Lovelace"), "Ada Lovelace is an author of the change."],
    ["of the author's address", by("ADA@example.com"), "is an author of the change"],
    ["of the author's tag", by("ada+approvals@example.com"), "taken for ada@example.com"],
    ["of the author's login", by("ada"), "taken for ada@example.com"],
    ["of the author elsewhere", by("ada@home.example"), "taken for ada@example.com"],
    ["of the author, signed", by("A. L. <ada@example.com>"), "is an author"],
    ["of the author's hidden address", by("1+ada@users.noreply.github.com"), "taken for ada@example.com"],
  ])("an approval %s", (_, approval, why) => {
    const status = approvalStatus(report, [approval], "production");
    expect(status).toMatchObject({ counted: [], satisfied: false });
    expect(status.refused).toEqual([{ approval, why: expect.stringContaining(why) as unknown }]);
  });

  test("anybody's while no author is known", () => {
    const orphan = reportOf({ authors: [] });
    expect(approvalStatus(orphan, [review("grace")], "production")).toMatchObject({
      counted: [],
      satisfied: false,
    });
  });

  test("the author's under a name that only `people` knows", () => {
    const named = reportOf({ policy: { people: { ada: ["countess", "ada@example.com"] } } });
    const approval = by("Countess", { digest: named.digest });
    expect(approvalStatus(named, [approval], "production").refused[0]?.why).toContain("Countess");
  });

  test("a co-author's, when the author is hidden behind the forge's address", () => {
    const hidden = reportOf({ authors: ["12345+Grace@users.noreply.github.com", "ada"] });
    expect(approvalStatus(hidden, [review("grace")], "production").satisfied).toBe(false);
  });

  test("people lets a namesake approve", () => {
    const named = reportOf({
      policy: { people: { lovelace: ["ada@example.com", "Ada Lovelace"], ada: [] } },
    });
    expect(approvalStatus(named, [review("ada")], "production").satisfied).toBe(true);
  });

  test("an outsider whom the base names may approve", () => {
    const named = reportOf({ policy: { teams: { "@org/pay": ["@Eve"] } } });
    expect(approvalStatus(named, [review("eve", { outsider: true })], "production").satisfied).toBe(true);
  });
});

test("who is an author is told in the same way", () => {
  expect(isAuthor(report, "Ada+x@example.com")).toBe(true);
  expect(isAuthor(report, "grace")).toBe(false);
});

describe("two approvals", () => {
  const policy: Partial<Policy> = {
    classes: { ...DEFAULT_POLICY.classes, high: { deploys: [], approvals: 2 } },
    people: { grace: ["hopper@example.mil"] },
  };
  const two = reportOf({ policy });

  test("are two people's", () => {
    expect(approvalStatus(two, [review("grace"), review("edgar")], "production").satisfied).toBe(true);
  });

  test.each([
    "grace",
    "GRACE",
    "hopper@example.mil",
    "7+grace@users.noreply.github.com",
    "grace@example.com",
  ])("grace and %s are one", (name) => {
    const status = approvalStatus(two, [review("grace"), by(name, { digest: two.digest })], "production");
    expect(status).toMatchObject({ needed: 2, satisfied: false });
    expect(status.counted).toHaveLength(1);
    expect(status.refused[0]?.why).toContain("one person");
  });
});

describe("requested changes", () => {
  test("hold up the approval of others, also when they are of an older commit", () => {
    const objection = review("edgar", { objection: true, commit: git("9") });
    expect(approvalStatus(report, [review("grace"), objection], "production")).toMatchObject({
      counted: [review("grace")],
      objections: [objection],
      satisfied: false,
    });
  });

  test("of somebody outside do not", () => {
    const objection = review("eve", { objection: true, outsider: true });
    expect(approvalStatus(report, [review("grace"), objection], "production").satisfied).toBe(true);
  });

  test("are no approval", () => {
    expect(approvalStatus(report, [review("grace", { objection: true })], "production").counted).toEqual([]);
  });
});

describe("owners", () => {
  const pay: Ownership = { path: "pay/charge.ts", owners: ["@org/pay", "@dba"], source: "CODEOWNERS:3" };
  const teams = { "@org/pay": ["@grace", "hopper@example.com"] };

  test.each(["grace", "hopper@example.com", "dba"])("%s may approve", (name) => {
    const owned = reportOf({ ownership: [pay], policy: { teams } });
    expect(approvalStatus(owned, [review(name)], "production")).toMatchObject({
      missing: [],
      satisfied: true,
    });
  });

  test.each(["edgar", "org/pay", "@org/pay", "grace+x@example.com"])("%s may not", (name) => {
    const owned = reportOf({ ownership: [pay], policy: { teams } });
    expect(approvalStatus(owned, [review(name)], "production")).toMatchObject({
      missing: [{ paths: ["pay/charge.ts"], owners: ["@org/pay", "@dba"], needed: 1 }],
      satisfied: false,
    });
  });

  test("of a team that nobody told the members of, nobody is a member", () => {
    const owned = reportOf({ ownership: [{ ...pay, owners: ["@org/pay"] }] });
    expect(approvalStatus(owned, [review("grace")], "production").missing).toEqual([
      {
        paths: ["pay/charge.ts"],
        owners: ["@org/pay"],
        needed: 1,
        sources: ["CODEOWNERS:3"],
        why: "pay/charge.ts needs the approval of one of @org/pay (CODEOWNERS:3). Nobody is known to be in @org/pay: add the members under `teams` in the policy.",
      },
    ]);
  });

  test("every path needs one of its own; paths with the same owners stand together", () => {
    const owned = reportOf({
      ownership: [
        { path: "a", owners: ["@grace"], source: "CODEOWNERS:1" },
        { path: "b", owners: ["@edgar"], source: "policy" },
        { path: "c", owners: ["@edgar"], source: "CODEOWNERS:2" },
      ],
    });
    expect(approvalStatus(owned, [review("grace")], "production").missing).toMatchObject([
      { paths: ["b", "c"], owners: ["@edgar"], sources: ["policy", "CODEOWNERS:2"] },
    ]);
    expect(approvalStatus(owned, [review("grace"), review("edgar")], "production").satisfied).toBe(true);
  });

  test("as many as a section asks for", () => {
    const owned = reportOf({
      ownership: [{ path: "a", owners: ["@grace", "@edgar", "@alan"], approvals: 2, source: "CODEOWNERS:1" }],
    });
    expect(approvalStatus(owned, [review("grace")], "production").missing).toMatchObject([{ needed: 1 }]);
    expect(approvalStatus(owned, [review("grace"), review("alan")], "production").satisfied).toBe(true);
  });

  test("an author who is the only owner cannot be replaced silently", () => {
    const owned = reportOf({ ownership: [{ path: "a", owners: ["@ada"], source: "CODEOWNERS:1" }] });
    const status = approvalStatus(owned, [review("grace"), review("ada")], "production");
    expect(status.satisfied).toBe(false);
    expect(status.missing[0]?.why).toContain("All of them are authors");
  });

  test("names of objects' own machinery are no teams", () => {
    for (const name of ["@org/constructor", "@org/__proto__", "toString", "__proto__"]) {
      const owned = reportOf({ ownership: [{ path: "a", owners: [name], source: "CODEOWNERS:1" }] });
      expect(approvalStatus(owned, [review("grace")], "production").missing).toHaveLength(1);
    }
  });
});
