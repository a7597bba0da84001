import { type AnyPack, definePack, defineRule } from "@yantra-lint/core";
import { defaultConfig } from "@yantra-lint/workspace";
import { expect, it } from "vitest";
import { packs } from "./packs.ts";
import { presetConfig } from "./presets.ts";

const terraform: AnyPack = definePack({
  name: "terraform",
  candidates: { extensions: [".tf", ".tofu"], names: ["Plan"] },
  recognise: () => undefined,
  languageName: "yantra/terraform",
  parse: () => ({ ok: false, problems: [] }),
  map: () => [],
  rules: {
    "no-destroy": defineRule({
      meta: {
        type: "problem",
        languages: ["yantra/terraform"],
        docs: { description: "Disallow destroying", recommended: "warn" },
        messages: {},
        schema: [],
      },
      create: () => ({}),
    }),
  },
  workspaceRules: {},
  pages: "file:///pages/",
});

it("gives a new pack its entry from what the pack says of itself", () => {
  const plugin = { meta: { name: "yantra" } };
  expect(presetConfig(plugin, [terraform], defaultConfig(), "recommended")).toEqual([
    { name: "yantra/plugin", plugins: { yantra: plugin } },
    {
      name: "yantra/recommended/terraform",
      files: ["**/*.tf", "**/*.tofu", "**/Plan"],
      plugins: { yantra: plugin },
      rules: { "yantra/terraform/no-destroy": ["warn"] },
    },
  ]);
});

it("gives files that two packs look at to the first of them", () => {
  const plans: AnyPack = {
    ...terraform,
    name: "plans",
    editor: [{ globs: ["plans/*.tf"] }, { globs: ["**/Plan"] }],
  };
  const sql: AnyPack = { ...terraform, name: "sql", candidates: { extensions: [".sql"], names: [] } };
  const [, ...entries] = presetConfig({}, [sql, plans, terraform], defaultConfig(), "recommended");
  expect(entries.map(({ files, ignores }) => [files, ignores])).toEqual([
    [["**/*.sql"], undefined],
    [["plans/*.tf"], undefined],
    [["**/Plan"], undefined],
    [
      ["**/*.tf", "**/*.tofu", "**/Plan"],
      ["plans/*.tf", "**/Plan"],
    ],
  ]);
});

it("has rules for every pack, each with its files", () => {
  const [, ...entries] = presetConfig({}, packs, defaultConfig(), "strict");
  expect(new Set(entries.map(({ name }) => name))).toEqual(
    new Set(packs.map(({ name }) => `yantra/strict/${name}`)),
  );
  expect(
    entries.filter(({ files, rules = {} }) => !files?.length || Object.keys(rules).length === 0),
  ).toEqual([]);
  expect(entries.flatMap(({ files = [] }) => files).filter((glob) => String(glob).includes("json"))).toEqual(
    [],
  );
});
