import { describe, expect, test } from "vitest";
import { approvalRecord, ApprovalFileError, readApprovals } from "./approval-files.ts";
import { git } from "./report.fixture.ts";

const DIGEST = "d".repeat(64);
const C = git("c");
const read = (value: unknown): ReturnType<typeof readApprovals> => readApprovals(value, "file.json");

describe("our own records", () => {
  const record = { format: 1, approver: "grace", environment: "production", digest: DIGEST };

  test("one, and a list", () => {
    const grace = { approver: "grace", environment: "production", digest: DIGEST, source: "file.json" };
    expect(read(record)).toEqual([grace]);
    expect(read([record, { ...record, approver: "edgar", at: "2026-11-22T10:00:00Z" }])).toEqual([
      grace,
      { ...grace, approver: "edgar", at: "2026-11-22T10:00:00Z" },
    ]);
  });

  test("are read as they are made", () => {
    const made = approvalRecord({ approver: "grace", digest: DIGEST, at: "2026-11-22T10:00:00Z" });
    expect(read(JSON.parse(JSON.stringify(made)))).toEqual([
      { approver: "grace", digest: DIGEST, at: "2026-11-22T10:00:00Z", source: "file.json" },
    ]);
    expect(() => approvalRecord({ approver: " ", digest: DIGEST })).toThrow(ApprovalFileError);
  });

  test.each([
    ["another format", { ...record, format: 2 }, "format is not 1"],
    ["no digest", { format: 1, approver: "grace" }, "lacks digest"],
    ["a cut digest", { ...record, digest: "dddd" }, "digest is no SHA-256 digest"],
    ["no name", { ...record, approver: "" }, "approver is no text"],
    ["an empty environment", { ...record, environment: " " }, "environment is no text"],
    ["a field too much", { ...record, commit: C }, 'a field "commit"'],
    ["a prototype", JSON.parse(`{"format":1,"__proto__":{"approver":"grace"}}`), "lacks approver"],
    ["no time", { ...record, at: "yesterday" }, "at is no point in time"],
  ])("with %s is an error", (_, value, message) => {
    expect(() => read(value)).toThrow(message);
  });

  test("one that is wrong spoils the list", () => {
    expect(() => read([record, {}])).toThrow(ApprovalFileError);
  });
});

interface Fields {
  login?: string;
  state?: string;
  commit?: string | null;
  at?: string;
  type?: string;
  association?: string;
}

/** As the REST API gives it. */
function review(parts: Fields = {}): Record<string, unknown> {
  const { login = "grace", state = "APPROVED", commit = C, at = "2026-11-22T10:00:00Z" } = parts;
  const { type = "User", association = "MEMBER" } = parts;
  return {
    id: 80,
    user: { login, id: 1, type },
    body: "",
    state,
    commit_id: commit,
    submitted_at: at,
    author_association: association,
  };
}

describe("reviews of GitHub", () => {
  const grace = { approver: "grace", commit: C, source: "file.json", at: "2026-11-22T10:00:00Z" };
  const at = (hour: number): string => `2026-11-22T${hour}:00:00Z`;

  test("an approval, and none", () => {
    expect(read([review()])).toEqual([grace]);
    expect(read([])).toEqual([]);
    expect(read({ reviews: [] })).toEqual([]);
  });

  test("pages in pages", () => {
    expect(read([[review()], [review({ login: "edgar" })], []]).map(({ approver }) => approver)).toEqual([
      "grace",
      "edgar",
    ]);
  });

  test("as gh prints them", () => {
    const reviews = [
      {
        id: "PRR_1",
        author: { login: "grace" },
        authorAssociation: "MEMBER",
        body: "",
        submittedAt: "2026-11-22T10:00:00Z",
        includesCreatedEdit: false,
        reactionGroups: [],
        state: "APPROVED",
        commit: { oid: C },
      },
    ];
    expect(read({ reviews })).toEqual([grace]);
    expect(read({ number: 7, reviews })).toEqual([grace]);
  });

  test("the latest word of a person counts, and a comment is none", () => {
    const said = (...states: string[]): unknown =>
      read(states.map((state, index) => review({ state, at: at(10 + index) }))).map(
        ({ objection, at: when }) => `${objection ? "objects" : "approves"} ${when ?? ""}`,
      );
    expect(said("APPROVED", "COMMENTED")).toEqual([`approves ${at(10)}`]);
    expect(said("APPROVED", "CHANGES_REQUESTED")).toEqual([`objects ${at(11)}`]);
    expect(said("APPROVED", "CHANGES_REQUESTED", "COMMENTED")).toEqual([`objects ${at(11)}`]);
    expect(said("CHANGES_REQUESTED", "APPROVED")).toEqual([`approves ${at(11)}`]);
    expect(said("APPROVED", "DISMISSED")).toEqual([]);
    expect(said("DISMISSED")).toEqual([]);
    expect(said("COMMENTED", "PENDING")).toEqual([]);
  });

  test("the time tells which is the latest, not the place, and a login has no case", () => {
    const objection = review({ login: "Grace", state: "CHANGES_REQUESTED", at: at(12) });
    expect(read([[objection], [review({ at: at(11) })]])).toMatchObject([
      { approver: "Grace", objection: true },
    ]);
  });

  test("programs and outsiders are marked", () => {
    expect(
      read([
        review({ login: "renovate[bot]", type: "Bot", association: "NONE" }),
        review({ login: "eve", association: "NONE" }),
        review({ login: "trudy", association: "CONTRIBUTOR" }),
        review({ login: "owner", association: "OWNER" }),
      ]).map(({ approver, bot = false, outsider = false }) => [approver, bot, outsider]),
    ).toEqual([
      ["renovate[bot]", true, true],
      ["eve", false, true],
      ["trudy", false, true],
      ["owner", false, false],
    ]);
  });

  test("an account that is gone approves nothing; a commit that is gone is none", () => {
    expect(read([{ ...review(), user: null }])).toEqual([]);
    expect(read([review({ commit: null })])).toEqual([{ ...grace, commit: "" }]);
  });

  test.each<[string, unknown, string]>([
    ["an unknown state", [review({ state: "LGTM" })], "state is none of"],
    ["a state in small letters", [review({ state: "approved" })], "state is none of"],
    ["no time", [review({ at: "" })], "time is no"],
    ["a short commit", [review({ commit: "cccc" })], "commit is no full object name"],
    ["no association", [{ ...review(), author_association: undefined }], "author_association is no text"],
    ["no account", [{ ...review(), user: {} }], "login is no text"],
    ["neither user nor author", [{ state: "APPROVED" }], "author"],
    ["something else in it", [review(), 1], "Review 2 is no object"],
    ["reviews that are no list", { reviews: {} }, "reviews is no list"],
  ])("with %s are an error", (_, value, message) => {
    expect(() => read(value)).toThrow(message);
  });
});

describe("approvals of GitLab", () => {
  const user = { id: 1, name: "Grace", username: "grace", state: "active" };
  const approvedAt = "2026-11-22T10:00:00.000Z";
  const approvals = { id: 5, iid: 5, approved: true, approved_by: [{ user, approved_at: approvedAt }] };
  const version = (commit: string, createdAt: string): object => ({
    id: 1,
    head_commit_sha: commit,
    created_at: createdAt,
  });
  const settings = { reset_approvals_on_push: true };

  test("with versions: the newest that was there", () => {
    const versions = [
      version(git("3"), "2026-11-22T10:00:00.000Z"),
      version(C, "2026-11-22T09:00:00.000Z"),
      version(git("1"), "2026-11-22T08:00:00.000Z"),
    ];
    expect(read({ approvals, versions })).toEqual([
      { approver: "grace", commit: C, at: approvedAt, source: "file.json" },
    ]);
  });

  test("with the merge request, where a push takes approvals away", () => {
    const old = { ...approvals, approved_by: [{ user }] };
    expect(read({ approvals: old, merge_request: { iid: 5, sha: C }, settings })).toEqual([
      { approver: "grace", commit: C, source: "file.json" },
    ]);
    expect(
      read({ approvals: { ...approvals, approved_by: [] }, merge_request: { sha: C }, settings }),
    ).toEqual([]);
  });

  test("of a token's account is a program's", () => {
    const bot = { ...user, username: "project_12_bot_4ffca233d8298ea1" };
    const approved = { ...approvals, approved_by: [{ user: bot }] };
    expect(read({ approvals: approved, merge_request: { sha: C }, settings })).toMatchObject([{ bot: true }]);
  });

  test.each<[string, unknown, string]>([
    ["alone", approvals, "do not say which commit"],
    ["without settings", { approvals, merge_request: { sha: C } }, "settings is no object"],
    [
      "that outlive a push",
      { approvals, merge_request: { sha: C }, settings: { reset_approvals_on_push: false } },
      "may be of an older push",
    ],
    ["without the time", { approvals: { approved_by: [{ user }] }, versions: [] }, "approved_at is no"],
    [
      "before every version",
      { approvals, versions: [version(C, "2026-11-22T11:00:00Z")] },
      "before the first",
    ],
    ["without a list", { approvals: {}, versions: [] }, "approved_by is no list"],
    ["without a name", { approvals: { approved_by: [{ user: {} }] }, versions: [] }, "username is no text"],
  ])("%s are an error", (_, value, message) => {
    expect(() => read(value)).toThrow(message);
  });
});

test.each([
  null,
  undefined,
  1,
  "APPROVED",
  true,
  {},
  { approved: true },
  [[1]],
  [{}],
  { message: "Not Found" },
])("%j holds no approvals that can be read", (value) => {
  expect(() => read(value)).toThrow("file.json holds no approvals that can be read");
});
