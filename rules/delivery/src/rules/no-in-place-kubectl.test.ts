import { deliveryRuleTester, deployJob, WORKFLOW_PATH as filename } from "../testing.ts";
import rule from "./no-in-place-kubectl.ts";

deliveryRuleTester().run("no-in-place-kubectl", rule, {
  valid: [
    "kubectl apply -k overlays/production",
    // Prints a manifest and changes nothing.
    "kubectl set image -f deploy/api.yaml api=api:2 --local -o yaml",
    "kubectl patch deployment api -p '{}' --dry-run=client -o yaml",
    // Makes no pods.
    "kubectl patch serviceaccount default -p '{}'",
    "kubectl patch configmap/settings --type merge -p '{}'",
    "kubectl replace --force -f secrets.yaml",
    "kubectl replace -f deploy/",
    // Pods read a new ConfigMap; what they run stands in the manifests.
    "kubectl apply -f deploy/ && kubectl rollout restart deployment/api",
    "helm upgrade api ./chart && kubectl rollout restart deployment/api",
    // The cluster is the job's own.
    "kind create cluster && kubectl set image deployment/api api=api:2",
    "kubectl scale deployment/api --replicas=3",
  ].map((command) => ({ code: deployJob(`- run: ${command}`), filename })),
  invalid: [
    {
      name: "set image, also over ssh",
      filename,
      code: deployJob(
        "- run: kubectl set image deployment/api api=api:$TAG\n- uses: appleboy/ssh-action@v1\n  with:\n    script: |\n      cd app\n      kubectl -n shop set env deployment/api A=b",
      ),
      errors: [
        {
          messageId: "changed",
          data: { command: "kubectl set image" },
          line: 6,
          column: 14,
          endLine: 6,
          endColumn: 59,
        },
        {
          messageId: "changed",
          data: { command: "kubectl set env" },
          line: 11,
          column: 13,
          endLine: 11,
          endColumn: 55,
        },
      ],
    },
    {
      name: "patches and edits of workloads",
      filename,
      code: deployJob(
        "- run: kubectl patch deploy/api -p \"$PATCH\"\n- run: kubectl patch statefulset db --type json -p '[]'\n- run: kubectl argo rollouts set image api api=api:2",
      ),
      errors: [
        {
          messageId: "changed",
          data: { command: "kubectl patch" },
          line: 6,
          column: 14,
          endLine: 6,
          endColumn: 50,
        },
        {
          messageId: "changed",
          data: { command: "kubectl patch" },
          line: 7,
          column: 14,
          endLine: 7,
          endColumn: 62,
        },
        {
          messageId: "changed",
          data: { command: "kubectl argo rollouts set image" },
          line: 8,
          column: 14,
          endLine: 8,
          endColumn: 59,
        },
      ],
    },
    {
      name: "a restart as the whole deployment",
      filename,
      code: deployJob("- run: docker push shop/api:latest\n- run: kubectl rollout restart deployment/api"),
      errors: [
        {
          messageId: "restarted",
          data: { command: "kubectl rollout restart" },
          line: 7,
          column: 14,
          endLine: 7,
          endColumn: 52,
        },
      ],
    },
    {
      name: "deletes and creates anew",
      filename,
      code: deployJob("- run: kubectl replace --force -f deploy/api.yaml"),
      errors: [
        {
          messageId: "recreated",
          data: { command: "kubectl replace --force" },
          line: 6,
          column: 14,
          endLine: 6,
          endColumn: 56,
        },
      ],
    },
  ],
});
