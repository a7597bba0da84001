import type { Files } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { deployment, findingsOf, told } from "../testing.ts";
import rule from "./no-unresolved-reference.ts";

function uses(kind: "configMapRef" | "secretRef", name: string, extra = ""): string {
  return deployment(`- name: api\n  image: api:1\n  envFrom:\n    - ${kind}: { name: ${name}${extra} }`);
}

function object(kind: string, name: string, rest = "data: { LEVEL: info }"): string {
  return `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name} }\n${rest}\n`;
}

function service(selector: string, name = "checkout"): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec:\n  selector: ${selector}\n`;
}

function rollout(strategy: string): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: checkout }\nspec:\n  selector: { matchLabels: { app: checkout } }\n  strategy: ${strategy}\n`;
}

function tell(files: Files, external: Record<string, string[]> = {}): string[] {
  return findingsOf(rule, files, { settings: { external } }).map(told);
}

const TYPO = { "deploy/app.yaml": uses("configMapRef", "checkout-confg") };
const CONFIG = { "deploy/config.yaml": object("ConfigMap", "checkout-config") };
const APP = { "deploy/app.yaml": deployment("- name: api\n  image: api:1") };

describe("no-unresolved-reference: valid", () => {
  it.each<[string, Files]>([
    [
      "pods that a Rollout's experiment makes",
      {
        "deploy/rollout.yaml": `${rollout("{ canary: { steps: [{ experiment: { templates: [{ name: a, specRef: canary, metadata: { labels: { app: checkout-trial } } }] } }] } }")}  template: { metadata: { labels: { app: checkout } }, spec: { containers: [{ name: a, image: b }] } }\n`,
        "deploy/service.yaml": service("{ app: checkout-trial }", "trial"),
      },
    ],
    [
      "pods that an Experiment makes",
      {
        ...APP,
        "deploy/experiment.yaml":
          "apiVersion: argoproj.io/v1alpha1\nkind: Experiment\nmetadata: { name: a }\nspec: { templates: [{ name: b, template: { metadata: { labels: { app: checkout-trial } } } }] }\n",
        "deploy/service.yaml": service("{ app: checkout-trial }", "trial"),
      },
    ],
    [
      "what exists, in any file or directory",
      { ...TYPO, "other/config.yaml": object("ConfigMap", "checkout-confg") },
    ],
    ["what a repository without any ConfigMap cannot know", TYPO],
    [
      "what is optional",
      { ...CONFIG, "deploy/app.yaml": uses("configMapRef", "checkout-confg", ", optional: true") },
    ],
    ["what every namespace has", { ...CONFIG, "deploy/app.yaml": uses("configMapRef", "kube-root-ca.crt") }],
    ["placeholders", { ...CONFIG, "deploy/app.yaml": uses("configMapRef", '"${NAME}"') }],
    [
      "what a generator makes",
      {
        ...TYPO,
        ...CONFIG,
        "deploy/kustomization.yaml":
          "resources: [app.yaml]\nconfigMapGenerator: [{ name: checkout-confg }]\n",
      },
    ],
    [
      "what a kustomization's prefix makes",
      {
        "prod/app.yaml": uses("configMapRef", "prod-checkout-config"),
        "prod/kustomization.yaml": "namePrefix: prod-\nresources: [app.yaml, ../base]\n",
        "base/kustomization.yaml": "resources: [config.yaml]\n",
        "base/config.yaml": object("ConfigMap", "checkout-config"),
      },
    ],
    [
      "what a remote base may bring",
      {
        "deploy/app.yaml": uses("configMapRef", "features"),
        ...CONFIG,
        "deploy/kustomization.yaml":
          "resources: [app.yaml, config.yaml, https://github.com/org/repo//deploy?ref=v1]\n",
      },
    ],
    [
      "what a Helm template beside it may bring",
      {
        "deploy/app.yaml": uses("configMapRef", "features"),
        ...CONFIG,
        "deploy/extra.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: {{ .Values.name }}\n",
      },
    ],
    [
      "what an unknown operator may make",
      {
        "deploy/app.yaml": uses("configMapRef", "features"),
        ...CONFIG,
        "deploy/db.yaml": "apiVersion: example.com/v1\nkind: Database\nmetadata: { name: db }\n",
      },
    ],
    [
      "Secrets that are made elsewhere",
      { "deploy/app.yaml": uses("secretRef", "stripe"), "deploy/s.yaml": object("Secret", "checkout-db") },
    ],
    [
      "Secrets that controllers make",
      {
        "deploy/app.yaml": uses("secretRef", "checkout-db"),
        "deploy/s.yaml":
          "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: other }\nspec: { target: { name: checkout-db } }\n",
        "deploy/t.yaml": object("Secret", "checkout-d"),
      },
    ],
    [
      "Secrets whose names differ in digits only, or whose neighbour is used itself",
      {
        "deploy/app.yaml": uses("secretRef", "token-2"),
        "deploy/b.yaml": uses("secretRef", "checkout-tls"),
        "deploy/c.yaml": uses("secretRef", "checkout-tlt"),
        "deploy/s.yaml": `${object("Secret", "token-1")}---\n${object("Secret", "checkout-tls")}`,
      },
    ],
    [
      "names that only another application's directory resembles",
      { ...TYPO, "other/config.yaml": object("ConfigMap", "checkout-config") },
    ],
    ["a Service that selects pods", { ...APP, "deploy/s.yaml": service("{ app: checkout }") }],
    [
      "a Service whose pods are in another directory",
      { "app/a.yaml": APP["deploy/app.yaml"], "net/s.yaml": service("{ app: checkout }") },
    ],
    [
      "a Service without selector",
      { ...APP, "deploy/s.yaml": object("Service", "checkout", "spec: { type: ExternalName }") },
    ],
    [
      "labels that come at run time",
      {
        ...APP,
        "deploy/s.yaml": service("{ app: checkout, rollouts-pod-template-hash: abc, role: leader }"),
      },
    ],
    ["a Service alone: its pods are deployed from elsewhere", { "deploy/s.yaml": service("{ app: web }") }],
    [
      "labels that a kustomization adds",
      {
        ...APP,
        "deploy/s.yaml": service("{ team: shop }"),
        "deploy/kustomization.yaml": "commonLabels: { team: shop }\nresources: [app.yaml, s.yaml]\n",
      },
    ],
    [
      "Knative's Service is another kind",
      { ...APP, "deploy/s.yaml": service("{ app: web }").replace("v1", "serving.knative.dev/v1") },
    ],
    [
      "an Ingress backend that is an annotation of the AWS load balancer controller",
      {
        "deploy/s.yaml": service("{ app: checkout }"),
        ...APP,
        "deploy/i.yaml":
          "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: { defaultBackend: { service: { name: redirect, port: { name: use-annotation } } } }\n",
      },
    ],
    [
      "Services and workloads that Flagger makes",
      {
        ...APP,
        "deploy/s.yaml": service("{ app: checkout }"),
        "deploy/c.yaml":
          "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: checkout }\nspec: { targetRef: { kind: Deployment, name: checkout } }\n",
        "deploy/i.yaml":
          "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: { defaultBackend: { service: { name: checkout-canary } } }\n",
      },
    ],
  ])("%s", (_, files) => {
    expect(tell(files)).toEqual([]);
  });

  it("what the configuration calls external, with patterns and namespaces", () => {
    for (const pattern of ["checkout-confg", "checkout-*", "*/checkout-confg", "shop/*"]) {
      expect(tell({ ...TYPO, ...CONFIG }, { ConfigMap: [pattern] })).toEqual([]);
    }
    const namespaced = {
      ...CONFIG,
      "deploy/app.yaml": TYPO["deploy/app.yaml"].replace(
        "{ name: checkout }",
        "{ name: checkout, namespace: shop }",
      ),
    };
    expect(tell(namespaced, { ConfigMap: ["shop/checkout-*"] })).toEqual([]);
    expect(tell(namespaced, { ConfigMap: ["pay/checkout-*"], Secret: ["*"] })).toHaveLength(1);
  });
});

describe("no-unresolved-reference: invalid", () => {
  it("a ConfigMap with a near name, both ends named", () => {
    const [finding, ...others] = findingsOf(rule, { ...TYPO, ...CONFIG });
    expect(others).toEqual([]);
    expect(finding && told(finding)).toBe("deploy/app.yaml:13:37-13:51 missing");
    expect(finding?.message).toBe(
      'ConfigMap "checkout-confg" does not exist in this repository. Pods that need it do not start, so the rollout hangs, and a rollback that needs it hangs too. Did you mean "checkout-config"? Define it, or list it under `external` when it is made elsewhere.',
    );
    expect(finding?.related).toEqual([
      {
        path: "deploy/config.yaml",
        startLine: 3,
        startColumn: 19,
        endLine: 3,
        endColumn: 34,
        message: 'ConfigMap "checkout-config" is defined here.',
      },
    ]);
  });

  it("a ConfigMap whose scope holds others, across a kustomization's directories", () => {
    expect(
      tell({
        "prod/app.yaml": uses("configMapRef", "features"),
        "prod/kustomization.yaml": "resources: [app.yaml, ../base]\n",
        "base/kustomization.yaml": "resources: [config.yaml]\n",
        "base/config.yaml": object("ConfigMap", "checkout-config"),
      }),
    ).toEqual(["prod/app.yaml:13:37-13:45 missing"]);
  });

  it("a Secret with a near name that nothing else uses", () => {
    expect(
      tell({
        "deploy/app.yaml": uses("secretRef", "chekcout-db"),
        "deploy/s.yaml": object("Secret", "checkout-db"),
      }),
    ).toEqual(["deploy/app.yaml:13:34-13:45 missing"]);
  });

  it("a key that a ConfigMap does not have", () => {
    const env = deployment(
      "- name: api\n  image: api:1\n  env:\n    - name: LEVEL\n      valueFrom:\n        configMapKeyRef: { name: checkout-config, key: LEVLE }",
    );
    const [finding, ...others] = findingsOf(rule, { "deploy/app.yaml": env, ...CONFIG });
    expect(others).toEqual([]);
    expect(finding && told(finding)).toBe("deploy/app.yaml:15:42-15:57 missingKey");
    expect(finding?.message).toContain('ConfigMap "checkout-config" has no key "LEVLE".');
    expect(finding?.related).toHaveLength(1);
    expect(tell({ "deploy/app.yaml": env.replace("LEVLE", "LEVEL"), ...CONFIG })).toEqual([]);
    // Another file adds to the same ConfigMap: a patch, or the same name in another environment.
    expect(
      tell({
        "deploy/app.yaml": env,
        ...CONFIG,
        "b/c.yaml": object("ConfigMap", "checkout-config", "data: { LEVLE: a }"),
      }),
    ).toEqual([]);
  });

  it("a Rollout's AnalysisTemplate and Services", () => {
    const strategy =
      "{ canary: { stableService: checkout-stable, canaryService: checkout, analysis: { templates: [{ templateName: errors }, { templateName: shared, clusterScope: true }] } } }";
    expect(
      tell({ ...APP, "deploy/r.yaml": rollout(strategy), "deploy/s.yaml": service("{ app: checkout }") }),
    ).toEqual(["deploy/r.yaml:6:40-6:55 missing", "deploy/r.yaml:6:122-6:128 missing"]);
  });

  it("a Service that selects nothing, with the label it means", () => {
    const [finding, ...others] = findingsOf(rule, { ...APP, "deploy/s.yaml": service("{ app: chekcout }") });
    expect(others).toEqual([]);
    expect(finding && told(finding)).toBe("deploy/s.yaml:5:13-5:30 selectsNothing");
    expect(finding?.message).toBe(
      'Service "checkout" selects no pods: no workload in this repository has the labels app: chekcout. Every request to it fails while the rollout looks healthy. Did you mean "app: checkout"? Make the selector and the pod labels the same.',
    );
    expect(finding?.related).toEqual([
      {
        path: "deploy/app.yaml",
        startLine: 3,
        startColumn: 19,
        endLine: 3,
        endColumn: 27,
        message: 'Deployment "checkout" makes pods with "app: checkout".',
      },
    ]);
  });

  it("a Service that selects nothing in a scope that was read as a whole", () => {
    expect(tell({ ...APP, "deploy/s.yaml": service("\n    app: web\n    tier: front") })).toEqual([
      "deploy/s.yaml:6:5-7:16 selectsNothing",
    ]);
  });

  it("backends, targets and workloadRefs", () => {
    expect(
      tell({
        ...APP,
        "deploy/s.yaml": service("{ app: checkout }"),
        "deploy/i.yaml":
          "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: { rules: [{ http: { paths: [{ backend: { service: { name: gone } } }] } }] }\n",
        "deploy/h.yaml":
          "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec: { scaleTargetRef: { kind: Deployment, name: gone } }\n",
        "deploy/r.yaml":
          "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: { workloadRef: { kind: Deployment, name: chekcout } }\n",
      }),
    ).toEqual([
      "deploy/i.yaml:3:65-3:69 missing",
      "deploy/h.yaml:3:51-3:55 missing",
      "deploy/r.yaml:3:48-3:56 missing",
    ]);
  });
});
