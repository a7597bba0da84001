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
