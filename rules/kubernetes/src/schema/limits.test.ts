import { describe, expect, test } from "vitest";
import { codeOf, deployment } from "../testing.ts";
import { problemsOf } from "./walk.ts";

/** What is invalid in a text, each as the words of the message and the text it points at. */
function invalidIn(text: string): string[] {
  const code = codeOf(text);
  return code.resources
    .flatMap((resource) => problemsOf(resource, text))
    .map(
      ({ data, range: [start, end] }) =>
        `${data["problem"] ?? JSON.stringify(data)} <${text.slice(start, end)}>`,
    );
}

const API = "- name: api\n  image: api:1";
const pod = (containers: string): string => deployment(containers);
const spec = (lines: string): string => deployment(API).replace("spec:\n", `spec:\n  ${lines}\n`);

describe("what the API server takes", () => {
  test.each([
    pod(`${API}\n  env: [{ name: A, value: "", valueFrom: { fieldRef: { fieldPath: metadata.name } } }]`),
    pod(`${API}\n  ports: [{ containerPort: 65535, hostPort: 0 }]`),
    pod(`${API}\n  resources: { requests: { memory: 1Gi }, limits: { memory: 1024Mi } }`),
    spec("strategy: { type: Recreate }"),
    spec("strategy: { type: Recreate, rollingUpdate: null }"),
    spec("minReadySeconds: 10\n  progressDeadlineSeconds: 11"),
    "apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: { maxUnavailable: 1 }\n",
    "apiVersion: batch/v1\nkind: Job\nspec: { template: { spec: { restartPolicy: OnFailure } } }\n",
    'apiVersion: v1\nkind: Service\nmetadata: { labels: { a: "", example.com/b_c: D.e-f } }\n',
    "apiVersion: v1\nkind: Service\nspec: { ports: [{ port: 80, targetPort: http }] }\n",
    // The volume may come with the patch that adds the mount's container.
    pod(`- name: api\n  volumeMounts: [{ name: a, mountPath: /a }]`),
  ])("%s", (text) => {
    expect(invalidIn(text)).toEqual([]);
  });
});

describe("what it refuses", () => {
  const CONTAINER = "spec.template.spec.containers[0]";
  test.each([
    [spec("replicas: -1"), '"spec.replicas" is -1, but must be at least 0 <-1>'],
    [
      spec("minReadySeconds: 10\n  progressDeadlineSeconds: 10"),
      '"spec.progressDeadlineSeconds" is 10, but must be greater than minReadySeconds (10) <10>',
    ],
    [
      spec("strategy: { type: Recreate, rollingUpdate: {} }"),
      '"spec.strategy.rollingUpdate" may not be there when the type is Recreate <{}>',
    ],
    [
      spec('strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: "0%" } }'),
      '"spec.strategy.rollingUpdate" has neither surge nor unavailable pods, so no pod could ever be replaced <"0%">',
    ],
    [
      spec("strategy: { rollingUpdate: { maxSurge: abc } }"),
      '"spec.strategy.rollingUpdate.maxSurge" is "abc", but must be a number or a percentage <abc>',
    ],
    [
      `${deployment(API)}      restartPolicy: Never\n`,
      '"spec.template.spec.restartPolicy" is "Never", which its kind does not allow <Never>',
    ],
    [
      pod(`${API}\n  ports: [{ containerPort: 70000 }]`),
      `"${CONTAINER}.ports[0].containerPort" is 70000, but must be from 1 to 65535 <70000>`,
    ],
    [
      pod(`${API}\n  lifecycle: { preStop: { httpGet: { port: 80 }, exec: { command: [a] } } }`),
      `"${CONTAINER}.lifecycle.preStop" has "httpGet" and "exec", of which only one may be there <{ command: [a] }>`,
    ],
    [
      pod(`${API}\n  env: [{ name: A, value: b, valueFrom: {} }]`),
      `"${CONTAINER}.env[0]" has "value" and "valueFrom", of which only one may be there <{}>`,
    ],
    [
      pod(`${API}\n  resources: { requests: { memory: 2Gi }, limits: { memory: 1024Mi } }`),
      `"${CONTAINER}.resources.requests.memory" is 2Gi, more than the limit of 1024Mi <2Gi>`,
    ],
    [
      pod(`${API}\n- name: api\n  image: b:1`),
      '"spec.template.spec.containers[1].name" is "api" for a second time <api>',
    ],
    [pod("- name: My_App\n  image: a:1"), `"${CONTAINER}.name" is "My_App", which is no DNS label <My_App>`],
    [pod(`${API}\n- name: b`), '"spec.template.spec.containers[1]" has no image <b>'],
    [
      pod(`${API}\n  volumeMounts: [{ name: cache, mountPath: /c }]`),
      `"${CONTAINER}.volumeMounts[0].name" is "cache", which is no volume of the pod <cache>`,
    ],
    [
      "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec: { minReplicas: 5, maxReplicas: 3 }\n",
      '"spec.maxReplicas" is 3, less than minReplicas (5) <3>',
    ],
    [
      "apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: { minAvailable: 1, maxUnavailable: 1 }\n",
      '"spec" has "minAvailable" and "maxUnavailable", of which only one may be there <1>',
    ],
    [
      "apiVersion: batch/v1\nkind: Job\nspec: { template: { spec: { restartPolicy: Always } } }\n",
      '"spec.template.spec.restartPolicy" is "Always", which a Job does not allow <Always>',
    ],
    [
      'apiVersion: v1\nkind: Service\nmetadata: { labels: { version: "1.0+abc" } }\n',
      '"metadata.labels.version" is "1.0+abc", which no label may be <"1.0+abc">',
    ],
    [
      "apiVersion: v1\nkind: Service\nmetadata: { labels: { owner: a@example.com } }\n",
      '"metadata.labels.owner" is "a@example.com", which no label may be <a@example.com>',
    ],
    [
      "apiVersion: flagger.app/v1beta1\nkind: Canary\nspec: { analysis: { interval: 1h, threshold: 5, stepWeight: 10 } }\n",
      '"spec.analysis.interval" is "1h", but must begin with minutes or seconds <1h>',
    ],
    [
      "apiVersion: flagger.app/v1beta1\nkind: Canary\nspec: { analysis: { interval: 1m, iterations: 5, stepWeight: 10 } }\n",
      '"spec.analysis" has "iterations" and "stepWeight", of which only one may be there <10>',
    ],
    [
      "apiVersion: v1\nkind: Service\nmetadata: { labels: { a b: c } }\n",
      '"a b" is no valid key for a label <c>',
    ],
  ])("%s", (text, expected) => {
    expect(invalidIn(text)).toEqual([expected]);
  });
});

test("aliases cannot make it look at more than it can", () => {
  const list = Array.from({ length: 200 }, () => "*p").join(", ");
  const text = `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - &c { name: a, image: b, ports: [&p { containerPort: 1 }, ${list}] }\n${"    - *c\n".repeat(2000)}`;
  const start = performance.now();
  const problems = problemsOf(codeOf(text).resources[0]!, text);
  expect(problems.map(({ data }) => data["problem"])).toEqual([
    '"spec.containers[1].name" is "a" for a second time',
  ]);
  expect(performance.now() - start).toBeLessThan(5000);
});
