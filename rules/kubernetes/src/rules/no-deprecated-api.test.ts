import { kubernetesRuleTester } from "../testing.ts";
import rule from "./no-deprecated-api.ts";

function resource(apiVersion: string, kind: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: checkout }\n`;
}

const SELECTOR = ", where spec.selector is required and cannot change, and defaults of the rollout differ";

kubernetesRuleTester().run("no-deprecated-api", rule, {
  valid: [
    // A note for a resource that stands elsewhere, which nothing applies yet.
    "apiVersion: admissionregistration.k8s.io/v1beta1\nkind: MutatingWebhookConfiguration\nmetadata: { name: a, annotations: { b: c } }\n",
    resource("apps/v1", "Deployment"),
    resource("policy/v1", "PodDisruptionBudget"),
    // The group and version are served, for another kind.
    resource("certificates.k8s.io/v1beta1", "PodCertificateRequest"),
    // Nothing is known of it.
    resource("example.com/v1beta1", "Deployment"),
    resource("extensions/v1beta1", "Thing"),
    // The cluster still serves it, and warnings are not asked for.
    { code: resource("policy/v1beta1", "PodDisruptionBudget"), options: [{ kubernetesVersion: "1.24" }] },
    { code: resource("batch/v1beta1", "CronJob"), options: [{ kubernetesVersion: "1.9" }] },
    // It was not deprecated yet.
    {
      code: resource("policy/v1beta1", "PodDisruptionBudget"),
      options: [{ kubernetesVersion: "1.20", deprecated: true }],
    },
    // Removed in a release that is not out.
    resource("resource.k8s.io/v1beta2", "ResourceClaim"),
    // What a ConfigMap holds is text.
    "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    apiVersion: extensions/v1beta1\n    kind: Deployment\n",
  ],
  invalid: [
    {
      name: "only the apiVersion changes",
      code: resource("batch/v1beta1", "CronJob"),
      output: resource("batch/v1", "CronJob"),
      errors: [
        {
          messageId: "removed",
          data: {
            project: "Kubernetes",
            removed: "1.25",
            kind: "CronJob",
            apiVersion: "batch/v1beta1",
            replacement: "batch/v1",
            changes: "",
          },
          line: 1,
          column: 13,
          endLine: 1,
          endColumn: 26,
        },
      ],
    },
    {
      name: "quotes stay, and 1.9 is older than 1.16",
      code: resource('"apps/v1beta2"', "StatefulSet"),
      options: [{ kubernetesVersion: "1.16" }],
      output: resource('"apps/v1"', "StatefulSet"),
      errors: [
        {
          messageId: "removed",
          data: {
            project: "Kubernetes",
            removed: "1.16",
            kind: "StatefulSet",
            apiVersion: "apps/v1beta2",
            replacement: "apps/v1",
            changes: "",
          },
          line: 1,
          column: 13,
          endLine: 1,
          endColumn: 27,
        },
      ],
    },
    {
      name: "what has another shape is only suggested",
      code: `# comment\n---\n${resource("extensions/v1beta1", "Deployment")}`,
      errors: [
        {
          messageId: "removed",
          data: {
            project: "Kubernetes",
            removed: "1.16",
            kind: "Deployment",
            apiVersion: "extensions/v1beta1",
            replacement: "apps/v1",
            changes: SELECTOR,
          },
          line: 3,
          column: 13,
          endLine: 3,
          endColumn: 31,
          suggestions: [
            {
              messageId: "rewrite",
              data: { replacement: "apps/v1" },
              output: `# comment\n---\n${resource("apps/v1", "Deployment")}`,
            },
          ],
        },
      ],
    },
    {
      name: "an autoscaler's old targets, whose place changes with the version",
      code: `${resource("autoscaling/v2beta2", "HorizontalPodAutoscaler")}spec: { metrics: [{ type: Resource, resource: { name: cpu, targetAverageUtilization: 50 } }] }\n`,
      errors: [
        {
          messageId: "removed",
          data: {
            project: "Kubernetes",
            removed: "1.26",
            kind: "HorizontalPodAutoscaler",
            apiVersion: "autoscaling/v2beta2",
            replacement: "autoscaling/v2",
            changes:
              ", where targetAverageUtilization is target.averageUtilization with target.type: Utilization, targetAverageValue and targetValue are target.averageValue and target.value with their types, and metricName is metric.name",
          },
          line: 1,
          column: 13,
          endLine: 1,
          endColumn: 32,
          suggestions: [
            {
              messageId: "rewrite",
              data: { replacement: "autoscaling/v2" },
              output: `${resource("autoscaling/v2", "HorizontalPodAutoscaler")}spec: { metrics: [{ type: Resource, resource: { name: cpu, targetAverageUtilization: 50 } }] }\n`,
            },
          ],
        },
      ],
    },
    {
      name: "an autoscaler whose targets stand where they belong",
      code: `${resource("autoscaling/v2beta2", "HorizontalPodAutoscaler")}spec: { metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization } } }] }\n`,
      output: `${resource("autoscaling/v2", "HorizontalPodAutoscaler")}spec: { metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization } } }] }\n`,
      errors: [
        {
          messageId: "removed",
          data: {
            project: "Kubernetes",
            removed: "1.26",
            kind: "HorizontalPodAutoscaler",
            apiVersion: "autoscaling/v2beta2",
            replacement: "autoscaling/v2",
            changes: "",
          },
          line: 1,
          column: 13,
          endLine: 1,
          endColumn: 32,
        },
      ],
    },
    {
      name: "nothing took its place",
      code: resource("policy/v1beta1", "PodSecurityPolicy"),
      errors: [
        {
          messageId: "gone",
          data: {
            project: "Kubernetes",
            removed: "1.25",
            kind: "PodSecurityPolicy",
            apiVersion: "policy/v1beta1",
          },
          line: 1,
          column: 13,
          endLine: 1,
          endColumn: 27,
        },
      ],
    },
    {
      name: "another project's releases do not depend on the cluster's",
      code: resource("cert-manager.io/v1alpha2", "Certificate"),
      options: [{ kubernetesVersion: "1.5" }],
      errors: [
        {
          messageId: "removed",
          data: {
            project: "cert-manager",
            removed: "1.6",
            kind: "Certificate",
            apiVersion: "cert-manager.io/v1alpha2",
            replacement: "cert-manager.io/v1",
            changes: ", where some fields have other names; `cmctl convert` writes them",
          },
          line: 1,
          column: 13,
          endLine: 1,
          endColumn: 37,
          suggestions: [
            {
              messageId: "rewrite",
              data: { replacement: "cert-manager.io/v1" },
              output: resource("cert-manager.io/v1", "Certificate"),
            },
          ],
        },
      ],
    },
    {
      name: "served, but deprecated",
      code: resource("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema"),
      options: [{ kubernetesVersion: "1.31", deprecated: true }],
      output: resource("flowcontrol.apiserver.k8s.io/v1", "FlowSchema"),
      errors: [
        {
          messageId: "deprecated",
          data: {
            project: "Kubernetes",
            deprecated: "1.29",
            removed: "1.32",
            kind: "FlowSchema",
            apiVersion: "flowcontrol.apiserver.k8s.io/v1beta3",
            replacement: "flowcontrol.apiserver.k8s.io/v1",
            changes: "",
          },
          line: 1,
          column: 13,
          endLine: 1,
          endColumn: 49,
        },
      ],
    },
    {
      name: "served, but nothing will take its place",
      code: resource("policy/v1beta1", "PodSecurityPolicy"),
      options: [{ kubernetesVersion: "1.24", deprecated: true }],
      errors: [
        {
          messageId: "leaving",
          data: {
            project: "Kubernetes",
            deprecated: "1.21",
            removed: "1.25",
            kind: "PodSecurityPolicy",
            apiVersion: "policy/v1beta1",
          },
          line: 1,
          column: 13,
          endLine: 1,
          endColumn: 27,
        },
      ],
    },
    {
      name: "items of a typed list may leave the apiVersion out; then there is nothing to rewrite",
      code: "apiVersion: networking.k8s.io/v1beta1\nkind: IngressClassList\nitems:\n  - kind: IngressClass\n    metadata: { name: nginx }\n",
      errors: [
        {
          messageId: "removed",
          data: {
            project: "Kubernetes",
            removed: "1.22",
            kind: "IngressClass",
            apiVersion: "networking.k8s.io/v1beta1",
            replacement: "networking.k8s.io/v1",
            changes: "",
          },
          line: 4,
          column: 11,
          endLine: 4,
          endColumn: 23,
        },
      ],
    },
  ],
});
