import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fakePack } from "./fake-pack.fixture.ts";
import { defaultConfig, readConfig } from "./config.ts";
import { knownRules } from "./rules.ts";
import { trustBase } from "./trust.ts";

const rules = knownRules([fakePack]);
const [rule = ""] = [...rules.keys()].filter((id) => id.startsWith("yantra/toy/"));

/** The head's configuration on disk, the base's in the overlay. Undefined: there was none; "same": untouched. */
function trust(before: string | undefined, after: string) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-trust-"));
  const file = path.join(root, "yantra.config.yaml");
  fs.writeFileSync(file, after);
  const overlay = new Map<string, string | null>();
  if (before !== "same") overlay.set("yantra.config.yaml", before ?? null);
  const { config, changes } = trustBase(readConfig(file, rules), root, overlay, rules);
  return { config, told: changes.map(({ line, what }) => `${line} ${what}`) };
}

describe("trustBase", () => {
  it("takes the sizes of tables from the base, also when only their file changes", () => {
    const sizes = (bytes: number): string =>
      JSON.stringify({ tables: [{ schema: "public", name: "orders", bytes }] });
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-trust-"));
    const file = path.join(root, "yantra.config.yaml");
    fs.writeFileSync(file, "stats: db/stats.json\n");
    fs.mkdirSync(path.join(root, "db"));
    fs.writeFileSync(path.join(root, "db/stats.json"), sizes(1));
    const head = readConfig(file, rules);
    const { config, changes } = trustBase(head, root, new Map([["db/stats.json", sizes(5_000_000)]]), rules);
    expect(config.settings.tables).toEqual({ "public.orders": { bytes: 5_000_000 } });
    expect(changes).toEqual([
      { path: "yantra.config.yaml", line: 1, what: "changes how large tables are said to be" },
    ]);
    const added = trustBase(head, root, new Map([["db/stats.json", null]]), rules);
    expect(added.config.settings.tables).toBeUndefined();
  });

  it("takes the head's configuration when the change leaves it alone", () => {
    const { config, told } = trust("same", "policy: { codeowners: false }\n");
    expect(told).toEqual([]);
    expect(config.policy).toEqual({ codeowners: false });
  });

  it.each([
    [
      "policy",
      "policy: { codeowners: true }",
      "policy: { codeowners: false }",
      "changes the policy of deployments and approvals",
    ],
    [
      "policy that is new",
      "preset: recommended",
      "policy: { codeowners: false }",
      "changes the policy of deployments and approvals",
    ],
    [
      "risk",
      "risk: { thresholds: { high: 70 } }",
      "risk: { thresholds: { high: 99 } }",
      "changes how risk is scored",
    ],
    [
      "unsuppressible",
      "unsuppressible: [sql/no-drop-column]",
      "unsuppressible: []",
      "lets comments hide what they could not hide before",
    ],
    ["external", "external: { Secret: [a] }", "external: { Secret: [a, b] }", "declares Secret b external"],
  ])("keeps the base's %s, and tells the edit", (_, before, after, what) => {
    const { config, told } = trust(`${before}\n`, `${after}\n`);
    const base = trust("same", `${before}\n`).config;
    expect(told).toEqual([`1 ${what}`]);
    expect({ ...config, file: "" }).toMatchObject({
      policy: base.policy,
      risk: base.risk,
      unsuppressible: base.unsuppressible,
      settings: { external: base.settings.external },
    });
  });

  it("tells rules turned off, lowered, and files left out", () => {
    const { told } = trust(
      "preset: strict\n",
      `preset: strict\nrules:\n  ${rule}: off\nignore:\n  - "db/**"\n`,
    );
    expect(told).toEqual([`3 turns off ${rule}`, "5 leaves db/** out of every check"]);
    expect(trust("preset: strict\n", `preset: strict\nrules:\n  ${rule}: warn\n`).told).toEqual([
      `3 lowers ${rule} from error to warning`,
    ]);
  });

  it("lets a change be stricter without a word", () => {
    expect(trust(`rules:\n  ${rule}: warn\n`, `rules:\n  ${rule}: error\n`).told).toEqual([]);
  });

  it("takes a configuration of the base that cannot be read for none", () => {
    const { config, told } = trust("policy: [\n", "policy: { codeowners: false }\n");
    expect(config.policy).toEqual({});
    expect(told).toEqual(["1 changes the policy of deployments and approvals"]);
  });

  it("tells when the configuration is deleted, and keeps what it said", () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-trust-"));
    const overlay = new Map([["yantra.config.yaml", "policy: { codeowners: false }\n"]]);
    const { config, changes } = trustBase(defaultConfig(), root, overlay, rules);
    expect(config.policy).toEqual({ codeowners: false });
    expect(changes).toMatchObject([{ path: "yantra.config.yaml", line: 1 }]);
  });

  it("takes the place of releases' outcomes from the base", () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-trust-"));
    const head = { ...defaultConfig(), file: path.join(root, "yantra.config.yaml"), outcomes: "mine.jsonl" };
    const overlay = new Map([["yantra.config.yaml", "preset: recommended\n"]]);
    const { config, changes } = trustBase(head, root, overlay, rules);
    expect(config.outcomes).toBeUndefined();
    expect(changes).toEqual([
      { path: "yantra.config.yaml", line: 1, what: "changes where outcomes of releases are read" },
    ]);
    expect(trustBase(head, root, new Map(), rules)).toEqual({ config: head, changes: [] });
  });

  it("tells that owners change", () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-trust-"));
    const { changes } = trustBase(defaultConfig(), root, new Map([[".github/CODEOWNERS", null]]), rules);
    expect(changes).toEqual([{ path: ".github/CODEOWNERS", line: 1, what: "changes who may approve what" }]);
  });
});
