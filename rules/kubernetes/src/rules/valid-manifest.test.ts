import { deployment, kubernetesRuleTester } from "../testing.ts";
import rule from "./valid-manifest.ts";

const API = "- name: api\n  image: api:1";
const REFUSER = "The API server";

function configMap(data: string, comment = ""): string {
  return `apiVersion: v1\nkind: ConfigMap\n${comment}metadata: { name: a }\ndata: ${data}\n`;
}

/** A Deployment with more lines in its `spec`, which then begin at line 5. */
function deploymentWith(spec: string, containers = API): string {
  return deployment(containers).replace("spec:\n", `spec:\n  ${spec}\n`);
}

kubernetesRuleTester().run("valid-manifest", rule, {
  valid: [
    deployment(
      `${API}\n  ports: [{ containerPort: 8080, name: http }]\n  livenessProbe: { httpGet: { port: http } }\n  resources: { limits: { cpu: 0.5, memory: 1.5Gi }, requests: { cpu: 500m } }`,
    ),
    deploymentWith(
      'strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } }',
    ),
    // A value that is null is none; Kubernetes' JSON has octal numbers and dates as go-yaml reads them.
    deploymentWith("replicas:\n  strategy:\n  paused: ~"),
    `${deployment(API)}      volumes: [{ name: a, configMap: { name: a, defaultMode: 0644 } }]\n`,
    configMap('{ a: "yes", b: 2024-01-02, c: "1", d: "", e: !!str yes, f: null }'),
    configMap("\n  a: |\n    1\n  b: >-\n    true"),
    configMap("&a { b: c }\nbinaryData:\n  <<: *a"),
    // JSON is not YAML 1.1: what stands in quotes is text.
    { code: '{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"yes"}}', filename: "a.json" },
    // A patch has only what it changes: no selector, no image, no port.
    deployment("- name: api\n  env: [{ value: b }]").replace(/ {2}selector.*\n/, ""),
    deployment("- name: api\n  resources: { requests: { cpu: 1 } }"),
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec: { minReplicas: 2 }\n",
    // A patch with directives, and what SOPS encrypted.
    "apiVersion: v1\nkind: ConfigMap\n$patch: delete\nfoo: bar\n",
    "apiVersion: v1\nkind: Secret\ndata: { a: 1 }\nsops: { mac: x }\n",
    // Directives within a patch: it gives nothing that is required, names twice what it takes away, and empties fields.
    deployment(
      "- $patch: replace\n- { name: api, image: api:1, args: [{ $patch: replace }, a], $setElementOrder/ports: [{ containerPort: 1 }], env: [{ name: A, $patch: delete }, { name: A, value: b, valueFrom: { $patch: delete } }] }",
    ),
    deploymentWith("strategy: { $retainKeys: [type], type: Recreate, rollingUpdate: { $patch: delete } }"),
    `${deployment("- $patch: merge\n- { name: api, image: api:1, volumeMounts: [{ name: base, mountPath: /x }] }")}      nodeSelector: { $patch: replace }\n      $deleteFromPrimitiveList/finalizers: [a]\npatches:\n`,
    // What a tool fills in later may become anything.
    deploymentWith("replicas: ${REPLICAS}").replace("app: checkout", 'app: "{{name}}"'),
    deployment("- name: NAME_OF_CONTAINER\n  image: api:1\n  imagePullPolicy: PULL_POLICY"),
    "apiVersion: v1\nkind: PersistentVolumeClaim\nspec: { resources: { requests: { storage: CAPACITY } } }\n",
    deploymentWith("replicas: <number of pods>"),
    // The server's own fields, and what controllers wrote.
    "apiVersion: v1\nkind: Pod\nmetadata: { managedFields: [{ a: 1 }] }\nstatus: { foo: 1 }\nspec: { containers: [{ name: a, image: b }] }\n",
    // Kinds that the table does not know, and another version of one it does.
    "apiVersion: example.com/v1\nkind: Deployment\nfoo: bar\n",
    "apiVersion: apps/v1beta1\nkind: Deployment\nfoo: bar\n",
    // Claims of a StatefulSet are volumes too.
    `${deployment(`${API}\n  volumeMounts: [{ name: data, mountPath: /data }]`).replace("kind: Deployment", "kind: StatefulSet")}  volumeClaimTemplates: [{ metadata: { name: data }, spec: { resources: { requests: { storage: 1Gi } } } }]\n`,
    // A CRD's free part, and a struct that another embeds.
    "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nspec: { metrics: [{ name: a, provider: { plugin: { x: { y: 1 } } } }] }\n",
    "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: { strategy: { canary: { analysis: { startingStep: 1, templates: [{ templateName: a }] } } } }\n",
    "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nspec: { selector: {}, endpoints: [{ interval: 1m30s, tlsConfig: { caFile: a }, port: http }] }\n",
    // An empty text is the same as none.
    deployment(`${API}\n  imagePullPolicy: ""`),
    // The same anchored container under two names of fields: no edit could be right for both, no finding is there.
    "apiVersion: v1\nkind: Pod\nspec: { initContainers: [&c { name: a, image: b }], containers: [{ <<: *c, name: d }] }\n",
  ],
  invalid: [
    {
      name: "a field with the wrong case, which is suggested",
      code: deployment(`${API}\n  livenessprobe: { tcpSocket: { port: 80 } }`),
      errors: [
        {
          messageId: "unknown",
          data: {
            path: "spec.template.spec.containers[0].livenessprobe",
            kind: "Deployment",
            way: 'write "livenessProbe"',
            refuser: REFUSER,
          },
          line: 12,
          column: 11,
          endLine: 12,
          endColumn: 24,
          suggestions: [
            {
              messageId: "correct",
              data: { text: "livenessProbe" },
              output: deployment(`${API}\n  livenessProbe: { tcpSocket: { port: 80 } }`),
            },
          ],
        },
      ],
    },
    {
      name: "a field that stands one level too high or too low",
      code: `${deployment(`${API}\n  restartpolicies: x\n  ports: [{ containerPort: 80, imagePullPolicy: Always }]`)}      runAsUser: 1\n`,
      errors: [
        {
          messageId: "unknown",
          data: {
            path: "spec.template.spec.containers[0].restartpolicies",
            kind: "Deployment",
            way: 'write "restartPolicy"',
            refuser: REFUSER,
          },
          line: 12,
          column: 11,
          endLine: 12,
          endColumn: 26,
          suggestions: [
            {
              messageId: "correct",
              data: { text: "restartPolicy" },
              output: `${deployment(`${API}\n  restartPolicy: x\n  ports: [{ containerPort: 80, imagePullPolicy: Always }]`)}      runAsUser: 1\n`,
            },
          ],
        },
        {
          messageId: "unknown",
          data: {
            path: "spec.template.spec.containers[0].ports[0].imagePullPolicy",
            kind: "Deployment",
            way: 'move it to "spec.template.spec.containers[0]", where there is a field of this name',
            refuser: REFUSER,
          },
          line: 13,
          column: 40,
          endLine: 13,
          endColumn: 55,
        },
        {
          messageId: "unknown",
          data: {
            path: "spec.template.spec.runAsUser",
            kind: "Deployment",
            way: 'move it to "spec.template.spec.securityContext", where there is a field of this name',
            refuser: REFUSER,
          },
          line: 14,
          column: 7,
          endLine: 14,
          endColumn: 16,
        },
      ],
    },
    {
      name: "what a patch with directives sets itself, and a directive that is none",
      code: deployment(
        "- $patch: replace\n- { name: api, image: api:1, livenessprobe: {} }\n- { $delete: true }",
      ),
      errors: [
        {
          messageId: "unknown",
          data: {
            path: "spec.template.spec.containers[1].livenessprobe",
            kind: "Deployment",
            way: 'write "livenessProbe"',
            refuser: REFUSER,
          },
          line: 11,
          column: 38,
          endLine: 11,
          endColumn: 51,
          suggestions: [
            {
              messageId: "correct",
              data: { text: "livenessProbe" },
              output: deployment(
                "- $patch: replace\n- { name: api, image: api:1, livenessProbe: {} }\n- { $delete: true }",
              ),
            },
          ],
        },
        {
          messageId: "unknown",
          data: {
            path: "spec.template.spec.containers[2].$delete",
            kind: "Deployment",
            way: "take it out, or put it where it belongs",
            refuser: REFUSER,
          },
          line: 12,
          column: 13,
          endLine: 12,
          endColumn: 20,
        },
      ],
    },
    {
      name: "a field that nothing is like",
      code: configMap("{}", "zzzzzzzz: 1\n"),
      errors: [
        {
          messageId: "unknown",
          data: {
            path: "zzzzzzzz",
            kind: "ConfigMap",
            way: "take it out, or put it where it belongs",
            refuser: REFUSER,
          },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 9,
        },
      ],
    },
    {
      name: "a number where a text is needed, also one of YAML 1.1, and its booleans",
      code: configMap("{ a: 1.10, b: on, c: 1_000, d: [] }"),
      errors: [
        {
          messageId: "type",
          data: {
            path: "data.a",
            expected: "a text",
            got: "the number 1.10",
            way: 'write "1.10"',
            refuser: REFUSER,
          },
          line: 4,
          column: 12,
          endLine: 4,
          endColumn: 16,
          suggestions: [
            {
              messageId: "correct",
              data: { text: '"1.10"' },
              output: configMap('{ a: "1.10", b: on, c: 1_000, d: [] }'),
            },
          ],
        },
        {
          messageId: "type",
          data: {
            path: "data.b",
            expected: "a text",
            got: "the boolean on (in the YAML that Kubernetes reads)",
            way: 'write "on"',
            refuser: REFUSER,
          },
          line: 4,
          column: 21,
          endLine: 4,
          endColumn: 23,
          suggestions: [
            {
              messageId: "correct",
              data: { text: '"on"' },
              output: configMap('{ a: 1.10, b: "on", c: 1_000, d: [] }'),
            },
          ],
        },
        {
          messageId: "type",
          data: {
            path: "data.c",
            expected: "a text",
            got: "the number 1_000",
            way: 'write "1_000"',
            refuser: REFUSER,
          },
          line: 4,
          column: 28,
          endLine: 4,
          endColumn: 33,
          suggestions: [
            {
              messageId: "correct",
              data: { text: '"1_000"' },
              output: configMap('{ a: 1.10, b: on, c: "1_000", d: [] }'),
            },
          ],
        },
        {
          messageId: "type",
          data: { path: "data.d", expected: "a text", got: "a list", way: "write a text", refuser: REFUSER },
          line: 4,
          column: 38,
          endLine: 4,
          endColumn: 40,
        },
      ],
    },
    {
      name: "an annotation without quotes",
      code: "apiVersion: v1\nkind: Service\nmetadata:\n  annotations:\n    example.com/scrape: true\n",
      errors: [
        {
          messageId: "type",
          data: {
            path: "metadata.annotations.example.com/scrape",
            expected: "a text",
            got: "the boolean true",
            way: 'write "true"',
            refuser: REFUSER,
          },
          line: 5,
          column: 25,
          endLine: 5,
          endColumn: 29,
          suggestions: [
            {
              messageId: "correct",
              data: { text: '"true"' },
              output:
                'apiVersion: v1\nkind: Service\nmetadata:\n  annotations:\n    example.com/scrape: "true"\n',
            },
          ],
        },
      ],
    },
    {
      name: "a text where a number is needed; what an anchor shares is not edited",
      code: deploymentWith('replicas: &n "3"'),
      errors: [
        {
          messageId: "type",
          data: {
            path: "spec.replicas",
            expected: "a whole number",
            got: 'the text "3"',
            way: "write 3",
            refuser: REFUSER,
          },
          line: 5,
          column: 16,
          endLine: 5,
          endColumn: 19,
        },
      ],
    },
    {
      name: "fractions, quantities, durations, lists and mappings",
      code: `${deploymentWith("replicas: 1.5", `${API}\n  args: --verbose\n  env: { A: b }\n  resources: { limits: { memory: 512MB } }`)}---\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: { groups: [{ name: a, interval: 5 min }] }\n`,
      errors: [
        {
          messageId: "type",
          data: {
            path: "spec.replicas",
            expected: "a whole number",
            got: "the number 1.5",
            way: "write a whole number",
            refuser: REFUSER,
          },
          line: 5,
          column: 13,
          endLine: 5,
          endColumn: 16,
        },
        {
          messageId: "type",
          data: {
            path: "spec.template.spec.containers[0].args",
            expected: "a list",
            got: 'the text "--verbose"',
            way: "write a list",
            refuser: REFUSER,
          },
          line: 13,
          column: 17,
          endLine: 13,
          endColumn: 26,
        },
        {
          messageId: "type",
          data: {
            path: "spec.template.spec.containers[0].env",
            expected: "a list",
            got: "a mapping",
            way: "write a list",
            refuser: REFUSER,
          },
          line: 14,
          column: 16,
          endLine: 14,
          endColumn: 24,
        },
        {
          messageId: "type",
          data: {
            path: "spec.template.spec.containers[0].resources.limits.memory",
            expected: "a quantity such as 500m or 1Gi",
            got: 'the text "512MB"',
            way: "write a quantity such as 500m or 1Gi",
            refuser: REFUSER,
          },
          line: 15,
          column: 42,
          endLine: 15,
          endColumn: 47,
        },
        {
          messageId: "type",
          data: {
            path: "spec.groups[0].interval",
            expected: 'a duration such as "5m"',
            got: 'the text "5 min"',
            way: 'write a duration such as "5m"',
            refuser: REFUSER,
          },
          line: 19,
          column: 39,
          endLine: 19,
          endColumn: 44,
        },
      ],
    },
    {
      name: "what a complete resource lacks",
      code: deployment("- image: api:1\n  ports: [{ name: http }]"),
      errors: [
        {
          messageId: "missing",
          data: {
            at: '"spec.template.spec.containers[0].ports[0]"',
            fields: 'the field "containerPort"',
            what: "it",
            refuser: REFUSER,
          },
          line: 11,
          column: 21,
          endLine: 11,
          endColumn: 25,
        },
        {
          messageId: "missing",
          data: {
            at: '"spec.template.spec.containers[0]"',
            fields: 'the field "name"',
            what: "it",
            refuser: REFUSER,
          },
          line: 10,
          column: 11,
          endLine: 10,
          endColumn: 16,
        },
      ].toSorted((a, b) => a.line - b.line),
    },
    {
      name: "several that one mapping lacks",
      code: [
        "apiVersion: rbac.authorization.k8s.io/v1",
        "kind: RoleBinding",
        "metadata: { name: a }",
        "roleRef: { apiGroup: rbac.authorization.k8s.io }",
        "",
      ].join("\n"),
      errors: [
        {
          messageId: "missing",
          data: {
            at: '"roleRef"',
            fields: 'the fields "kind" and "name"',
            what: "them",
            refuser: REFUSER,
          },
          line: 4,
          column: 1,
          endLine: 4,
          endColumn: 8,
        },
      ],
    },
    {
      name: "a value that is none of the allowed ones; Argo's controller looks at the pods of a Rollout",
      code: "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: { template: { spec: { containers: [{ name: a, imagePullPolicy: IfNotPresent, terminationMessagePolicy: file }], dnsPolicy: zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz } } }\n",
      errors: [
        {
          messageId: "enum",
          data: {
            path: "spec.template.spec.containers[0].terminationMessagePolicy",
            value: "file",
            allowed: "FallbackToLogsOnError, File",
            way: "write File",
            refuser: "The API server or Argo's controller",
          },
          line: 3,
          column: 110,
          endLine: 3,
          endColumn: 114,
          suggestions: [
            {
              messageId: "correct",
              data: { text: "File" },
              output:
                "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: { template: { spec: { containers: [{ name: a, imagePullPolicy: IfNotPresent, terminationMessagePolicy: File }], dnsPolicy: zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz } } }\n",
            },
          ],
        },
        {
          messageId: "enum",
          data: {
            path: "spec.template.spec.dnsPolicy",
            value: "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
            allowed: "ClusterFirst, ClusterFirstWithHostNet, Default, None",
            way: "write one of them",
            refuser: "The API server or Argo's controller",
          },
          line: 3,
          column: 130,
          endLine: 3,
          endColumn: 163,
        },
      ],
    },
    {
      name: "what an alias repeats is told once",
      code: "apiVersion: v1\nkind: ConfigMap\ndata: { a: &x 1, b: *x, c: *x }\n",
      errors: [
        {
          messageId: "type",
          data: {
            path: "data.a",
            expected: "a text",
            got: "the number 1",
            way: 'write "1"',
            refuser: REFUSER,
          },
          line: 3,
          column: 15,
          endLine: 3,
          endColumn: 16,
        },
      ],
    },
  ],
});
