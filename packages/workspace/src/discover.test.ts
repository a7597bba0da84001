import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type AnyPack, DEFAULT_SETTINGS, definePack } from "@yantra-lint/core";
import { expect, it } from "vitest";
import { Recogniser } from "./discover.ts";
import { Tree } from "./tree.ts";

function pack(name: string, candidates: AnyPack["candidates"]): AnyPack {
  return definePack({
    name,
    candidates,
    recognise: () => ({ name }),
    languageName: `yantra/${name}`,
    parse: () => ({ ok: false, problems: [] }),
    map: () => [],
    rules: {},
    workspaceRules: {},
    pages: "file:///pages/",
  });
}

it.each<[string, string[]]>([
  ["Dockerfile", ["images"]],
  ["api/Dockerfile", ["images"]],
  ["api/Dockerfile.prod", ["images"]],
  ["Dockerfile.prod.amd64", ["images"]],
  ["api.dockerfile", ["images"]],
  ["api.Dockerfile", ["images"]],
  ["a.yaml", ["images", "manifests"]],
  // An extension that a pack has tells more than the name before it.
  ["Dockerfile.yaml", ["images", "manifests"]],
  ["Makefile", []],
  ["Makefile.prod", []],
  ["Dockerfiles", []],
  ["api/Dockerfile/readme", []],
])("%s is looked at by %j", (path, wanted) => {
  const recogniser = new Recogniser(
    new Tree("."),
    [
      pack("images", { extensions: [".dockerfile", ".yaml"], names: ["Dockerfile", "Dockerfile.*"] }),
      pack("manifests", { extensions: [".yaml"], names: [] }),
    ],
    DEFAULT_SETTINGS,
    [],
  );
  expect(recogniser.candidatesFor(path).map(({ name }) => name)).toEqual(wanted);
});

it.each([false, true])("names what a folder holds, overlay included (all files listed: %s)", (listed) => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-names-"));
  try {
    fs.mkdirSync(path.join(root, "db"));
    for (const name of ["2.sql", "1.sql", "gone.sql"]) fs.writeFileSync(path.join(root, "db", name), "");
    const overlay = new Map([
      ["db/gone.sql", null],
      ["db/3.sql", ""],
      ["db/deeper/4.sql", ""],
      ["top.sql", ""],
    ]);
    const tree = new Tree(root, overlay);
    if (listed) tree.list();
    expect(tree.namesIn("db")).toEqual(["1.sql", "2.sql", "3.sql"]);
    expect(tree.namesIn("")).toContain("top.sql");
    expect(tree.namesIn("none")).toEqual([]);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
});
