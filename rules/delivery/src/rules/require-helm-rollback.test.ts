import { deliveryRuleTester, deployJob, WORKFLOW_PATH as filename } from "../testing.ts";
import rule from "./require-helm-rollback.ts";

const UPGRADE = "- run: helm upgrade --install api ./chart --set image.tag=$TAG";

deliveryRuleTester().run("require-helm-rollback", rule, {
  valid: [
    deployJob(`${UPGRADE} --atomic --timeout 5m`),
    deployJob(`${UPGRADE} --wait --rollback-on-failure`),
    // Flags that are not known here.
    deployJob(`${UPGRADE} $HELM_ARGS`),
    deployJob("- run: helm upgrade --install api ./chart ${{ inputs.more }}"),
    deployJob('- run: helm upgrade "${ARGS[@]}" api ./chart'),
    // The job goes back by itself, in its own words.
    deployJob(`${UPGRADE} --wait || helm rollback api`),
    deployJob(`${UPGRADE} --wait\n- if: failure()\n  run: helm rollback api`),
    // Nothing is deployed.
    deployJob(`${UPGRADE} --dry-run`),
    deployJob("- run: helm template api ./chart"),
    deployJob("- run: echo helm upgrade api ./chart"),
    deployJob(UPGRADE, "    if: false\n"),
    deployJob(`- if: \${{ false }}\n${UPGRADE.replace("-", " ")}`),
    // A cluster of the job's own, tests, previews and stages before production.
    deployJob(`- uses: helm/kind-action@v1\n${UPGRADE}`),
    deployJob(`- run: k3d cluster create x\n${UPGRADE}`),
    deployJob(`- run: make e2e/kind-up\n${UPGRADE}`),
    deployJob(UPGRADE).replace("deploy:", "e2e-tests:"),
    deployJob(UPGRADE).replace("on: push", "on: pull_request"),
    deployJob(UPGRADE, "    environment: staging\n"),
    // PowerShell is not read.
    deployJob(`${UPGRADE}\n  shell: pwsh`),
    // No file of GitHub's.
    { code: deployJob(UPGRADE), filename: "ci/deploy.yml" },
  ].map((test) => (typeof test === "string" ? { code: test, filename } : test)),
  invalid: [
    {
      name: "neither waits nor rolls back",
      filename,
      code: deployJob(UPGRADE),
      errors: [{ messageId: "noWait", line: 6, column: 14, endLine: 6, endColumn: 69 }],
    },
    {
      name: "waits, and leaves the broken release",
      filename,
      code: deployJob(`- run: |\n    set -e\n    helm upgrade api ./chart \\\n      --wait`),
      errors: [{ messageId: "noRollback", line: 8, column: 11, endLine: 9, endColumn: 19 }],
    },
    {
      name: "a flag that is switched off",
      filename,
      code: deployJob(`${UPGRADE} --atomic=false`),
      errors: [{ messageId: "noWait", line: 6, column: 14, endLine: 6, endColumn: 84 }],
    },
    {
      name: "names and values that are expansions, in an environment of production",
      filename,
      code: deployJob(
        "- run: helm -n ${{ env.NS }} upgrade $RELEASE $CHART -f values-staging.yaml",
        "    environment: { name: production }\n",
      ),
      errors: [{ messageId: "noWait", line: 7, column: 14, endLine: 7, endColumn: 82 }],
    },
    {
      name: "in a composite action, with CRLF and non-ASCII text",
      filename: ".github/actions/deploy/action.yml",
      code: "runs:\r\n  using: composite\r\n  steps:\r\n    - shell: bash\r\n      run: |\r\n        echo é😀 && helm upgrade a b\r\n",
      errors: [{ messageId: "noWait", line: 6, column: 21, endLine: 6, endColumn: 37 }],
    },
    {
      name: "within an action that runs what it is given",
      filename,
      code: deployJob("- uses: nick-fields/retry@v3\n  with: { command: helm upgrade a b }"),
      errors: [{ messageId: "noWait", line: 7, column: 26, endLine: 7, endColumn: 42 }],
    },
  ],
});
