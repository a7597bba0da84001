import { kubernetesRuleTester } from "../testing.ts";
import rule from "./require-revision-history.ts";

const workload = (spec: string, kind = "Deployment", apiVersion = "apps/v1"): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: checkout }\nspec:\n  ${spec}\n`;
const AT_VALUE = { line: 5, column: 25, endLine: 5, endColumn: 26 };

kubernetesRuleTester().run("require-revision-history", rule, {
  valid: [
    // The default is 10.
    workload("replicas: 3"),
    workload("revisionHistoryLimit:"),
    workload("revisionHistoryLimit: 1"),
    { code: workload("revisionHistoryLimit: 3"), options: [{ minimum: 3 }] },
    workload('revisionHistoryLimit: "${HISTORY}"'),
    // Keeps no revisions, whatever it says.
    workload("revisionHistoryLimit: 0", "Job", "batch/v1"),
    workload("revisionHistoryLimit: 0", "Deployment", "example.com/v1"),
    // Written by a controller, after its owner's template.
    workload("revisionHistoryLimit: 0").replace(
      "name: checkout",
      "name: a, ownerReferences: [{ kind: App }]",
    ),
  ],
  invalid: [
    {
      name: "none, in a patch too",
      code: workload("revisionHistoryLimit: 0"),
      errors: [
        {
          messageId: "none",
          data: { kind: "Deployment", workload: "checkout", limit: "0", minimum: "1" },
          ...AT_VALUE,
        },
      ],
    },
    {
      name: "none of a Rollout",
      code: workload("revisionHistoryLimit: 0", "Rollout", "argoproj.io/v1alpha1"),
      errors: [
        {
          messageId: "none",
          data: { kind: "Rollout", workload: "checkout", limit: "0", minimum: "1" },
          ...AT_VALUE,
        },
      ],
    },
    {
      name: "fewer than the configuration asks for",
      code: workload("revisionHistoryLimit: 2", "StatefulSet"),
      options: [{ minimum: 3 }],
      errors: [
        {
          messageId: "few",
          data: { kind: "StatefulSet", workload: "checkout", limit: "2", minimum: "3" },
          ...AT_VALUE,
        },
      ],
    },
  ],
});
