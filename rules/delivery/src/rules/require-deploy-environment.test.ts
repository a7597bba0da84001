import { deliveryRuleTester, deployJob, WORKFLOW_PATH as filename } from "../testing.ts";
import rule from "./require-deploy-environment.ts";

const APPLY = "- run: kubectl apply -f deploy/";

deliveryRuleTester().run("require-deploy-environment", rule, {
  valid: [
    { code: deployJob(APPLY, "    environment: production\n"), filename },
    { code: deployJob(APPLY, "    environment: ${{ inputs.environment }}\n"), filename },
    {
      code: deployJob(APPLY, "    environment: { name: production, url: 'https://example.com' }\n"),
      filename,
    },
    { code: deployJob("- run: kubectl get pods"), filename },
    { code: deployJob("- run: kubectl apply -f deploy/ --dry-run=server"), filename },
    // Not for people: tests, previews, stages before production, by job, workflow or file.
    { code: deployJob(`- run: minikube start\n${APPLY}`), filename },
    { code: deployJob(APPLY).replace("deploy:", "deploy-to-test:"), filename },
    { code: deployJob(APPLY).replace("deploy:", "preview:"), filename },
    { code: `name: Deploy dev\n${deployJob(APPLY)}`, filename },
    { code: deployJob(APPLY), filename: ".github/workflows/deploy-staging.yml" },
    { code: deployJob(APPLY, "    if: github.event_name == 'pull_request'\n"), filename },
    // The called workflow says the environment.
    { code: "on: push\njobs:\n  deploy:\n    uses: ./.github/workflows/deploy.yml\n", filename },
    { code: deployJob("- uses: azure/login@v2"), filename },
    { code: deployJob("- uses: azure/k8s-deploy@v5\n  if: false"), filename },
    // An action is told of nothing but its inputs.
    {
      code: "runs:\n  using: composite\n  steps:\n    - { shell: bash, run: helm upgrade a b }\n",
      filename: "action.yml",
    },
  ],
  invalid: [
    {
      name: "a job that deploys by a command",
      filename,
      code: deployJob(APPLY),
      errors: [
        {
          messageId: "missing",
          data: { job: "deploy", what: "kubectl apply", others: "" },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 9,
        },
      ],
    },
    {
      name: "a job that deploys by an action",
      filename,
      code: deployJob("- uses: aws-actions/amazon-ecs-deploy-task-definition@v2"),
      errors: [
        {
          messageId: "missing",
          data: { job: "deploy", what: "aws-actions/amazon-ecs-deploy-task-definition", others: "" },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 9,
        },
      ],
    },
    {
      name: "several jobs, told once",
      filename: ".github/workflows/release-production.yaml",
      code: `name: Deploy to staging and production\n${deployJob(APPLY)}  other:\n    steps:\n      - run: helm upgrade a b\n`,
      errors: [
        {
          messageId: "missing",
          data: { job: "deploy", what: "kubectl apply", others: ", like one other job of this workflow," },
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 9,
        },
      ],
    },
  ],
});
