import { describe, expect, it } from "vitest";
import { isDependencyFile } from "./index.ts";
import { lines, told } from "./dependencies.fixture.ts";

describe("Dockerfile", () => {
  it.each([
    ["FROM node:20", "FROM node:22", ["1 major node 20 → 22"]],
    ["FROM node:20.1-alpine", "FROM node:20.2-alpine", ["1 minor node 20.1-alpine → 20.2-alpine"]],
    ["FROM node:20-alpine3.18", "FROM node:20-alpine3.19", ["1 minor node 20-alpine3.18 → 20-alpine3.19"]],
    ["FROM node:20-alpine", "FROM node:20-slim", ["1 unclear node 20-alpine → 20-slim"]],
    ["FROM debian:bookworm", "FROM debian:trixie", ["1 unclear debian bookworm → trixie"]],
    ["FROM node", "FROM node:20", ["1 unclear node latest → 20"]],
    ["FROM node:20@sha256:aa", "FROM node:20@sha256:bb", ["1 minor node 20@sha256:aa → 20@sha256:bb"]],
    ["FROM node@sha256:aa", "FROM node@sha256:bb", ["1 unclear node @sha256:aa → @sha256:bb"]],
    [
      "FROM host:5000/é/app:v1.2",
      "from --platform=$X host:5000/é/app:v2.0 as b",
      ["1 major host:5000/é/app v1.2 → v2.0"],
    ],
    [
      "FROM docker.io/library/node:20",
      "FROM node:20 AS a\nFROM a\nFROM scratch\nCOPY --from=a x y\nCOPY --from=0 x y",
      [],
    ],
    [
      "ARG V=20\nFROM node:${V}-alpine",
      "ARG V=22\r\nFROM node:${V}-alpine",
      ["2 major node 20-alpine → 22-alpine"],
    ],
    ["FROM node:${V:-20}", "FROM node:${V:-22}", ["1 major node 20 → 22"]],
    ["FROM $BASE", "FROM $OTHER", ["1 removed $BASE - → -", "1 added $OTHER - → -"]],
    [
      "FROM a:1\nCOPY --from=ghcr.io/uv:0.4 /uv /bin/",
      "FROM a:1\nRUN --mount=type=bind,from=ghcr.io/uv:1.0,target=/x \\\n  true",
      ["2 major ghcr.io/uv 0.4 → 1.0"],
    ],
    ["FROM a:1\nRUN <<EOF\nFROM x:1\nEOF\n", "FROM a:1\nRUN echo \\\n# FROM y:1\n  FROM z:2", []],
  ])("%j → %j", (before, after, changes) => {
    expect(told("docker/Dockerfile.web", before, after)).toEqual(changes);
  });
});

describe("Gemfile", () => {
  it("reads groups, blocks and gemspecs", () => {
    const before = lines(
      'source "https://rubygems.org"',
      'ruby "3.2.0"',
      'gem "rails", "~> 6.1", ">= 6.1.2" # é',
      "gem 'own', path: '../own'",
      "group :development, :test do",
      '  gem "rspec", "~> 3.0"',
      "end",
      'gem "lint", "1.0", group: :development',
      'gem "forked", github: "é/forked", branch: "main"',
      'gem "plain"',
    );
    const after = before
      .replace('"~> 6.1", ">= 6.1.2"', '">= 7.0.2", "~> 7.0"')
      .replace('"~> 3.0"', '"~> 4.0"')
      .replace('"1.0"', '"2.0"')
      .replace('"main"', '"next"')
      .replace("3.2.0", "3.3.0");
    expect(told("Gemfile", before, after)).toEqual([
      "2 minor ruby 3.2.0 → 3.3.0",
      "3 major rails ~>6.1,>=6.1.2 → ~>7.0,>=7.0.2",
      "6 major rspec ~>3.0 → ~>4.0 (development)",
      "8 major lint 1.0 → 2.0 (development)",
      "9 unclear forked git:é/forked#main → git:é/forked#next",
    ]);
    const spec =
      'Gem::Specification.new do |s|\n  s.add_dependency "a", "1.0"\n  s.add_development_dependency("b", "1.0")\nend\n';
    expect(told("shop.gemspec", spec, spec.replaceAll("1.0", "2.0"))).toEqual([
      "2 major a 1.0 → 2.0",
      "3 major b 1.0 → 2.0 (development)",
    ]);
  });

  it("reads Gemfile.lock", () => {
    const lock = (a: string, b: string): string =>
      lines(
        "PATH",
        "  remote: ../own",
        "  specs:",
        "    own (0.1.0)",
        "",
        "GEM",
        "  remote: https://rubygems.org/",
        "  specs:",
        `    a (${a})`,
        "      b (>= 1.0)",
        `    b (${b}-x86_64-linux)`,
        "",
        "DEPENDENCIES",
        "  a (~> 1.0)",
        "  own!",
      );
    expect(told("Gemfile.lock", lock("1.0.0", "1.0.0"), lock("1.0.1", "2.0.0"))).toEqual([
      "9 minor a 1.0.0 → 1.0.1",
      "11 major b 1.0.0 → 2.0.0 (transitive)",
    ]);
  });
});

describe("Composer and Mix", () => {
  it("reads composer.json and composer.lock", () => {
    const manifest = (version: string, php: string): string =>
      JSON.stringify(
        { require: { php, "ext-json": "*", "É/a": version }, "require-dev": { "e/b": version } },
        null,
        1,
      );
    expect(told("composer.json", manifest("^1.0 || ^2.0", ">=8.1"), manifest("^2.0", ">=8.2"))).toEqual([
      "3 minor php >=8.1 → >=8.2",
      "5 major é/a ^1.0 || ^2.0 → ^2.0",
      "8 major e/b ^1.0 || ^2.0 → ^2.0 (development)",
    ]);
    const lock = (version: string): string =>
      JSON.stringify({ packages: [{ name: "e/a", version }] }, null, 1);
    expect(told("composer.lock", lock("v1.0.0"), lock("v2.0.0"))).toEqual([
      "4 major e/a v1.0.0 → v2.0.0 (transitive)",
    ]);
  });

  it("reads mix.exs and mix.lock", () => {
    const before = lines(
      '  {:phoenix, "~> 1.6"},',
      '  {:credo, "~> 1.0", only: [:dev, :test]},',
      '  {:own, path: "../own"} # é',
    );
    const after = before.replace("1.6", "2.0").replace('"~> 1.0"', '"~> 2.0"');
    expect(told("mix.exs", before, after)).toEqual([
      "1 major phoenix ~> 1.6 → ~> 2.0",
      "2 major credo ~> 1.0 → ~> 2.0 (development)",
    ]);
    const lock = (version: string): string =>
      `%{\n  "a": {:hex, :a, "${version}", "x", [:mix], [], "hexpm", "y"},\n}\n`;
    expect(told("mix.lock", lock("1.0.0"), lock("1.1.0"))).toEqual(["2 minor a 1.0.0 → 1.1.0 (transitive)"]);
  });
});

describe("isDependencyFile", () => {
  it.each([
    ["a/package.json", true],
    ["go.sum", true],
    ["Dockerfile.dev", true],
    ["web.Dockerfile", true],
    ["Containerfile", true],
    ["requirements-test.in", true],
    ["requirements/base.txt", true],
    ["gradle/libs.versions.toml", true],
    ["Shop.csproj", true],
    ["Dockerfile.dockerignore", false],
    ["docs/requirements.md", false],
    ["src/package.ts", false],
    ["node_modules/a/package.json", false],
    ["vendor/a/go.mod", false],
  ])("%s: %s", (path, expected) => {
    expect(isDependencyFile(path)).toBe(expected);
  });
});
