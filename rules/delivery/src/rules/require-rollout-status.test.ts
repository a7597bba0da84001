import { deliveryRuleTester, deployJob, WORKFLOW_PATH as filename } from "../testing.ts";
import rule from "./require-rollout-status.ts";

const APPLY = "- run: kubectl apply -f deploy/";

deliveryRuleTester().run("require-rollout-status", rule, {
  valid: [
    deployJob(`${APPLY}\n- run: kubectl rollout status deployment/api --timeout=5m`),
    deployJob(`${APPLY} && kubectl wait --for=condition=available deployment/api`),
    deployJob(`${APPLY}\n- run: kubectl argo rollouts status api`),
    // Another job of the workflow waits.
    `${deployJob(APPLY)}  after:\n    needs: deploy\n    steps:\n      - run: kubectl rollout status deployment/api\n`,
    // A script or an action of their own, by its name.
    deployJob(`${APPLY}\n- run: ./scripts/wait-for-pods.sh`),
    deployJob(`${APPLY}\n- name: Smoke test\n  run: curl --fail https://example.com`),
    deployJob(`${APPLY}\n- uses: jakejarvis/wait-action@master`),
    // Nothing that has pods, as far as its name tells.
    deployJob("- run: kubectl apply -f deploy/configmap.yaml -f deploy/ingress.yaml"),
    ...[
      "jobs/cleanup-cronjob.yaml",
      "deploy/cron-jobs/",
      "argocd/application.yaml",
      "applications/",
      "shop-applicationset.yaml",
      "argocd-app.yaml",
      "app-project.yaml",
      "helmrelease.yaml",
      "clusters/production/kustomization.yaml",
      "prometheusrule.yml",
      "prometheus-rules.yml",
      "externalsecret.yaml",
      "external-secrets.yaml",
    ].map((file) => deployJob(`- run: kubectl apply -f ${file}`)),
    deployJob("- run: kubectl apply -f https://example.com/operator.yaml"),
    deployJob("- run: kubectl create secret generic a --dry-run=client -o yaml | kubectl apply -f -"),
    deployJob("- run: |\n    kubectl apply -f - <<END\n    kind: Namespace\n    END"),
    deployJob("- run: cat manifest.yaml | kubectl apply -f -"),
    // What is applied is not known.
    deployJob("- run: kubectl apply $ARGS"),
    // Helm and Argo CD wait in their own ways.
    deployJob("- run: helm upgrade a b --atomic"),
    deployJob(`- uses: AbsaOSS/k3d-action@v2\n${APPLY}`),
  ].map((code) => ({ code, filename })),
  invalid: [
    {
      name: "the last of those that start a rollout",
      filename,
      code: deployJob(`${APPLY}\n- run: kubectl apply -k overlays/production\n- run: echo done`),
      errors: [
        {
          messageId: "unwatched",
          data: { command: "kubectl apply" },
          line: 7,
          column: 14,
          endLine: 7,
          endColumn: 50,
        },
      ],
    },
    ...["application-deployment.yaml", "kustomization/", "apps/shop.yaml"].map((file) => ({
      name: `${file} may have pods`,
      filename,
      code: deployJob(`- run: kubectl apply -f ${file}`),
      errors: [
        {
          messageId: "unwatched" as const,
          data: { command: "kubectl apply" },
          line: 6,
          column: 14,
          endLine: 6,
          endColumn: 31 + file.length,
        },
      ],
    })),
    {
      name: "a new image and a restart",
      filename,
      code: deployJob("- run: kubectl set image deployment/api api=api:2"),
      errors: [
        {
          messageId: "unwatched",
          data: { command: "kubectl set image" },
          line: 6,
          column: 14,
          endLine: 6,
          endColumn: 56,
        },
      ],
    },
    {
      name: "manifests that are piped into it",
      filename,
      code: deployJob(
        "- run: kustomize build overlays/production | kubectl apply -f -\n- run: |\n    cat <<END | kubectl apply -f -\n    kind: Deployment\n    END",
      ),
      errors: [
        {
          messageId: "unwatched",
          data: { command: "kubectl apply" },
          line: 8,
          column: 23,
          endLine: 8,
          endColumn: 41,
        },
      ],
    },
  ],
});
