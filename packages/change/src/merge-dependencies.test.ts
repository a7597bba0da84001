import type { DependencyChange } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { mergeDependencies } from "./merge-dependencies.ts";

function change(path: string, parts: Partial<DependencyChange>): DependencyChange {
  return {
    path,
    line: 1,
    ecosystem: "npm",
    name: "a",
    change: "minor",
    scope: "runtime",
    direct: true,
    ...parts,
  };
}

function told(...changes: DependencyChange[]): string[] {
  return mergeDependencies(changes).map(({ path, name, change: what }) => `${path} ${name} ${what}`);
}

describe("mergeDependencies", () => {
  it("tells once what manifest and lock file both tell", () => {
    expect(
      told(change("package.json", { change: "major" }), change("pnpm-lock.yaml", { change: "major" })),
    ).toEqual(["package.json a major"]);
    expect(
      told(
        change("pnpm-lock.yaml", { change: "added", direct: false }),
        change("package.json", { change: "major" }),
      ),
    ).toEqual(["package.json a major"]);
  });

  it("leaves out what only moved to another manifest", () => {
    expect(
      told(
        change("x/Cargo.toml", { change: "removed", before: "1" }),
        change("y/Cargo.toml", { change: "added", after: "1" }),
      ),
    ).toEqual([]);
  });

  it("keeps a move that takes another version along", () => {
    expect(
      told(
        change("x/Cargo.toml", { change: "removed", before: "1" }),
        change("y/Cargo.toml", { change: "added", after: "2" }),
      ),
    ).toEqual(["y/Cargo.toml a added"]);
  });

  it("keeps names, ecosystems and scopes apart", () => {
    expect(
      told(
        change("a", { name: "x" }),
        change("b", { name: "y" }),
        change("c", { name: "x", ecosystem: "go" }),
        change("d", { name: "x", scope: "development" }),
      ),
    ).toEqual(["a x minor", "d x minor", "b y minor", "c x minor"]);
  });
});
