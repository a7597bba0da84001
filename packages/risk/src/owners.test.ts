import { describe, expect, test } from "vitest";
import type { Policy } from "./model.ts";
import { ownership } from "./owners.ts";
import { DEFAULT_POLICY } from "./policy.ts";

/** `owners <- source` of every path's ownership. */
function owners(text: string, paths: string | string[], path = ".github/CODEOWNERS"): string[] {
  return ownership([paths].flat(), { path, text }, DEFAULT_POLICY).map(
    ({ owners, source, approvals }) =>
      `${owners.join(" ")} <- ${source.split(":")[1] ?? ""}${approvals === undefined ? "" : ` x${approvals}`}`,
  );
}

describe("CODEOWNERS of GitHub", () => {
  const matching: [pattern: string, path: string, matches: boolean][] = [
    ["*", "a.ts", true],
    ["*", "deep/down/.env", true],
    ["*.js", "src/a/b.js", true],
    ["*.js", "src/a/b.jsx", false],
    ["/build/logs/", "build/logs/a/b.txt", true],
    ["/build/logs/", "src/build/logs/a.txt", false],
    ["/build/logs/", "build/logs", false],
    ["docs/*", "docs/getting-started.md", true],
    ["docs/*", "docs/build-app/troubleshooting.md", false],
    ["docs/*", "src/docs/a.md", false],
    ["docs/**", "docs/build-app/troubleshooting.md", true],
    ["apps/", "packages/apps/web/index.ts", true],
    ["/docs/", "docs/a/b.md", true],
    ["/apps/github", "apps/github/workflow.yml", true],
    ["/apps/github", "apps/github2/workflow.yml", false],
    ["**/logs", "deploy/logs/today.txt", true],
    ["/src/**/index.ts", "src/index.ts", true],
    ["/src/**/index.ts", "src/a/b/index.ts", true],
    ["/src/*/index.ts", "src/a/b/index.ts", false],
    ["my\\ file.md", "my file.md", true],
    ["/Src/", "src/a.ts", false],
    ["a?.ts", "ab.ts", true],
    ["/*", "README.md", true],
    ["/*", "src/a.ts", false],
    ["/src/**/*", "src/a/b/c.ts", true],
    ["/src/pay*", "src/payment/a.ts", true],
    ["/src/pay*", "src/pa.ts", false],
    ["src/pay", "lib/src/pay", false],
  ];

  test.each(matching)("%s and %s: %s", (pattern, path, matches) => {
    expect(owners(`${pattern} @ada`, path)).toEqual(matches ? ["@ada <- 1"] : []);
  });

  test("the last match wins, also one without owners", () => {
    const text = ["* @all", "", "# pay", "/pay/ @pay ops@example.com", "/pay/generated"].join("\n");
    expect(owners(text, ["a.ts", "pay/charge.ts", "pay/generated/api.ts"])).toEqual([
      "@all <- 1",
      "@pay ops@example.com <- 4",
    ]);
  });

  test("comments behind owners are none", () => {
    expect(owners("*.js @js-owner # not @eve", "a.js")).toEqual(["@js-owner <- 1"]);
  });

  test.each(["!/pay/ @eve", "[ab].js @eve", "\\#a.js @eve", "/pay/ eve", "[Pay] @eve"])(
    "what GitHub does not understand is passed over: %s",
    (line) => {
      expect(owners(`* @all\n${line}`, ["a.js", "pay/a.js"])).toEqual(["@all <- 1", "@all <- 1"]);
    },
  );

  test("line ends and a byte order mark do no harm", () => {
    expect(owners("\uFEFF/pay/ @pay\r\n\t*.md\t@docs\r\n", ["pay/a.ts", "x.md"])).toEqual([
      "@pay <- 1",
      "@docs <- 2",
    ]);
  });
});

describe("CODEOWNERS of GitLab", () => {
  const gitlab = (text: string, paths: string | string[]): string[] => owners(text, paths, "CODEOWNERS");

  test("every section holds, and in it the last match", () => {
    const text = [
      "* @admin",
      "[README Owners]",
      "README.md @user1 @user2",
      "internal/README.md @user4",
      "[README other owners]",
      "README.md @user3",
    ].join("\n");
    expect(gitlab(text, "README.md")).toEqual(["@admin <- 1", "@user1 @user2 <- 3", "@user3 <- 6"]);
    expect(gitlab(text, "internal/README.md")).toEqual(["@admin <- 1", "@user4 <- 4", "@user3 <- 6"]);
    expect(gitlab(text, "app/internal/README.md")).toEqual(["@admin <- 1", "@user4 <- 4", "@user3 <- 6"]);
  });

  test("default owners, numbers of approvals, optional sections", () => {
    const text = [
      "[Documentation][2] @docs-team",
      "docs/",
      "README.md",
      "^[Database] @database-team",
      "model/db/",
      "[Payment][0] @pay",
      "/pay/",
      "/pay/docs/ @writers",
    ].join("\n");
    expect(gitlab(text, "docs/a/b.md")).toEqual(["@docs-team <- 2 x2"]);
    expect(gitlab(text, "model/db/a.sql")).toEqual([]);
    expect(gitlab(text, "pay/a.ts")).toEqual(["@pay <- 7"]);
    expect(gitlab(text, "pay/docs/a.md")).toEqual(["@docs-team <- 2 x2", "@writers <- 8"]);
  });

  test("sections of one name are one, and required if one of them is", () => {
    const text = ["^[Go]", "*.go @a", "[GO][3]", "/cmd/ @b"].join("\n");
    expect(gitlab(text, ["x.go", "cmd/x.go"])).toEqual(["@b <- 4 x3", "@a <- 2 x3"]);
  });

  test("what is excluded stays so in its section", () => {
    const text = ["* @all", "!*.rb", "/special/*.rb @ruby", "[Config]", "/config/ @ops"].join("\n");
    expect(gitlab(text, ["a.ts", "special/a.rb", "config/a.rb"])).toEqual(["@all <- 1", "@ops <- 5"]);
  });

  test("escapes, roles, words that are no owners", () => {
    expect(gitlab("\\#a.rb @ada\n/config/ @@maintainer", "#a.rb")).toEqual(["@ada <- 1"]);
    expect(gitlab("path\\ with\\ spaces/ @ada\n/config/ @@maintainer", "path with spaces/x")).toEqual([
      "@ada <- 1",
    ]);
    expect(gitlab("[A]\n/config/ ada @@maintainer @grace", "config/x")).toEqual(["@@maintainer @grace <- 2"]);
  });

  const matching: [pattern: string, path: string, matches: boolean][] = [
    ["docs", "docs", true],
    ["docs", "docs/a.md", false],
    ["docs/", "src/docs/a.md", true],
    ["/docs/", "src/docs/a.md", false],
    ["/docs/*", "docs/a/b.md", false],
    ["/docs/**", "docs/a/b.md", false],
    ["/docs/**/*.md", "docs/a/b.md", true],
    ["/docs/**/*.md", "docs/b.md", true],
    ["/docs/index.*", "docs/index.html", true],
    ["internal/README.md", "docs/internal/README.md", true],
    ["/a[bc]/", "ab/x.ts", true],
    ["/a[bc]/", "ad/x.ts", false],
  ];
  test.each(matching)("%s and %s: %s", (pattern, path, matches) => {
    expect(gitlab(`[Section]\n${pattern} @ada`, path)).toEqual(matches ? ["@ada <- 2"] : []);
  });
});

describe("rules of the policy", () => {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    approvers: [
      { paths: ["pay/**", "!pay/**/*.md"], approvers: ["@org/pay"] },
      { paths: ["**/*.sql"], approvers: ["dba@example.com"] },
    ],
  };

  test("hold beside CODEOWNERS, each of them", () => {
    expect(
      ownership(["pay/a.sql", "pay/a.md", "src/a.ts"], { path: "CODEOWNERS", text: "/pay/ @ada" }, policy),
    ).toEqual([
      { path: "pay/a.md", owners: ["@ada"], source: "CODEOWNERS:1" },
      { path: "pay/a.sql", owners: ["@ada"], source: "CODEOWNERS:1" },
      { path: "pay/a.sql", owners: ["@org/pay"], source: "policy" },
      { path: "pay/a.sql", owners: ["dba@example.com"], source: "policy" },
    ]);
  });

  test("hold alone when CODEOWNERS is turned off or absent", () => {
    const off = { ...policy, codeowners: false };
    expect(ownership(["pay/a.ts"], { path: "CODEOWNERS", text: "* @ada" }, off)).toEqual([
      { path: "pay/a.ts", owners: ["@org/pay"], source: "policy" },
    ]);
    expect(ownership(["src/a.ts"], undefined, policy)).toEqual([]);
  });
});
