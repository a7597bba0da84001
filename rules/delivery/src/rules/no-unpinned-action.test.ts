import { deliveryRuleTester, deployJob, WORKFLOW_PATH as filename } from "../testing.ts";
import rule from "./no-unpinned-action.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const APPLY = "- run: kubectl apply -f deploy/";

deliveryRuleTester().run("no-unpinned-action", rule, {
  valid: [
    { code: deployJob(`- uses: azure/login@${SHA} # v2\n${APPLY}`), filename },
    // The repository's own, and GitHub's, which the option allows by default.
    { code: deployJob(`- uses: ./.github/actions/login\n- uses: actions/checkout@v5\n${APPLY}`), filename },
    { code: deployJob(`- uses: docker://alpine:3.20\n${APPLY}`), filename },
    // Deploys nothing.
    { code: deployJob("- uses: golangci/golangci-lint-action@v8\n- uses: a/b@main"), filename },
    // A preview; and a cluster of the job's own.
    { code: deployJob(`- uses: a/b@main\n${APPLY}`).replace("on: push", "on: pull_request"), filename },
    { code: deployJob(`- uses: helm/kind-action@v1\n- uses: a/b@main\n${APPLY}`), filename },
    { code: deployJob("- uses: a/b@v1", "    environment: lint\n"), filename },
    {
      code: deployJob(`- uses: azure/login@v2\n${APPLY}`),
      filename,
      options: [{ allow: ["Azure/login"] }],
    },
    { code: "on: push\njobs:\n  deploy:\n    uses: ./.github/workflows/x.yml\n", filename },
  ],
  invalid: [
    {
      name: "tags and branches in a job that deploys",
      filename,
      code: deployJob(
        `- uses: 'azure/login@v2'\n- uses: actions/checkout@main\n- uses: a/b/c@release/v1\n${APPLY}`,
      ),
      errors: [
        {
          messageId: "tag",
          data: { action: "azure/login", ref: "v2" },
          line: 6,
          column: 16,
          endLine: 6,
          endColumn: 30,
        },
        {
          messageId: "branch",
          data: { action: "actions/checkout", ref: "main" },
          line: 7,
          column: 15,
          endLine: 7,
          endColumn: 36,
        },
        {
          messageId: "branch",
          data: { action: "a/b/c", ref: "release/v1" },
          line: 8,
          column: 15,
          endLine: 8,
          endColumn: 31,
        },
      ],
    },
    {
      name: "in a job of production's environment, and in the workflow that it calls",
      filename,
      code: "on: push\njobs:\n  publish:\n    environment: Production\n    steps:\n      - uses: a/b@v1.2.3\n  call:\n    environment: { name: prod }\n    uses: a/b/.github/workflows/x.yml@main\n",
      errors: [
        {
          messageId: "tag",
          data: { action: "a/b", ref: "v1.2.3" },
          line: 6,
          column: 15,
          endLine: 6,
          endColumn: 25,
        },
        {
          messageId: "branch",
          data: { action: "a/b/.github/workflows/x.yml", ref: "main" },
          line: 9,
          column: 11,
          endLine: 9,
          endColumn: 43,
        },
      ],
    },
    {
      name: "images",
      filename,
      code: deployJob(`- uses: docker://alpine\n- uses: docker://alpine:latest\n${APPLY}`),
      errors: [
        { messageId: "image", data: { image: "alpine" }, line: 6, column: 15, endLine: 6, endColumn: 30 },
        {
          messageId: "image",
          data: { image: "alpine:latest" },
          line: 7,
          column: 15,
          endLine: 7,
          endColumn: 37,
        },
      ],
    },
    {
      name: "everywhere and GitHub's own, when the options ask for it",
      filename,
      options: [{ everywhere: true, allow: [] }],
      code: deployJob("- uses: actions/checkout@v5"),
      errors: [
        {
          messageId: "tag",
          data: { action: "actions/checkout", ref: "v5" },
          line: 6,
          column: 15,
          endLine: 6,
          endColumn: 34,
        },
      ],
    },
    {
      name: "in a composite action, everywhere",
      filename: "action.yml",
      options: [{ everywhere: true }],
      code: "runs:\n  using: composite\n  steps:\n    - uses: a/b@master\n",
      errors: [
        {
          messageId: "branch",
          data: { action: "a/b", ref: "master" },
          line: 4,
          column: 13,
          endLine: 4,
          endColumn: 23,
        },
      ],
    },
  ],
});
