import { deliveryRuleTester, WORKFLOW_PATH as filename } from "../testing.ts";
import rule from "./no-syntax-error.ts";

deliveryRuleTester().run("no-syntax-error", rule, {
  valid: [
    { code: "", filename },
    { code: "# only a comment\n", filename },
    { code: "on: push\njobs:\n  a:\n    if: ${{ github.ref == 'refs/heads/main' }}\n", filename },
    { code: "on: push\njobs: &jobs\n  a: { steps: [] }\nx: *jobs\n", filename },
    // No file of GitHub's, and one without jobs.
    { code: "jobs: [\n", filename: "ci/deploy.yml" },
    { code: "name: [\n", filename },
    // A Dockerfile has no syntax of which nothing is left to read.
    { code: "FORM node\n", filename: "Dockerfile" },
  ],
  invalid: [
    {
      filename,
      code: "on: push\njobs:\n  a: 'é😀\n",
      errors: [
        {
          messageId: "invalid",
          data: { problem: "Missing closing 'quote" },
          line: 3,
          column: 9,
          endLine: 3,
          endColumn: 10,
        },
      ],
    },
    {
      name: "an alias of nothing",
      filename,
      code: "on: push\njobs: *nothing\n",
      errors: [
        {
          messageId: "invalid",
          data: { problem: "The alias *nothing has no anchor before it" },
          line: 2,
          column: 7,
          endLine: 2,
          endColumn: 15,
        },
      ],
    },
  ],
});
