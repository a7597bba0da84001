import { kubernetesRuleTester } from "../testing.ts";
import rule from "./no-syntax-error.ts";

const POD = "apiVersion: v1\nkind: Pod\n";

kubernetesRuleTester().run("no-syntax-error", rule, {
  valid: [
    "",
    "# only a comment\n",
    `${POD}metadata: { name: é😀 }\n`,
    // Not ours: the file is no manifest.
    "a: [1\n",
    // A template is not YAML, and not a broken manifest either.
    `{{- if .Values.enabled }}\n${POD}{{- end }}\n`,
    // go-yaml takes a quoted scalar with any indentation; `yaml` alone would not.
    `${POD}metadata:\n  name: 'a\n  b'\n`,
    // The same key in two mappings, and merge keys that repeat.
    `${POD}a: &a {x: 1}\nb: &b {x: 1}\nc:\n  <<: *a\n  <<: *b\n`,
    // Duplicate keys matter in manifests only.
    `${POD}---\na: 1\na: 2\n`,
  ],
  invalid: [
    {
      name: "a broken document, the others aside",
      code: `${POD}a: 'é😀\n---\n${POD}---\n${POD}b: *nothing\n`,
      errors: [
        {
          messageId: "invalid",
          data: { problem: "Missing closing 'quote" },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 8,
        },
        {
          messageId: "invalid",
          data: { problem: "The alias *nothing has no anchor before it" },
          line: 10,
          column: 4,
          endLine: 10,
          endColumn: 12,
        },
      ],
    },
    {
      name: "a key that stands twice",
      code: `${POD}metadata:\r\n  labels: { app: é😀, app: b }\r\n`,
      errors: [
        { messageId: "duplicateKey", data: { key: "app" }, line: 4, column: 23, endLine: 4, endColumn: 26 },
      ],
    },
    {
      name: "JSON",
      filename: "pod.json",
      code: '{"apiVersion": "v1", "kind": "Pod", "kind": "Job"}',
      errors: [
        { messageId: "duplicateKey", data: { key: "kind" }, line: 1, column: 37, endLine: 1, endColumn: 43 },
      ],
    },
  ],
});
