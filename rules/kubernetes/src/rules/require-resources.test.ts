import { deployment, kubernetesRuleTester } from "../testing.ts";
import rule from "./require-resources.ts";

const API = "- name: api\n  image: api:1\n  ports: [{ containerPort: 8080 }]";
const ALL = "resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 128Mi } }";
const LIMIT_RANGE =
  "---\napiVersion: v1\nkind: LimitRange\nmetadata: { name: defaults }\nspec: { limits: [] }\n";
const AT_NAME = { line: 10, column: 17, endLine: 10, endColumn: 20 };
const names = { container: "api", kind: "Deployment", workload: "checkout" };
const UNKNOWN =
  "The scheduler puts its pods where nothing is left, and they are the first to be evicted when a rollout starts extra ones.";

kubernetesRuleTester().run("require-resources", rule, {
  valid: [
    deployment(`${API}\n  ${ALL}`),
    // What is limited and not requested is requested.
    deployment(`${API}\n  resources: { limits: { cpu: 1, memory: 128Mi } }`),
    // Resources of the whole pod.
    `${deployment(API)}      ${ALL}\n`,
    // A LimitRange fills them in.
    deployment(API) + LIMIT_RANGE,
    // Serves nobody, or is a patch.
    deployment("- name: worker\n  image: worker:1"),
    deployment(API).replace(/ {2}selector.*\n/, ""),
  ],
  invalid: [
    {
      name: "nothing",
      code: deployment(API),
      errors: [
        {
          messageId: "missing",
          data: {
            ...names,
            missing: "resources.requests.cpu, resources.requests.memory and resources.limits.memory",
            consequence: UNKNOWN,
          },
          ...AT_NAME,
        },
      ],
    },
    {
      name: "one of them, where another namespace has defaults",
      code:
        deployment(`${API}\n  resources: { limits: { memory: 64Mi } }`).replace(
          "name: checkout }",
          "name: checkout, namespace: shop }",
        ) + LIMIT_RANGE.replace("name: defaults", "name: defaults, namespace: other"),
      errors: [
        {
          messageId: "missing",
          data: { ...names, missing: "resources.requests.cpu", consequence: UNKNOWN },
          ...AT_NAME,
        },
      ],
    },
    {
      name: "no limit",
      code: deployment(`${API}\n  resources: { requests: { cpu: 1, memory: 64Mi } }`),
      errors: [
        {
          messageId: "missing",
          data: {
            ...names,
            missing: "resources.limits.memory",
            consequence:
              "A leak in it takes the memory of the whole node, and with it pods of other services.",
          },
          ...AT_NAME,
        },
      ],
    },
  ],
});
