import type { FileEdit } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { compare } from "./compare.ts";

const edit = (
  before: string | undefined,
  after: string | undefined,
  path = "deploy/a.yaml",
): FileEdit | undefined =>
  compare({
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });

const resource = (kind: string, name: string, more = ""): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name} }\n${more}`;
const MAP = resource("ConfigMap", "a", "data: { a: b }\n");

describe("comments and format", () => {
  it.each([
    ["comments", "# a\na: 1\n", "a: 1 # b\n"],
    ["the order of keys", "a: 1\nb: { c: 2, d: 3 }\n", "b:\n  d: 3\n  c: 2\na: 1\n"],
    ["quotes around a text", "a: text\n", 'a: "text"\n'],
    ["a block scalar", 'a: "x\\ny\\n"\n', "a: |\n  x\n  y\n"],
    ["an anchor", "a: &x { b: 1 }\nc: { b: 1 }\n", "a: &x { b: 1 }\nc: *x\n"],
    ["a merge key", "a: &x { b: 1 }\nc: { b: 1, d: 2 }\n", "a: &x { b: 1 }\nc: { <<: *x, d: 2 }\n"],
    ["ways to write null", "a: ~\nb: null\n", "a:\nb:\n"],
    ["document markers", "---\na: 1\n---\n", "a: 1\n"],
    ["JSON", '{ "a": [1, "b"] }', "a:\n  - 1\n  - b\n"],
    ["line endings", "a: 1\nb: 2\n", "a: 1\r\nb: 2\r\n"],
  ])("%s", (_, before, after) => {
    expect(edit(before, after)).toMatchObject({ kind: "comment", declarations: [] });
  });

  it.each([
    ["a number that becomes a text", "a: 1\n", 'a: "1"\n'],
    ["a boolean of YAML 1.1", "a: yes\n", "a: 'yes'\n"],
    ["one that only some readers take for the same", "a: on\n", "a: true\n"],
    ["a number written otherwise", "a: 010\n", "a: 8\n"],
    ["the order of a list", "a: [1, 2]\n", "a: [2, 1]\n"],
    ["a tag", "a: x\n", "a: !Ref x\n"],
    [
      "the order of documents",
      `${resource("Namespace", "a")}---\n${MAP}`,
      `${MAP}---\n${resource("Namespace", "a")}`,
    ],
    ["a marker of Flux", 'a: x # {"$imagepolicy": "a:b"}\n', "a: x\n"],
    ["a merge key's quotes", "a: &x { b: 1 }\nc: { <<: *x }\n", 'a: &x { b: 1 }\nc: { "<<": *x }\n'],
  ])("not %s", (_, before, after) => {
    expect(edit(before, after)?.kind).toBe("logic");
  });

  it("does not grow with aliases of aliases", () => {
    const level = (n: number): string =>
      `l${n}: &l${n} [${Array.from({ length: 9 }, () => `*l${n - 1}`).join(", ")}]`;
    const bomb = ["l0: &l0 [x, x]", ...Array.from({ length: 30 }, (_, index) => level(index + 1))].join("\n");
    expect(edit(bomb, bomb.replace("[x, x]", "[x,   x]"))?.kind).toBe("comment");
    expect(edit(bomb, bomb.replace("[x, x]", "[x, y]"))?.kind).toBe("logic");
  });

  it("ends where an alias stands within its own anchor", () => {
    expect(edit("a: &x { b: *x }\n", "a: &x { b: *x, c: 1 }\n")?.kind).toBe("logic");
  });
});

describe("resources", () => {
  it.each<[string, string | undefined, string | undefined, string]>([
    ["a new file", undefined, MAP, "addition"],
    ["a new file of something else", undefined, "a: 1\n", "addition"],
    ["a new file with nothing in it", undefined, "# a\n", "addition"],
    ["a new resource", MAP, `${MAP}---\n${resource("Secret", "b")}`, "addition"],
    ["a new resource that acts on others", MAP, `${MAP}---\n${resource("NetworkPolicy", "b")}`, "logic"],
    ["a new file with such a one", undefined, resource("MutatingWebhookConfiguration", "b"), "logic"],
    ["a resource that is gone", `${MAP}---\n${resource("Secret", "b")}`, MAP, "deletion"],
    ["a file that is gone", MAP, undefined, "deletion"],
    ["another name", MAP, MAP.replace("name: a", "name: b"), "deletion"],
    ["another value", MAP, MAP.replace("a: b", "a: c"), "logic"],
    ["a new key of a workflow", "on: push\njobs: {}\n", "on: push\njobs: {}\nenv: {}\n", "logic"],
  ])("%s", (_, before, after, kind) => {
    expect(edit(before, after)?.kind).toBe(kind);
  });

  it("are told with their comments, and the line that differs", () => {
    const before = `# One.\n${resource("Deployment", "a", "spec:\n  replicas: 1\n")}---\n${MAP}`;
    const after = `${MAP}---\n# One.\n# Two.\n${resource("Deployment", "a", "spec:\n  minReadySeconds: 5\n  replicas: 2\n")}---\n\n${resource("Secret", "b")}`;
    expect(edit(before, after)).toEqual({
      kind: "logic",
      line: 12,
      exports: [],
      declarations: [
        {
          name: "Deployment a",
          change: "changed",
          exported: false,
          before: { start: 1, count: 6 },
          after: { start: 6, count: 8 },
        },
        { name: "Secret b", change: "added", exported: false, after: { start: 16, count: 3 } },
      ],
    });
  });

  it("are the items of a list", () => {
    const list = (...items: string[]): string =>
      `apiVersion: v1\nkind: List\nitems:\n${items.map((item) => `  - ${item.trimEnd().replaceAll("\n", "\n    ")}\n`).join("")}`;
    expect(edit(list(MAP), list(MAP, resource("Secret", "b")))).toMatchObject({
      kind: "addition",
      declarations: [{ name: "Secret b", after: { start: 8, count: 3 } }],
    });
  });

  it("are told by namespace", () => {
    const inNamespace = (namespace: string, value: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: ${namespace} }\ndata: { a: ${value} }\n`;
    const before = `${inNamespace("x", "1a")}---\n${inNamespace("y", "1a")}`;
    const after = `${inNamespace("y", "2a")}---\n${inNamespace("x", "1a")}`;
    expect(edit(before, after)).toMatchObject({ line: 4, declarations: [{ after: { start: 1, count: 4 } }] });
  });
});

describe("texts for people", () => {
  const EN = "src/copy/en.json";

  it.each<[string, string, string, string, string]>([
    ["other words", EN, '{ "a": { "b": "Pay" } }', '{ "a": { "b": "Pay now" } }', "copy"],
    ["words around a placeholder", EN, '{ "a": "Hi {name}" }', '{ "a": "Hello {name}!" }', "copy"],
    [
      "in YAML, with empty texts",
      "config/locales/en.yml",
      "en: { a: Pay, b: ~ }\n",
      "en: { a: Buy, b: ~ }\n",
      "copy",
    ],
    ["a list of words", "public/de.json", '{ "a": ["x", "y"] }', '{ "a": ["x", "z"] }', "copy"],
    ["format only", EN, '{ "a": "x" }', '{\n  "a": "x"\n}', "comment"],
    ["a new text", EN, '{ "a": "x" }', '{ "a": "x", "b": "y" }', "addition"],
    ["a text less", EN, '{ "a": "x", "b": "y" }', '{ "a": "x" }', "deletion"],
    ["another placeholder", EN, '{ "a": "Hi {name}" }', '{ "a": "Hi {user}" }', "logic"],
    ["another address", EN, '{ "a": "https://a.example" }', '{ "a": "https://b.example" }', "logic"],
    ["another path", EN, '{ "a": "/help" }', '{ "a": "/support" }', "logic"],
    ["an element", EN, '{ "a": "x" }', '{ "a": "<script>x</script>" }', "logic"],
    ["a number", EN, '{ "a": "x", "b": 1 }', '{ "a": "y", "b": 1 }', "logic"],
    ["settings", "config/app.json", '{ "a": "x" }', '{ "a": "y" }', "logic"],
    ["settings named like a language few have", "config/io.json", '{ "a": "x" }', '{ "a": "y" }', "logic"],
  ])("%s", (_, path, before, after, kind) => {
    expect(edit(before, after, path)?.kind).toBe(kind);
  });
});

describe("lock files", () => {
  it.each([
    ["a: 1\n", "a: 2\n", "logic"],
    [undefined, "a: 2\n", "addition"],
    ["a: 1\n", undefined, "deletion"],
  ])("%j → %j: %s, without a look at what is in it", (before, after, kind) => {
    expect(edit(before, after, "app/pnpm-lock.yaml")).toEqual({
      kind,
      line: 1,
      declarations: [],
      exports: [],
    });
  });
});

describe("what cannot be read", () => {
  const TEMPLATE = "kind: {{ .Values.kind }}\n";

  it.each([
    ["a syntax error", "a: 1\n", "a: [1\n"],
    ["a template", TEMPLATE, `${TEMPLATE}b: 1\n`],
    ["data that begin like a comment", `${TEMPLATE}a: |\n  #!/bin/sh\n`, `${TEMPLATE}a: |\n  #!/bin/bash\n`],
    ["an action in a comment", `${TEMPLATE}# {{ a }}\n`, `${TEMPLATE}# {{ b }}\n`],
  ])("%s", (_, before, after) => {
    expect(edit(before, after, "chart/templates/a.yaml")).toBeUndefined();
  });

  it("is a change of comments all the same, when nothing else differs", () => {
    const after = `{{- /* why\n*/ -}}\n# b\n\n${TEMPLATE}`;
    expect(edit(`# a\n${TEMPLATE}`, after, "chart/templates/a.yaml")).toMatchObject({
      kind: "comment",
      line: 1,
    });
  });

  it("is not asked of other files", () => {
    expect(edit("a", "b", "a.ts")).toBeUndefined();
  });
});
