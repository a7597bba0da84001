import { DEFAULT_SETTINGS, type KustomizationFact, type ResourceFact } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import pack from "../index.ts";
import { factsOf, kindOf } from "../testing.ts";

function resource(text: string): ResourceFact {
  const fact = factsOf({ "a.yaml": text }).find((candidate) => candidate.type === "resource");
  if (fact?.type !== "resource") throw new Error("The text has no resource.");
  return fact;
}

function kustomization(text: string): KustomizationFact {
  const [fact] = factsOf({ "deploy/prod/kustomization.yaml": text });
  if (fact?.type !== "kustomization") throw new Error("The text is no kustomization.");
  return fact;
}

describe("resource facts", () => {
  it("hold name, labels, selector, containers and probes with their places", () => {
    const fact = resource(
      [
        "apiVersion: apps/v1",
        "kind: Deployment",
        'metadata: { name: "checkout", namespace: shop, labels: { a: b } }',
        "spec:",
        "  selector: { matchLabels: { app: checkout } }",
        "  template:",
        "    metadata: { labels: { app: checkout, version: 2 } }",
        "    spec:",
        "      containers:",
        "        - name: é😀api",
        '          image: "registry:5000/api:1"',
        "          ports: [{ containerPort: 8080, name: http }]",
        "          readinessProbe: { httpGet: { path: /ready?full=1, port: http } }",
        "          livenessProbe: { httpGet: { port: 8080 } }",
        "          startupProbe: { tcpSocket: { port: 1 } }",
      ].join("\n"),
    );
    expect(fact).toMatchObject({
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "checkout",
      namespace: "shop",
      complete: true,
      labels: { a: "b" },
      podLabels: { app: "checkout", version: "2" },
      selector: { labels: { app: "checkout" }, startLine: 5, startColumn: 28 },
      startLine: 3,
      startColumn: 20,
      endColumn: 28,
    });
    expect(fact.containers).toEqual([
      {
        name: "é😀api",
        image: "registry:5000/api:1",
        imageRegion: { startLine: 11, startColumn: 19, endLine: 11, endColumn: 38 },
        init: false,
        ports: [{ name: "http", port: 8080 }],
        startLine: 10,
        startColumn: 17,
        endLine: 10,
        endColumn: 23,
        httpProbes: [
          {
            probe: "readiness",
            httpPath: "/ready",
            port: "http",
            startLine: 13,
            startColumn: 46,
            endLine: 13,
            endColumn: 59,
          },
          {
            probe: "liveness",
            httpPath: "/",
            port: 8080,
            startLine: 14,
            startColumn: 28,
            endLine: 14,
            endColumn: 35,
          },
        ],
      },
    ]);
  });

  it("hold every reference with kind, name, key, optional and path", () => {
    const fact = resource(`apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  serviceName: db-headless
  template:
    spec:
      imagePullSecrets: [{ name: pull }]
      initContainers:
        - envFrom: [{ secretRef: { name: init } }]
      containers:
        - env:
            - { name: A, valueFrom: { configMapKeyRef: { name: config, key: a, optional: true } } }
            - { name: B, valueFrom: { secretKeyRef: { name: secret, key: "\${KEY}" } } }
            - { name: C, valueFrom: { secretKeyRef: { name: "{{ .Values.secret }}", key: c } } }
      volumes:
        - { name: a, configMap: { name: files } }
        - { name: b, secret: { secretName: certs, optional: true } }
        - { name: c, projected: { sources: [{ configMap: { name: p } }, { secret: { name: q } }] } }
`);
    expect(
      fact.references.map(({ kind, name, key, optional, namespace, at }) => [
        kind,
        name,
        key,
        optional,
        namespace,
        at,
      ]),
    ).toEqual([
      [
        "Secret",
        "init",
        undefined,
        false,
        "shop",
        "spec.template.spec.initContainers[0].envFrom[0].secretRef.name",
      ],
      [
        "ConfigMap",
        "config",
        "a",
        true,
        "shop",
        "spec.template.spec.containers[0].env[0].valueFrom.configMapKeyRef.name",
      ],
      [
        "Secret",
        "secret",
        undefined,
        false,
        "shop",
        "spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef.name",
      ],
      ["ConfigMap", "files", undefined, false, "shop", "spec.template.spec.volumes[0].configMap.name"],
      ["Secret", "certs", undefined, true, "shop", "spec.template.spec.volumes[1].secret.secretName"],
      [
        "ConfigMap",
        "p",
        undefined,
        false,
        "shop",
        "spec.template.spec.volumes[2].projected.sources[0].configMap.name",
      ],
      [
        "Secret",
        "q",
        undefined,
        false,
        "shop",
        "spec.template.spec.volumes[2].projected.sources[1].secret.name",
      ],
      ["Secret", "pull", undefined, false, "shop", "spec.template.spec.imagePullSecrets[0].name"],
      ["Service", "db-headless", undefined, false, "shop", "spec.serviceName"],
    ]);
  });

  it("hold a Rollout's Services, templates and workload", () => {
    const fact = resource(
      "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: { workloadRef: { kind: Deployment, name: w }, strategy: { blueGreen: { activeService: a, previewService: p, prePromotionAnalysis: { templates: [{ templateName: pre }] } }, canary: { steps: [{ analysis: { templates: [{ templateName: step }, { templateName: c, clusterScope: true }] } }, { experiment: { analyses: [{ templateName: exp }] } }] } } }\n",
    );
    expect(fact.references.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      "Service/a",
      "Service/p",
      "AnalysisTemplate/pre",
      "AnalysisTemplate/step",
      "ClusterAnalysisTemplate/c",
      "AnalysisTemplate/exp",
      "Deployment/w",
    ]);
    expect(fact.podLabels).toBeUndefined();
  });

  it("hold keys only where the manifest decides them", () => {
    expect(resource("apiVersion: v1\nkind: ConfigMap\ndata: {a: x}\nbinaryData: {b: eA==}\n").keys).toEqual([
      "a",
      "b",
    ]);
    expect(
      resource("apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\n").keys,
    ).toBeUndefined();
    expect(
      resource(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {config.openshift.io/inject-trusted-cabundle: 'true'}}\n",
      ).keys,
    ).toBeUndefined();
  });

  it("say what controllers make, and that a placeholder leaves something open", () => {
    expect(
      resource("apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\n").provides,
    ).toEqual([{ kind: "Secret", name: "s" }]);
    expect(resource("apiVersion: v1\nkind: Service\nmetadata: {name: 'a-${ENV}'}\n").complete).toBe(false);
    expect(
      resource("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, args: ['$(HOME)']}]}\n").complete,
    ).toBe(true);
  });
});

describe("other facts", () => {
  it("hold what a kustomization reads, makes and changes, relative to the root", () => {
    expect(
      kustomization(
        `resources: [app.yaml, ../../base/, "https://example.com/a.yaml"]
components: [../tags]
patches: [{ path: patch.yaml }, { patch: "- op: remove\\n  path: /spec" }]
namespace: shop
namePrefix: prod-
nameSuffix: -v1
configMapGenerator: [{ name: config, literals: [a=b] }]
secretGenerator: [{ name: secret }]
commonLabels: { a: b }
labels: [{ pairs: { c: d } }]
images: [{ name: app, newTag: 1.20 }]
`,
      ),
    ).toMatchObject({
      resources: ["deploy/prod/app.yaml", "base"],
      components: ["deploy/tags"],
      patches: ["deploy/prod/patch.yaml"],
      remote: true,
      namespace: "shop",
      namePrefix: "prod-",
      nameSuffix: "-v1",
      generated: [
        { kind: "ConfigMap", name: "config" },
        { kind: "Secret", name: "secret" },
      ],
      labels: { a: "b", c: "d" },
      images: [{ name: "app", newTag: "1.20", startLine: 11, startColumn: 31, endColumn: 35 }],
      opaque: false,
    });
  });

  it("say of a kustomization with plugins or patches of names that it is opaque", () => {
    expect(kustomization("helmCharts: [{ name: a }]\n").opaque).toBe(true);
    expect(
      kustomization('patches: [{ patch: "- op: replace\\n  path: /metadata/labels/app\\n  value: b" }]\n')
        .opaque,
    ).toBe(true);
  });

  it("hold annotations, suppressions and notices", () => {
    const text =
      "# @yantra-owner shop\n# eslint-disable-next-line yantra/kubernetes/no-mutable-image -- fixed elsewhere\napiVersion: v1\nkind: Pod\n";
    expect(factsOf({ "a.yaml": text }).map(({ type, startLine }) => [type, startLine])).toEqual([
      ["resource", 4],
      ["annotation", 1],
      ["suppression", 2],
    ]);
    expect(factsOf({ "a.yaml": "apiVersion: v1\nkind: {{ .Values.kind }}\n" })).toMatchObject([
      { type: "notice", id: "helm-template", path: "a.yaml" },
    ]);
  });
});

describe("facts of a patch", () => {
  const text = [
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata: { name: checkout }",
    "spec:",
    "  selector: { matchLabels: { app: checkout } }",
    "  template:",
    "    metadata: { labels: { $patch: replace, app: checkout } }",
    "    spec: { containers: [{ name: api, image: api:1 }] }",
    "",
  ].join("\n");

  it("say that it is one, by its directives or its kustomization, and have no selector", () => {
    const { patch, selector, podLabels } = resource(text);
    expect({ patch, selector, podLabels }).toEqual({
      patch: true,
      selector: undefined,
      podLabels: { app: "checkout" },
    });
    const plain = text.replace("$patch: replace, ", "");
    expect(resource(plain)).toMatchObject({ selector: { labels: { app: "checkout" } } });
    expect(resource(plain).patch).toBeUndefined();
    const [, named] = factsOf({ "kustomization.yaml": "patches: [{ path: a.yaml }]\n", "a.yaml": plain });
    expect(named).toMatchObject({ type: "resource", patch: true });
    expect(named).not.toHaveProperty("selector");
  });

  it("are not taken for those of data that speaks of directives", () => {
    const data = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { script: 'echo $patch' }\n";
    expect(resource(data).patch).toBeUndefined();
  });
});

describe("facts of experiments", () => {
  it("hold the labels of their pods, a step's over the template's, and the Services they make", () => {
    const rollout = resource(`apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: checkout }
spec:
  strategy:
    canary:
      steps:
        - experiment:
            templates:
              - { name: trial, specRef: canary, metadata: { labels: { app: checkout-trial } }, service: { name: trial } }
              - { name: plain, specRef: stable }
  template: { metadata: { labels: { app: checkout, tier: web } } }
`);
    expect(rollout.podLabels).toEqual({ app: "checkout", tier: "web" });
    expect(rollout.otherPodLabels).toEqual([
      { app: "checkout-trial", tier: "web" },
      { app: "checkout", tier: "web" },
    ]);
    expect(rollout.provides).toEqual([{ kind: "Service", name: "trial" }]);
    const experiment = resource(
      "apiVersion: argoproj.io/v1alpha1\nkind: Experiment\nmetadata: { name: a }\nspec: { templates: [{ name: b, template: { metadata: { labels: { app: b } } } }] }\n",
    );
    expect(experiment.otherPodLabels).toEqual([{ app: "b" }]);
  });
});

describe("recognise", () => {
  const manifest = "apiVersion: v1\nkind: Pod\n";

  it("knows manifests by their keys, kustomizations by their name", () => {
    expect(kindOf("a/b.yaml", { "a/b.yaml": manifest })).toEqual({
      name: "manifest",
      details: { chart: false },
    });
    expect(kindOf("a/b.json", { "a/b.json": '{"apiVersion":"v1","kind":"Pod"}' })?.name).toBe("manifest");
    expect(kindOf("a/Kustomization", {})).toEqual({ name: "kustomization", details: { directory: "a" } });
    expect(
      kindOf("c/templates/x/b.yaml", { "c/templates/x/b.yaml": manifest, "c/Chart.yaml": "name: c" })
        ?.details,
    ).toEqual({ chart: true });
  });

  it("knows the patches that a kustomization beside or above them names", () => {
    const files = {
      "shop/prod/kustomization.yaml": [
        "resources: [../base, extra.yaml]",
        "components: [metrics]",
        "patches: [{ path: probes.yaml }, { path: ./images/api.yaml, target: { kind: Deployment } }, { path: extra.yaml }]",
        "patchesStrategicMerge:",
        "  - merge.yaml",
        "  - |-",
        "    kind: Pod",
        "    apiVersion: v1",
        "patchesJson6902: [{ path: json.yaml }]",
        "configurations: [names.yaml]",
        "replacements: [{ path: copies.yaml }]",
        "",
      ].join("\n"),
      "shop/prod/metrics/kustomization.yml": "kind: Component\npatches: [{ path: sidecar.yaml }]\n",
      Kustomization: "patches: [{ path: shop/root.yaml }, { path: /etc/x.yaml }]\n",
      "broken/kustomization.yaml": "patches: [{ path: a.yaml }\n",
    };
    const isPatch = (path: string): unknown =>
      kindOf(path, { ...files, [path]: manifest })?.details?.["patch"];
    for (const path of [
      "shop/prod/probes.yaml",
      "shop/prod/images/api.yaml",
      "shop/prod/merge.yaml",
      "shop/prod/json.yaml",
      "shop/prod/names.yaml",
      "shop/prod/copies.yaml",
      "shop/prod/metrics/sidecar.yaml",
      "shop/root.yaml",
    ]) {
      expect(isPatch(path), path).toBe(true);
    }
    // Named as a resource too, named by nobody, of the name in another folder.
    for (const path of [
      "shop/prod/extra.yaml",
      "shop/prod/other.yaml",
      "shop/probes.yaml",
      "broken/a.yaml",
    ]) {
      expect(isPatch(path), path).toBeUndefined();
    }
  });

  it("remembers what a folder's kustomization names", () => {
    const asked: string[] = [];
    const memo = new WeakMap<object, Map<string, unknown>>();
    const details = ["a/b/one.yaml", "a/b/two.yaml", "a/b/three.yaml"].map((path) => {
      const kind = pack.recognise({
        path,
        text: manifest,
        named: false,
        neighbour: (other) => {
          asked.push(other);
          return other === "a/kustomization.yaml"
            ? "patches: [{ path: b/one.yaml }, b/two.yaml]\n"
            : undefined;
        },
        settings: DEFAULT_SETTINGS,
        memo,
      });
      return kind?.details?.["patch"];
    });
    expect(details).toEqual([true, true, undefined]);
    expect(asked).toHaveLength(new Set(asked).size);
  });

  it("leaves other files alone, the ones of a telling name unread", () => {
    expect(kindOf("docker-compose.yml", { "docker-compose.yml": manifest })).toBeUndefined();
    expect(kindOf("package.json", { "package.json": '{"apiVersion":"v1","kind":"Pod"}' })).toBeUndefined();
    expect(kindOf("package.json", { "package.json": '{"apiVersion":"v1","kind":"Pod"}' }, true)?.name).toBe(
      "manifest",
    );
    expect(kindOf("a.yaml", { "a.yaml": "kind: Pod\n" })).toBeUndefined();
    for (const tests of [
      "pkg/lint/testdata",
      "test/e2e/istio",
      "tests/kind",
      "x/__fixtures__",
      "e2e-tests/a",
    ]) {
      const path = `${tests}/b.yaml`;
      expect(kindOf(path, { [path]: manifest }), path).toBeUndefined();
      expect(kindOf(`${tests}/kustomization.yaml`, {}), path).toBeUndefined();
      expect(kindOf(path, { [path]: manifest }, true)?.name, path).toBe("manifest");
    }
    // `test` is an environment too, and examples get deployed.
    for (const path of ["overlays/test/b.yaml", "examples/b.yaml", "tests.yaml", "deploy/latest/b.yaml"]) {
      expect(kindOf(path, { [path]: manifest })?.name, path).toBe("manifest");
    }
    expect(kindOf("a.yaml", { "a.yaml": "myapiVersion: 1\nhumankind: 2\n" })).toBeUndefined();
  });
});
