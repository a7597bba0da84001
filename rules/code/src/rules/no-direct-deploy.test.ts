import { FactIndex, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, test } from "vitest";
import { factsOf } from "../testing.ts";
import rule from "./no-direct-deploy.ts";

const RULE = "yantra/code/no-direct-deploy";
const EXEC = `import { exec, execSync, spawn, execFileSync } from "node:child_process";\n`;

function check(files: Record<string, string>, scripts?: string[]): Finding[] {
  return runWorkspaceRule(RULE, rule, {
    facts: new FactIndex(factsOf(files)),
    level: "warning",
    ...(scripts ? { options: [{ scripts }] } : {}),
  });
}

/** What is reported, as it is written in the file. */
function reported(path: string, text: string): string[] {
  const lines = text.split("\n");
  return check({ [path]: text }).map(({ startLine, endLine, startColumn, endColumn }) => {
    const line = lines[startLine - 1] ?? "";
    return startLine === endLine ? line.slice(startColumn - 1, endColumn - 1) : line.slice(startColumn - 1);
  });
}

const script = (name: string, command: string): string => JSON.stringify({ scripts: { [name]: command } });

describe("silent in scripts", () => {
  test.each<[string, string]>([
    ["plan", "terraform plan -out plan.bin && terraform show plan.bin"],
    ["render", "helm template api ./chart | kubectl apply --dry-run=server -f -"],
    ["check", "helm upgrade --install api ./chart --dry-run"],
    ["logs", "kubectl logs deploy/api && kubectl rollout status deploy/api"],
    ["undo", "kubectl rollout undo deploy/api"],
    ["sync", "argocd app sync api"],
    ["image", "docker build . && docker push ghcr.io/shop/api"],
    // One's own machine, by the context, the cluster, the script's name or the namespace.
    ["apply", "kubectl apply --context kind-shop -f deploy/"],
    ["apply", "kind create cluster && kubectl apply -f deploy/"],
    ["apply", "minikube start; helm install api ./chart"],
    ["deploy:dev", "kubectl apply -f deploy/"],
    ["startLocal", "helm upgrade --install api ./chart"],
    ["test:e2e", "kubectl apply -f deploy/ && vitest run"],
    ["apply", "kubectl -n sandbox apply -f deploy/"],
    ["apply", "kubectl config use-context kind-shop && kubectl apply -f deploy/"],
    ["docs", "echo 'run kubectl apply -f deploy/'"],
  ])("%s: %s", (name, command) => {
    expect(check({ "package.json": script(name, command) })).toEqual([]);
  });

  test("examples, and what the option names", () => {
    const text = script("deploy", "kubectl apply -f deploy/");
    expect(check({ "examples/a/package.json": text })).toEqual([]);
    expect(check({ "package.json": text }, ["deploy"])).toEqual([]);
    expect(check({ "package.json": text }, ["release"])).toHaveLength(1);
  });

  test("a script that one for a cluster of one's own runs", () => {
    const scripts = { up: "minikube start && npm run apply", apply: "kubectl apply -f deploy/" };
    expect(check({ "package.json": JSON.stringify({ scripts }) })).toEqual([]);
  });

  test("no script, no object, no JSON", () => {
    for (const text of [
      '{ "scripts": [], "a": "kubectl apply -f x" }',
      '["kubectl apply -f x"]',
      '{ "scripts": { "kubectl apply',
      '{ "scripts": { "a": 1, "kubectl apply -f x": {} } }',
    ])
      expect(check({ "package.json": text })).toEqual([]);
  });
});

test.each<[string, { scripts?: Record<string, string>; dependencies?: Record<string, string> }]>([
  [
    "a script for one's own machine",
    { scripts: { "minikube:deploy": "minikube kubectl -- apply -f deploy/" } },
  ],
  ["a script that makes a cluster", { scripts: { cluster: "kind create cluster" } }],
  ["a package that is called like a tool", { dependencies: { "kind-of": "6.0.3" } }],
])("%s hides no other script", (_, manifest) => {
  const scripts = { ...manifest.scripts, ship: "kubectl apply -f deploy/" };
  expect(check({ "package.json": JSON.stringify({ ...manifest, scripts }) })).toMatchObject([
    { messageId: "script", path: "package.json" },
  ]);
});

test("a script, with its exact place", () => {
  const text = `{
  "name": "@shop/api",
  "scripts": {
    "build": "tsc",
    "release": "echo \\"é\\" && NODE_ENV=production kubectl set image deploy/api api=\\"$IMAGE\\" && echo ok"
  }
}`;
  expect(check({ "services/api/package.json": text })).toEqual([
    {
      ruleId: RULE,
      messageId: "script",
      level: "warning",
      message:
        "The script release runs `kubectl set image`, so anyone who can run it changes what is live from where they stand: nothing reviews it, watches it or rolls it back. Let the pipeline deploy what is merged; if only the pipeline runs this script, name it in the rule's option `scripts`.",
      path: "services/api/package.json",
      startLine: 5,
      startColumn: 51,
      endLine: 5,
      endColumn: 94,
    },
  ]);
  expect(reported("package.json", text)).toEqual([String.raw`kubectl set image deploy/api api=\"$IMAGE\"`]);
});

test.each([
  [
    "helm upgrade --install api ./chart -n shop --atomic",
    "helm upgrade --install api ./chart -n shop --atomic",
  ],
  ["cd infra && terraform init && terraform apply -auto-approve", "terraform apply -auto-approve"],
  ["tofu -chdir=infra/prod apply plan.bin", "tofu -chdir=infra/prod apply plan.bin"],
  ["kustomize build . | kubectl apply -f -", "kubectl apply -f -"],
  ["kubectl rollout restart deploy/api", "kubectl rollout restart deploy/api"],
  ["pulumi up --yes --stack production", "pulumi up --yes --stack production"],
])("a script: %s", (command, wanted) => {
  expect(reported("package.json", script("ship", command))).toEqual([wanted]);
});

describe("silent in code", () => {
  test.each<[string, string]>([
    ["no command", `${EXEC}const help = "kubectl apply -f deploy/"; console.log(help); exec("ls");`],
    ["a dry run", `${EXEC}exec("kubectl apply --dry-run=client -f deploy/");`],
    ["it looks", `${EXEC}execFileSync("kubectl", ["get", "pods"]);`],
    [
      "another function of that name",
      `import { exec } from "./db"; import "node:child_process"; exec("kubectl apply -f x");`,
    ],
    ["a regular expression's method", `${EXEC}/x/.exec("kubectl apply -f x");`],
    ["a local cluster", `${EXEC}exec(\`kubectl apply --context kind-\${name} -f deploy/\`);`],
  ])("%s", (_, text) => {
    expect(check({ "src/deploy.ts": text })).toEqual([]);
  });

  test("a named constant tells that the cluster is one's own", () => {
    const text = `${EXEC}const CLUSTER = "kind-shop";\nexec(\`kubectl apply --context \${CLUSTER} -f deploy/\`);`;
    expect(check({ "src/deploy.ts": text })).toEqual([]);
    expect(check({ "src/deploy.ts": text.replace("kind-shop", "production") })).toHaveLength(1);
  });

  test("a file that makes a cluster of one's own", () => {
    const text = `${EXEC}exec("kind create cluster --name shop");\nexec("kubectl apply -f deploy/");`;
    expect(check({ "src/deploy.ts": text })).toEqual([]);
  });

  test.each(["test/cluster.ts", "src/cluster.test.ts", "hack/dev.ts", "e2e/setup.ts"])("%s", (path) => {
    expect(check({ [path]: `${EXEC}exec("kubectl apply -f x");` })).toEqual([]);
  });
});

test.each<[string, string, string]>([
  ["exec", `${EXEC}exec("sudo kubectl apply -f deploy/ && echo ok");`, "kubectl apply -f deploy/"],
  [
    "a template, as far as the command goes",
    `${EXEC}execSync(\`cd \${dir("a")} && helm upgrade \${name} ./chart --set tag=\${tag}; ls\`);`,
    "helm upgrade ${name} ./chart --set tag=${tag}",
  ],
  [
    "a program with its arguments",
    `${EXEC}spawn("kubectl", ["set", "image", target, \`api=\${image}\`], { stdio: "inherit" });`,
    `spawn("kubectl", ["set", "image", target, \`api=\${image}\`], { stdio: "inherit" })`,
  ],
  [
    "a name for the arguments",
    `${EXEC}const args = ["apply", ...more];\nexecFileSync("terraform", args);`,
    `execFileSync("terraform", args)`,
  ],
  ["a sum", `${EXEC}exec("kubectl apply -f " + file);`, `"kubectl apply -f " + file`],
  [
    "a name for the text",
    `${EXEC}const command = \`kubectl apply -f \${file}\`;\nexec(command);`,
    "kubectl apply -f ${file}",
  ],
  [
    "promisify",
    `import cp from "child_process"; import { promisify } from "util"; const run = promisify(cp.exec);\nawait run("kubectl replace -f x.yaml");`,
    "kubectl replace -f x.yaml",
  ],
  [
    "require",
    `const { execSync } = require("child_process"); execSync('terraform apply -auto-approve');`,
    "terraform apply -auto-approve",
  ],
  ["zx", `import { $ } from "zx";\nawait $\`kubectl apply -f \${file}\`;`, "kubectl apply -f ${file}"],
  [
    "zx without import",
    `#!/usr/bin/env zx\nawait $\`kubectl apply -f deploy/\`;`,
    "kubectl apply -f deploy/",
  ],
  [
    "execa with options",
    `import { $ } from "execa";\nawait $({ stdio: "inherit" })\`helm upgrade api ./chart\`;`,
    "helm upgrade api ./chart",
  ],
  [
    "shelljs",
    `const shell = require("shelljs"); shell.exec("helm install api ./chart");`,
    "helm install api ./chart",
  ],
])("code: %s", (_, text, wanted) => {
  expect(reported("scripts/deploy.js", text)).toEqual([wanted]);
});

test("words that no command says hide nothing", () => {
  const text = `import kindOf from "kind-of"; // not for minikube\n${EXEC}log("minikube start"); exec("kubectl apply -f deploy/");`;
  expect(reported("scripts/deploy.js", text)).toEqual(["kubectl apply -f deploy/"]);
});

test("code, with its exact place", () => {
  expect(check({ "tools/ship.ts": `${EXEC}exec("kubectl apply -f deploy/");` })).toEqual([
    {
      ruleId: RULE,
      messageId: "code",
      level: "warning",
      message:
        "This runs `kubectl apply`, so whoever runs the code changes what is live past the pipeline: nothing reviews it, watches it or rolls it back. Let the pipeline deploy what is merged, or make it a dry run.",
      path: "tools/ship.ts",
      startLine: 2,
      startColumn: 7,
      endLine: 2,
      endColumn: 31,
    },
  ]);
});
