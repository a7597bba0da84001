import { describe, expect, it } from "vitest";
import { MAX_LENGTH } from "@yantra-lint/yaml";
import { codeOf, lint } from "../testing.ts";
import { language } from "./language.ts";
import { childrenOf, type KubernetesNode, VISITOR_KEYS } from "./nodes.ts";

const POD = "apiVersion: v1\nkind: Pod\n";

function told(text: string, path?: string): string[] {
  return codeOf(text, path).ast.documents.map((document) =>
    document.type === "InvalidDocument"
      ? `invalid: ${document.problem}`
      : document.resources.map(({ kind, name }) => `${kind}/${name}`).join(" "),
  );
}

function slice(text: string, { range }: { range: [number, number] }): string {
  return text.slice(...range);
}

describe("documents and resources", () => {
  it("reads several documents, lists and JSON", () => {
    expect(
      told(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n# nothing\n---\nx: 1\n---\napiVersion: v1\nkind: Pod\n",
      ),
    ).toEqual(["Service/a", "", "", "Pod/"]);
    expect(
      told(
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- {apiVersion: v1, kind: Service}\n",
      ),
    ).toEqual(["Pod/a Service/"]);
    expect(told("apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n")).toEqual([
      "ConfigMap/a",
    ]);
    expect(
      told('{\n\t"apiVersion": "v1",\n\t"kind": "Pod",\n\t"metadata": { "name": "a" }\n}', "a.json"),
    ).toEqual(["Pod/a"]);
  });

  it("is silent about what is no manifest, and about empty and comment-only files", () => {
    expect(told("services:\n  web: {image: nginx}\n")).toEqual([]);
    expect(told("openapi: 3.0.0\nkind: [\n")).toEqual([]);
    expect(told("")).toEqual([]);
    expect(told("# apiVersion: v1\n# kind: Pod\n")).toEqual([]);
    expect(told("- apiVersion: v1\n  kind: Pod\n")).toEqual([""]);
  });

  it("does not take the schema within a CustomResourceDefinition for a resource", () => {
    const text =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {template: {apiVersion: apps/v1, kind: Deployment, spec: {}}}\n";
    expect(told(text)).toEqual(["CustomResourceDefinition/"]);
  });

  it("knows a kustomization by its name", () => {
    expect(told("resources: [a.yaml]\n", "deploy/kustomization.yaml")).toEqual(["Kustomization/"]);
  });

  it("tells Kubernetes' Service and Deployment from those of other groups", () => {
    const [resource] = codeOf(
      "apiVersion: example.com/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: a}]}}}\n",
    ).resources;
    expect(resource?.workload).toBeUndefined();
  });

  it("finds init containers, native sidecars and probes", () => {
    const [pod] = codeOf(
      `${POD}spec:\n  initContainers: [{name: wait}, {name: proxy, restartPolicy: Always}]\n  containers:\n  - name: app\n    startupProbe: {exec: {command: [a]}}\n    readinessProbe: {httpGet: {port: 80}}\n    livenessProbe:\n`,
    ).resources;
    const containers = pod?.workload?.podTemplate?.containers ?? [];
    expect(containers.map(({ name, init }) => [name, init])).toEqual([
      ["wait", true],
      ["proxy", false],
      ["app", false],
    ]);
    expect(containers[2]?.probes.map(({ kind, handler }) => [kind, handler])).toEqual([
      ["startup", "exec"],
      ["readiness", "httpGet"],
    ]);
  });

  it("has nodes for Rollouts and AnalysisTemplates", () => {
    const [rollout, template] = codeOf(
      "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {workloadRef: {kind: Deployment, name: a}, strategy: {canary: {}}}\n---\napiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nspec: {metrics: [{name: errors}]}\n",
    ).resources;
    expect(rollout?.rollout?.strategy).toBe("canary");
    expect(rollout?.workload?.podTemplate).toBeUndefined();
    expect(template?.analysisTemplate?.metrics.map(({ name }) => name)).toEqual(["errors"]);
  });
});

describe("syntax errors", () => {
  it("cost only their document, even an unclosed quote", () => {
    const text = `a: 'x\n--- # kind: apiVersion:\n${POD}metadata: {name: a}\n---\nb: [1\n---\n${POD}`;
    expect(told(text)).toEqual([
      "invalid: Missing closing 'quote",
      "Pod/a",
      "invalid: Flow sequence in block collection must be sufficiently indented and end with a ]",
      "Pod/",
    ]);
    expect(codeOf(text).comments.map(({ text: comment }) => comment)).toEqual([" kind: apiVersion:"]);
  });

  it("are aliases without anchor", () => {
    const text = `${POD}a: *nothing\n`;
    const [document] = codeOf(text).ast.documents;
    expect(told(text)).toEqual(["invalid: The alias *nothing has no anchor before it"]);
    expect(document && slice(text, document)).toBe("*nothing");
  });

  it("are not quoted scalars whose next lines are indented as little as their key: go-yaml takes them", () => {
    const text = `${POD}metadata:\n  name: 'a\n  b'\n  labels: {a: b}\n`;
    expect(told(text)).toEqual(["Pod/a   b"]);
    expect(slice(text, codeOf(text).resources[0]?.at("metadata.labels.a") ?? { range: [0, 0] })).toBe("b");
  });

  it("are told once where nesting is too deep to read", () => {
    const code = codeOf(`${POD}a: ${"[".repeat(20_000)}`);
    expect(code.unread).toBe("too-deep");
    expect(code.notice?.id).toBe("manifest-too-deep");
  });

  it("are not looked for in a file that is too large", () => {
    const code = codeOf(`${POD}a: ${"x".repeat(MAX_LENGTH)}`);
    expect(code.notice?.id).toBe("manifest-too-large");
    expect(code.ast.documents).toEqual([]);
  });
});

describe("templates", () => {
  it.each([
    ["a block at the beginning of a line", `{{- if .Values.on }}\n${POD}{{- end }}\n`],
    ["a value", `${POD}metadata:\n  name: {{ .Release.Name }}\n`],
    ["Jinja", `{% if on %}\n${POD}{% endif %}\n`],
    [
      "a loose placeholder in a text that does not parse",
      `${POD}metadata:\n  name: a-{{ .Release.Name }}\n   x: 1\n`,
    ],
  ])("are known by %s", (_, text) => {
    expect(codeOf(text).notice?.id).toBe("helm-template");
    expect(codeOf(text).ast.documents).toEqual([]);
  });

  it.each([
    ["quotes", `${POD}a: "{{ .Values.x }}"\nb: '{{args.x}}'\n`],
    ["comments", `${POD}# {{ .Values.x }}\n`],
    ["block scalars", `${POD}data:\n  a: |\n    {{ range .Alerts }}\n`],
    ["the middle of a plain scalar", `${POD}a: http://x.{{args.namespace}}:9090\n`],
  ])("are not known by placeholders in %s", (_, text) => {
    expect(codeOf(text).notice).toBeUndefined();
    expect(told(text)).toEqual(["Pod/"]);
  });

  it("excuse errors only in the folder of a chart, or for loose placeholders", () => {
    const text = `${POD}a: "{{ .x }}"\n   b: 1\n`;
    expect(told(text)).toEqual(["invalid: All mapping items must start at the same column"]);
    expect(codeOf(text, "chart/templates/a.yaml").notice?.id).toBe("helm-template");
  });
});

describe("at", () => {
  const text =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  annotations: {a.b/c: "yes"}\nspec:\n  strategy:\n  template:\n    spec:\n      containers:\n        - name: é😀\n          image: app:1\n';
  const [resource] = codeOf(text).resources;

  it("gives value and range of what is there", () => {
    const image = resource?.at("spec.template.spec.containers[0].image");
    expect(image).toMatchObject({
      exists: true,
      loc: { start: { line: 11, column: 18 }, end: { line: 11, column: 23 } },
    });
    expect(image?.value).toBe("app:1");
    const name = resource?.at(["spec", "template", "spec", "containers", 0, "name"]);
    expect(name?.loc.end).toEqual({ line: 10, column: 20 });
    expect(resource?.at(["metadata", "annotations", "a.b/c"]).value).toBe("yes");
    expect(resource?.at("metadata").value).toEqual({ annotations: { "a.b/c": "yes" } });
  });

  it("gives the key that should hold what is not there", () => {
    const missing = (path: string): string => {
      const found = resource?.at(path);
      return `${found?.exists} ${found && slice(text, found)}`;
    };
    expect(missing("spec.strategy.type")).toBe("false strategy");
    expect(missing("spec.strategy")).toBe("false strategy");
    expect(missing("spec.replicas")).toBe("false spec");
    expect(missing("spec.template.spec.containers.3")).toBe("false containers");
    expect(missing("spec.template.spec.containers.0.ports")).toBe("false name");
    expect(missing("status")).toBe("false apiVersion");
  });

  it("has ranges that end with the value, CRLF, comments and BOM aside", () => {
    const crlf = `\ufeff${text.replaceAll("\n", "\r\n")}# end\r\n`;
    const code = codeOf(crlf);
    expect(code.resources[0]?.at("spec.template.spec.containers.0").loc).toEqual({
      start: { line: 10, column: 11 },
      end: { line: 11, column: 23 },
    });
    expect(code.comments[0]?.loc).toEqual({ start: { line: 12, column: 1 }, end: { line: 12, column: 6 } });
    expect(code.text.startsWith("apiVersion")).toBe(true);
  });

  it("follows aliases and merge keys to where the text stands", () => {
    const merged = `${POD}base: &base {image: a, name: x}\nmore: &more {image: b, port: 1}\nuse:\n  <<: [*base, *more]\n  name: own\nsame: *base\n`;
    const pod = codeOf(merged).resources[0];
    expect(["use.name", "use.image", "use.port", "same.image"].map((path) => pod?.at(path).value)).toEqual([
      "own",
      "a",
      1,
      "a",
    ]);
    expect(pod?.at("use").value).toEqual({ name: "own", image: "a", port: 1 });
    expect(pod?.at("use.image").loc.start).toEqual({ line: 3, column: 21 });
  });

  it("takes the last of duplicate keys, and an alias bomb or a circle without harm", () => {
    const bomb = Array.from(
      { length: 9 },
      (_, i) => `a${i}: &a${i} [${i === 0 ? "x" : `*a${i - 1}`}${`, *a${i - 1}`.repeat(i === 0 ? 0 : 8)}]`,
    );
    const pod = codeOf(`${POD}${bomb.join("\n")}\ncircle: &circle {again: *circle}\nname: a\nname: b\n`)
      .resources[0];
    expect(pod?.at("name").value).toBe("b");
    expect(pod?.at("circle.again.again").exists).toBe(true);
    expect(JSON.stringify(pod?.at("a8").value).length).toBeLessThan(100_000);
    expect(JSON.stringify(pod?.at("circle").value).length).toBeLessThan(10_000);
  });
});

describe("as an ESLint language", () => {
  it("has a type, range and loc on every node, and a parent on all but the first", () => {
    const code = codeOf(`${POD}spec: {containers: [{name: a, livenessProbe: {tcpSocket: {port: 1}}}]}\n`);
    const seen: string[] = [];
    const visit = (node: KubernetesNode, parent: KubernetesNode | undefined): void => {
      seen.push(node.type);
      expect(code.getParent(node)).toBe(parent);
      expect(code.getLoc(node).start.line).toBeGreaterThan(0);
      expect(code.getRange(node)).toHaveLength(2);
      expect(Object.keys(VISITOR_KEYS)).toContain(node.type);
      for (const child of childrenOf(node)) visit(child, node);
    };
    visit(code.ast, undefined);
    expect(seen).toEqual(["File", "Document", "Resource", "Workload", "PodTemplate", "Container", "Probe"]);
  });

  it("runs selectors, exit handlers and :has", () => {
    const seen: string[] = [];
    const rule = {
      meta: { schema: [] },
      create: () => ({
        'Workload[kind="Pod"]:has(Probe[kind="liveness"])': () => seen.push("has"),
        "Container:exit": () => seen.push("exit"),
        "Resource > Workload > PodTemplate > Container > Probe": () => seen.push("child"),
      }),
    };
    const messages = lint(`${POD}spec: {containers: [{name: a, livenessProbe: {tcpSocket: {port: 1}}}]}\n`, {
      plugins: { yantra: { languages: { kubernetes: language }, rules: { test: rule } } },
      rules: { "yantra/test": "error" },
    });
    expect(messages).toEqual([]);
    expect(seen).toEqual(["has", "child", "exit"]);
  });

  it("ignores language options of other languages and directives without a rule of ours", () => {
    const text = `# eslint-disable no-undef\n# eslint-disable-next-line\n# eslint-disable-line yantra/kubernetes/no-syntax-error -- known\n${POD}`;
    expect(
      lint(`# eslint-disable no-undef\n# eslint-disable-next-line\n${POD}`, {
        languageOptions: { ecmaVersion: 2024, globals: { a: "readonly" } },
      }),
    ).toEqual([]);
    expect(codeOf(text).getDisableDirectives().directives).toMatchObject([
      { type: "disable-line", value: "yantra/kubernetes/no-syntax-error", justification: "known" },
    ]);
  });

  it("gives comments to rules of ESLint's own, which ask for them on every file", () => {
    const [comment] = codeOf(`${POD}a: b # é😀 @yantra-owner team\n`).getAllComments();
    expect(comment).toMatchObject({
      type: "Line",
      value: " é😀 @yantra-owner team",
      range: [30, 54],
      textStart: 31,
    });
  });
});
