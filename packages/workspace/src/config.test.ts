import { describe, expect, it } from "vitest";
import { parseConfig } from "./config.ts";
import { packs } from "./fake-pack.fixture.ts";
import { knownRules } from "./rules.ts";

const known = knownRules(packs);
const STATS = '{"tables": [{"schema": "public", "name": "notes", "rows": null, "bytes": 8192}]}';
const read = (name: string): string => {
  if (name === "stats.json") return STATS;
  if (name === "bad.json") return "{}";
  throw new Error("ENOENT: no such file or directory, open it");
};
const parse = (text: string) => parseConfig(text, "yantra.config.yaml", known, read);

describe("a right configuration", () => {
  it("may be empty", () => {
    expect(parse("# nothing yet\n")).toMatchObject({ preset: "recommended", rules: {}, ignore: [] });
  });

  it("is YAML or JSON, rules with or without the prefix", () => {
    const expected = { "yantra/toy/no-bad-line": { severity: "warn", options: [{ limit: 3 }] } };
    expect(parse("rules:\n  toy/no-bad-line: [warn, { limit: 3 }]\n").rules).toEqual(expected);
    expect(parse('{"rules": {"yantra/toy/no-bad-line": ["warn", {"limit": 3}]}}').rules).toEqual(expected);
  });

  it("names the file of table sizes", () => {
    expect(parse("stats: stats.json\n")).toMatchObject({
      stats: "stats.json",
      settings: { tables: { "public.notes": { bytes: 8192 } } },
    });
    expect(() => parse("stats: bad.json\n")).toThrow(
      'yantra.config.yaml:1:8: bad.json holds no table sizes: it has no list "tables". See yantra-lint explain stats.',
    );
    expect(() => parse("stats: none.json\n")).toThrow(
      "none.json holds no table sizes: it cannot be read (ENOENT",
    );
  });

  it("takes the place of the outcomes as it is", () => {
    expect(parse("outcomes: ops/outcomes.jsonl\n")).toMatchObject({ outcomes: "ops/outcomes.jsonl" });
    expect(() => parse('outcomes: ""\n')).toThrow(
      "yantra.config.yaml:1:11: outcomes must NOT have fewer than 1",
    );
  });

  it("gives settings to the packs", () => {
    const config = parse(
      "external: { Secret: [a, 'ns/*'] }\nmigrations: [{ files: 'db/**', runner: plain }]\n",
    );
    expect(config.settings).toEqual({
      external: { Secret: ["a", "ns/*"] },
      services: [],
      migrations: [{ files: "db/**", runner: "plain" }],
    });
  });
});

describe("a wrong configuration says where, what, and what is near", () => {
  it.each([
    ["rulse: {}\n", 'yantra.config.yaml:1:1: "rulse" is no key. Did you mean rules?'],
    [
      "preset: strcit\n",
      'yantra.config.yaml:1:9: preset is "strcit", but must be one of recommended, strict. Did you mean strict?',
    ],
    [
      "rules:\n  toy/no-bad-lien: warn\n",
      "yantra.config.yaml:2:3: there is no rule yantra/toy/no-bad-lien. Did you mean toy/no-bad-line?",
    ],
    [
      "rules:\n  toy/no-bad-line: eror\n",
      'yantra.config.yaml:2:20: rules.toy/no-bad-line is "eror", but must be one of off, warn, error. Did you mean error?',
    ],
    [
      "rules:\n  toy/no-bad-line: [warn, { limit: many }]\n",
      "yantra.config.yaml:2:36: rules.toy/no-bad-line.1.limit must be number.",
    ],
    [
      "migrations:\n  - files: x\n    runer: plain\n",
      'yantra.config.yaml:3:5: "runer" is no key in migrations.0. Did you mean runner?',
    ],
    [
      "migrations:\n  - runner: plain\n",
      "yantra.config.yaml:2:5: migrations.0 must have required property 'files'.",
    ],
    [
      "rules:\n  toy/no-bad-line: [warn, { limt: 3 }]\n",
      'yantra.config.yaml:2:29: "limt" is no key in rules.toy/no-bad-line.1. Did you mean limit?',
    ],
    [
      "rules:\n  toy/no-lonely-file: [warn, { limit: 3 }]\n",
      "yantra.config.yaml:2:23: yantra/toy/no-lonely-file takes no options.",
    ],
    [
      "rules:\n  toy/no-bad-line: off\n  yantra/toy/no-bad-line: error\n",
      "yantra.config.yaml:3:3: yantra/toy/no-bad-line is configured twice, with and without its prefix.",
    ],
    ["external:\n  Secrt: [x]\n", "yantra.config.yaml:2:3: no kind Secrt is known. Did you mean Secret?"],
    ["ignore: dist\n", "yantra.config.yaml:1:9: ignore must be array."],
    ["[]\n", "yantra.config.yaml:1:1: the configuration must be object."],
    [
      "rules: {\n",
      "yantra.config.yaml:2:1: Flow map in block collection must be sufficiently indented and end with a }",
    ],
    [
      "__proto__: {}\n",
      'yantra.config.yaml:1:1: "__proto__" is no key. Known: $schema, preset, rules, ignore, unsuppressible, policy, risk, external, services, stats, outcomes, migrations.',
    ],
  ])("%j", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
