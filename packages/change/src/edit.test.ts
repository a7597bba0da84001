import type { DependencyChange, EditKind } from "@yantra-lint/core";
import { describe, expect, test } from "vitest";
import { dependencyChanges } from "./dependencies/index.ts";
import { editOf } from "./edit.ts";
import { hunksOf } from "./hunks.ts";

/** How a manifest or lock file was edited, and what became of its dependencies. */
function told(path: string, before: string, after: string): [EditKind, DependencyChange["change"][]] {
  const dependencies = dependencyChanges({ path, before, after });
  const { kind } = editOf({
    path,
    before,
    after,
    category: "dependencies",
    renamed: false,
    opaque: false,
    hunks: hunksOf(before, after),
    dependencies,
    compare: () => undefined,
  });
  return [kind, (dependencies ?? []).map(({ change }) => change)];
}

const lines = (...all: string[]): string => `${all.join("\n")}\n`;

const CARGO = lines(
  "[package]",
  'name = "shop"',
  'build = "build.rs"',
  "",
  "[dev-dependencies]",
  'insta = "1.0.0"',
);
const POM = lines(
  "<project>",
  "  <dependencies>",
  "    <dependency>",
  "      <groupId>shop</groupId>",
  "      <artifactId>cart</artifactId>",
  "      <version>1.0.0</version>",
  "      <scope>test</scope>",
  "    </dependency>",
  "  </dependencies>",
  "  <packaging>jar</packaging>",
  "</project>",
);
const GEMS = lines('source "https://rubygems.org"', 'gem "rspec", "3.1.0", group: :test');

describe("a manifest whose dependencies changed", () => {
  test.each<[string, string, string, string, EditKind, DependencyChange["change"][]]>([
    ["a version alone", "Cargo.toml", CARGO, CARGO.replace("1.0.0", "1.2.0"), "comment", ["minor"]],
    ["a new one alone", "Cargo.toml", CARGO, `${CARGO}mockall = "0.12"\n`, "comment", ["added"]],
    ["one less", "Cargo.toml", `${CARGO}mockall = "0.12"\n`, CARGO, "comment", ["removed"]],
    [
      "a version and what builds it",
      "Cargo.toml",
      CARGO,
      CARGO.replace("1.0.0", "1.2.0").replace("build.rs", "other.rs"),
      "unknown",
      ["minor"],
    ],
    ["what builds it alone", "Cargo.toml", CARGO, CARGO.replace("build.rs", "other.rs"), "unknown", []],
    ["a version on a line of its own", "pom.xml", POM, POM.replace("1.0.0", "1.1.0"), "comment", ["minor"]],
    [
      "a version and a packaging",
      "pom.xml",
      POM,
      POM.replace("1.0.0", "1.1.0").replace(">jar<", ">war<"),
      "unknown",
      ["minor"],
    ],
    [
      "a version and another registry",
      "Gemfile",
      GEMS,
      GEMS.replace("3.1.0", "3.2.0").replace("rubygems.org", "gems.example"),
      "unknown",
      ["minor"],
    ],
    [
      "a new one and what runs beside it",
      "Gemfile",
      GEMS,
      `${GEMS}gem "rake", group: :test; system "true"\n`,
      "unknown",
      ["added"],
    ],
    [
      "a version in JSON",
      "composer.json",
      '{"require-dev":{"a/b":"1.0.0"}}',
      '{"require-dev":{"a/b":"1.1.0"}}',
      "comment",
      ["minor"],
    ],
    [
      "a version and a script in JSON",
      "composer.json",
      '{"require-dev":{"a/b":"1.0.0"}}',
      '{"require-dev":{"a/b":"1.1.0"},"scripts":{"post-install-cmd":"x"}}',
      "logic",
      ["minor"],
    ],
  ])("%s", (_, path, before, after, kind, changes) => {
    expect(told(path, before, after)).toEqual([kind, changes]);
  });
});

const npmLock = (version: string, hash: string, own = "1.0.0", dev = true): string =>
  JSON.stringify(
    {
      name: "shop",
      version: own,
      lockfileVersion: 3,
      packages: {
        "": { name: "shop", version: own },
        "node_modules/a": { version, resolved: "https://registry.example/a.tgz", integrity: hash, dev },
        "node_modules/b": {
          version: "1.0.0",
          resolved: "https://registry.example/b.tgz",
          integrity: hash,
          dev,
        },
      },
    },
    null,
    2,
  );
const cargoLock = (version: string, sum: string): string =>
  lines(
    "version = 4",
    "",
    ...["a", "b"].flatMap((name) => [
      "[[package]]",
      `name = "${name}"`,
      `version = "${name === "a" ? version : "1.0.0"}"`,
      'source = "registry+https://github.com/rust-lang/crates.io-index"',
      `checksum = "${name === "a" && version !== "1.0.0" ? "new" : sum}"`,
      "",
    ]),
  );
const yarnLock = (address: string): string =>
  lines(
    "a@^1.0.0:",
    '  version "1.0.0"',
    `  resolved "${address}"`,
    "  integrity sha512-a",
    "",
    "b@^1:",
    '  version "1.1.0"',
  );
const bunLock = (hash: string, b = "1.0.0"): string =>
  lines(
    "{",
    '  "workspaces": {},',
    '  "packages": {',
    `    "a": ["a@1.0.0", "", {}, "${hash}"],`,
    "",
    `    "b": ["b@${b}", "", {}, "sha512-b${b}"],`,
    "  }",
    "}",
  );
const SUM = lines("a v1.0.0 h1:a=", "a v1.0.0/go.mod h1:b=");
const POETRY = lines(
  "[[package]]",
  'name = "a"',
  'version = "1.0.0"',
  "",
  "[metadata]",
  'content-hash = "a"',
);

describe("a lock file", () => {
  test.each<[string, string, string, string, EditKind]>([
    ["a version", "package-lock.json", npmLock("1.0.0", "x"), npmLock("1.1.0", "x"), "comment"],
    ["a hash", "package-lock.json", npmLock("1.0.0", "x"), npmLock("1.0.0", "y"), "logic"],
    [
      "a version, and another's hash",
      "package-lock.json",
      npmLock("1.0.0", "x"),
      npmLock("1.1.0", "y"),
      "logic",
    ],
    [
      "format",
      "package-lock.json",
      npmLock("1.0.0", "x"),
      npmLock("1.0.0", "x").replace(/\s/g, ""),
      "comment",
    ],
    [
      "the own version",
      "package-lock.json",
      npmLock("1.0.0", "x"),
      npmLock("1.0.0", "x", "1.0.1"),
      "comment",
    ],
    ["a version of a crate", "Cargo.lock", cargoLock("1.0.0", "x"), cargoLock("1.1.0", "x"), "comment"],
    ["a checksum", "Cargo.lock", cargoLock("1.0.0", "x"), cargoLock("1.0.0", "y"), "logic"],
    [
      "a version, and another's checksum",
      "Cargo.lock",
      cargoLock("1.0.0", "x"),
      cargoLock("1.1.0", "y"),
      "logic",
    ],
    [
      "a place",
      "yarn.lock",
      yarnLock("https://a.example/a.tgz"),
      yarnLock("https://b.example/a.tgz"),
      "logic",
    ],
    [
      "a version, and another's place",
      "yarn.lock",
      yarnLock("https://a.example/a.tgz"),
      yarnLock("https://b.example/a.tgz").replace("1.1.0", "1.2.0"),
      "logic",
    ],
    ["a hash in a line", "bun.lock", bunLock("x"), bunLock("y"), "logic"],
    ["a version in a line", "bun.lock", bunLock("x"), bunLock("x", "1.1.0"), "comment"],
    ["lines more", "go.sum", SUM, `${SUM}b v1.0.0 h1:c=\n`, "comment"],
    ["lines less", "go.sum", `${SUM}b v1.0.0 h1:c=\n`, SUM, "comment"],
    ["another sum", "go.sum", SUM, SUM.replace("h1:a=", "h1:z="), "logic"],
    ["a second sum", "go.sum", SUM, `${SUM}a v1.0.0 h1:z=\n`, "logic"],
    [
      "the manifest's hash",
      "poetry.lock",
      POETRY,
      POETRY.replace('content-hash = "a"', 'content-hash = "b"'),
      "comment",
    ],
  ])("%s", (_, path, before, after, kind) => {
    expect(told(path, before, after)[0]).toBe(kind);
  });
});
