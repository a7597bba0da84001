import { deliveryRuleTester, deployJob, WORKFLOW_PATH as filename } from "../testing.ts";
import rule from "./require-terraform-plan-file.ts";

deliveryRuleTester().run("require-terraform-plan-file", rule, {
  valid: [
    deployJob("- run: terraform plan -out=tfplan\n- run: terraform apply -auto-approve tfplan"),
    deployJob("- run: terraform apply $PLAN_ARGS -auto-approve"),
    deployJob("- run: terraform apply -auto-approve ${{ steps.plan.outputs.file }}"),
    // Asks, and ends for want of an answer.
    deployJob("- run: terraform apply -input=false"),
    deployJob("- run: terraform destroy -auto-approve"),
    deployJob("- run: terraform apply -auto-approve", "    name: Sandbox\n"),
    deployJob("- run: terraform apply -auto-approve").replace("on: push", "on: [pull_request]"),
    // A stack of many modules has no one plan file.
    deployJob("- run: terragrunt run-all apply --terragrunt-non-interactive"),
  ].map((code) => ({ code, filename })),
  invalid: [
    {
      name: "applies a plan that nobody saw",
      filename,
      code: deployJob(
        "- run: terraform plan\n- run: terraform -chdir=infra apply -input=false -auto-approve -var 'tag=é'",
      ),
      errors: [
        {
          messageId: "unplanned",
          data: { tool: "terraform", others: "" },
          line: 7,
          column: 14,
          endLine: 7,
          endColumn: 82,
        },
      ],
    },
    {
      name: "told once for all jobs of a workflow",
      filename,
      code: `${deployJob("- run: tofu apply --auto-approve")}  more:\n    steps:\n      - run: terragrunt apply -auto-approve && terragrunt apply -auto-approve\n`,
      errors: [
        {
          messageId: "unplanned",
          data: { tool: "tofu", others: ", like 2 other commands of this workflow," },
          line: 6,
          column: 14,
          endLine: 6,
          endColumn: 39,
        },
      ],
    },
    {
      name: "in a composite action",
      filename: "action.yaml",
      code: "runs:\n  using: composite\n  steps:\n    - { shell: bash, run: terraform apply -auto-approve }\n",
      errors: [
        {
          messageId: "unplanned",
          data: { tool: "terraform", others: "" },
          line: 4,
          column: 27,
          endLine: 4,
          endColumn: 56,
        },
      ],
    },
  ],
});
