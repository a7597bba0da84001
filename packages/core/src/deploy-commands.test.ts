import { describe, expect, it } from "vitest";
import { deploys, type DeployCommand, deployCommandsIn, shellCommandsIn } from "./deploy-commands.ts";

function describeCommand({ tool, verb, arguments: list, flags }: DeployCommand): string {
  const given = Array.from(flags, ([name, value]) => (value === true ? `{${name}}` : `{${name}=${value}}`));
  return [tool, `<${verb}>`, ...list, ...given].join(" ");
}

function told(text: string): string[] {
  return deployCommandsIn(text).map(describeCommand);
}

describe("verbs, arguments and flags", () => {
  it.each<[string, string]>([
    ["kubectl apply -f deploy/", "kubectl <apply> {filename=deploy/}"],
    [
      "kubectl -n prod apply -Rf a.yaml -f b.yaml",
      "kubectl <apply> {namespace=prod} {recursive} {filename=a.yaml,b.yaml}",
    ],
    ["kubectl apply --filename a.yaml -f=b.yaml -f-", "kubectl <apply> {filename=a.yaml,b.yaml,-}"],
    ["kubectl set image deployment/api api=api:2", "kubectl <set image> deployment/api api=api:2"],
    ["kubectl rollout status deploy/api --timeout 5m", "kubectl <rollout status> deploy/api {timeout=5m}"],
    ["kubectl argo rollouts set image api api=api:2", "kubectl <argo rollouts set image> api api=api:2"],
    ["kubectl $CONTEXT apply -k overlays/prod", "kubectl <apply> {kustomize=overlays/prod}"],
    ['kubectl "$VERB" -f a.yaml', "kubectl <> $VERB {filename=a.yaml}"],
    ["kubectl get pods -- -x", "kubectl <get> pods -x"],
    [
      'helm upgrade --install api ./chart -f a.yaml --set "image.tag=$TAG" --atomic',
      "helm <upgrade> api ./chart {install} {values=a.yaml} {set=image.tag=$TAG} {atomic}",
    ],
    ["/usr/local/bin/helm3 repo add x https://example.com", "helm <repo add> x https://example.com"],
    [
      "terraform -chdir=infra apply -auto-approve -var 'a=b' plan.out",
      "terraform <apply> plan.out {chdir=infra} {auto-approve} {var=a=b}",
    ],
    [
      "terragrunt apply --terragrunt-non-interactive -auto-approve -lock-timeout=10m",
      "terragrunt <apply> {terragrunt-non-interactive} {auto-approve} {lock-timeout=10m}",
    ],
    ["tofu apply --auto-approve", "tofu <apply> {auto-approve}"],
    ["helm upgrade api ${{ inputs.chart || 'x y' }}", "helm <upgrade> api ${{ inputs.chart || 'x y' }}"],
    ["argocd app sync api --timeout 60", "argocd <app sync> api {timeout=60}"],
  ])("%s", (text, expected) => {
    expect(told(text)).toEqual([expected]);
  });

  it("tells which words may become any number of words", () => {
    const [command] = deployCommandsIn(
      'helm upgrade api "$CHART" $ARGS "${MORE[@]}" ${{ inputs.flags }} \'${{ inputs.a }}\' "${{ inputs.b }}" --set a=$B',
    );
    expect(command?.expansions).toEqual(["$ARGS", "${MORE[@]}", "${{ inputs.flags }}"]);
  });
});

describe("where a command stands", () => {
  it.each<[string, string[]]>([
    [
      "if true; then kubectl apply -f a; else helm upgrade a b; fi",
      ["kubectl apply -f a", "helm upgrade a b"],
    ],
    ["for i in a b; do kubectl delete pod $i; done", ["kubectl delete pod $i"]],
    ["deploy() { helm upgrade a b; }; (cd x && terraform apply)", ["helm upgrade a b", "terraform apply"]],
    ["sudo -E kubectl apply -f x", ["kubectl apply -f x"]],
    ["env A=b timeout -k 5s 5m kubectl apply -f x", ["kubectl apply -f x"]],
    ["ls *.yaml | xargs -n 1 kubectl apply -f", ["kubectl apply -f"]],
    ["retry 3 kubectl apply -f x", ["kubectl apply -f x"]],
    ["aws-vault exec prod -- terraform apply", ["terraform apply"]],
    ["bash -ec 'cd x && kubectl apply -f y'", ["kubectl apply -f y"]],
    ['ssh host "kubectl set image d/x x=$TAG"', ["kubectl set image d/x x=$TAG"]],
    ["ssh host <<'END'\nkubectl apply -f q\nEND\n", ["kubectl apply -f q"]],
    ['echo "$(kubectl get pods)"', ["kubectl get pods"]],
    ["helm upgrade \\\n  --install \\\n  a b", ["helm upgrade \\\n  --install \\\n  a b"]],
    [
      "kubectl \\\r\n  apply -f x\r\nhelm upgrade a b\r\n",
      ["kubectl \\\r\n  apply -f x", "helm upgrade a b"],
    ],
    ["kubectl apply -f 'é😀' && kubectl apply -f x", ["kubectl apply -f 'é😀'", "kubectl apply -f x"]],
  ])("%j", (text, expected) => {
    const commands = deployCommandsIn(text);
    expect(commands.map((command) => command.text)).toEqual(expected);
    expect(commands.map(({ range }) => text.slice(...range))).toEqual(expected);
  });

  it.each([
    "echo kubectl apply -f x",
    "# kubectl apply -f x",
    "${{ env.KUBECTL }} apply -f x",
    "cat <<END\nkubectl apply -f x\nEND",
    "which kubectl helm",
  ])("not in %j", (text) => {
    expect(told(text)).toEqual([]);
  });

  it("gives the whole string as the place when the string has escapes", () => {
    const text = String.raw`bash -c "kubectl apply -f \"a b\""`;
    const [command] = deployCommandsIn(text);
    expect(command && text.slice(...command.range)).toBe(String.raw`"kubectl apply -f \"a b\""`);
    expect(command?.flags.get("filename")).toBe("a b");
  });
});

describe("standard input", () => {
  it.each<[string, string]>([
    [
      "kubectl create secret generic a -o yaml | kubectl apply -f -",
      "kubectl create secret generic a -o yaml",
    ],
    ["helm template . | sed s/a/b/ | kubectl apply -f -", "helm template . | sed s/a/b/"],
    ["kubectl apply -f - <<END\nkind: Secret\nEND\n", "kind: Secret\n"],
    ["cat <<END | kubectl apply -f -\nkind: Secret\nEND\n", "cat <<END\nkind: Secret\n"],
  ])("%j", (text, stdin) => {
    expect(deployCommandsIn(text).at(-1)?.stdin).toBe(stdin);
  });

  it("is undefined without pipe or here document", () => {
    expect(deployCommandsIn("kubectl apply -f a")[0]?.stdin).toBeUndefined();
  });
});

describe("deploys", () => {
  it.each<[string, boolean]>([
    ["kubectl apply -f a", true],
    ["kubectl apply -f a --dry-run=server", false],
    ["kubectl apply -f a --dry-run=none", true],
    ["kubectl get pods", false],
    ["kubectl rollout status deploy/a", false],
    ["kubectl rollout restart deploy/a", true],
    ["kubectl set image --local -f a.yaml a=b:1", false],
    ["helm upgrade a b --dry-run", false],
    ["helm upgrade a b", true],
    ["helm repo update", false],
    ["helm uninstall a", false],
    ["kubectl create namespace a", false],
    ["kubectl create -f a.yaml", true],
    ["terragrunt run-all apply", true],
    ["terraform plan", false],
    ["terraform apply plan.out", true],
    ["argocd app get a", false],
    ["argocd app sync a", true],
    ["kubectl config set-context a", false],
  ])("%s: %s", (text, expected) => {
    expect(deployCommandsIn(text).map(deploys)).toEqual([expected]);
  });
});

describe("hostile input", () => {
  it.each([
    ["quotes", "'kubectl apply"],
    ["NUL", "kubectl\0apply -f x"],
    ["substitutions", `kubectl ${"$(".repeat(20_000)}`],
    ["groups", `kubectl ${"{ ".repeat(20_000)}`],
    ["parentheses", `kubectl; ${"(".repeat(20_000)}`],
    ["backticks", `kubectl ${"`".repeat(9_999)}`],
    ["nested strings", `${"bash -c '".repeat(200)}kubectl apply`],
    ["a long text", `kubectl apply ${"x ".repeat(400_000)}`],
  ])("%s end soon, without an exception", (_, text) => {
    const start = performance.now();
    for (const { range } of deployCommandsIn(text)) expect(range[1]).toBeLessThanOrEqual(text.length);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it("reads what stands before an error", () => {
    expect(told("kubectl apply -f x\nif true; then (")).toEqual(["kubectl <apply> {filename=x}"]);
  });
});

it("gives commands of any program", () => {
  expect(
    shellCommandsIn('kind create cluster --name "$NAME" && make e2e').map(({ words }) =>
      words.map(({ value, dynamic }) => (dynamic ? `(${value})` : value)).join(" "),
    ),
  ).toEqual(["kind create cluster --name ($NAME)", "make e2e"]);
});
