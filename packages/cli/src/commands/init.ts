import fs from "node:fs";
import path from "node:path";
import { CONFIG_NAMES, decode, findRoot, git as runGit, reason } from "@yantra-lint/workspace";
import { EXIT, UsageError } from "../errors.ts";
import { wrapExport } from "../eslint-config.ts";
import { version } from "../version.ts";

const ESLINT_CONFIGS = ["js", "mjs", "cjs", "ts", "mts", "cts"].map(
  (extension) => `eslint.config.${extension}`,
);
const WORKFLOW = ".github/workflows/yantra-lint.yaml";

const CONFIG = `# What yantra-lint knows of this repository. https://www.npmjs.com/package/yantra-lint lists every key.
preset: recommended

# Severities and options, for the command line and the editor alike:
# rules:
#   kubernetes/no-mutable-image: [error, { digest: true }]

# Names that exist outside of this repository, so that a reference to them is no finding:
# external:
#   Secret: [payments-api-key]

# Which directory an image is built from, where the names do not tell:
# services:
#   - { image: registry.example.com/shop/api, path: services/api }
`;

const ESLINT_ENTRY = `import { withYantra } from "eslint-plugin-yantra";

// Your own entries go into the list. withYantra keeps those without \`files\` to code, so that rules for
// JavaScript never meet a SQL or YAML file.
export default withYantra([]);
`;

// The commits of actions/checkout v7.0.1, actions/setup-node v7.0.0 and github/codeql-action v4.36.2.
const WORKFLOW_TEXT = `# Judges every change, and on main says whether it may ship by itself. CI.md of yantra-lint explains each step.
name: yantra-lint
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  judge:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      deployments: read
      pull-requests: read
      security-events: write
    outputs:
      decision: \${{ steps.gate.outputs.decision }}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0
        with:
          node-version: 22
      # On main the change is all that production does not run yet, however many merges that are.
      - name: Base
        if: github.event_name == 'push'
        env:
          GH_TOKEN: \${{ github.token }}
        run: |
          deployed=$(gh api graphql -F owner='{owner}' -F name='{repo}' -f query='
            query($owner: String!, $name: String!) {
              repository(owner: $owner, name: $name) {
                deployments(environments: ["production", "production-approval"], first: 50,
                            orderBy: { field: CREATED_AT, direction: DESC }) {
                  nodes { commitOid latestStatus { state } }
                }
              }
            }' --jq '[.data.repository.deployments.nodes[] | select(.latestStatus.state == "SUCCESS") | .commitOid] | .[0] // ""')
          if [ -n "$deployed" ]; then echo "BASE=--base=$deployed" >> "$GITHUB_ENV"; fi
      - name: Lint
        run: |
          npx --yes yantra-lint@${version} $BASE --format pretty \\
            --format sarif:yantra-lint.sarif --format markdown:yantra-lint.md
      - name: Summary
        if: always() && hashFiles('yantra-lint.md') != ''
        run: cat yantra-lint.md >> "$GITHUB_STEP_SUMMARY"
      - name: Code scanning
        if: always() && hashFiles('yantra-lint.sarif') != ''
        # A private repository may have no code scanning; the gate does without.
        continue-on-error: true
        uses: github/codeql-action/upload-sarif@8aad20d150bbac5944a9f9d289da16a4b0d87c1e # v4.36.2
        with:
          sarif_file: yantra-lint.sarif
      # Who reviewed what is now on main. The reviewed commits are fetched, so that a squash can be compared with them.
      - name: Reviews
        if: github.event_name == 'push'
        env:
          GH_TOKEN: \${{ github.token }}
        run: |
          echo '[]' > reviews.json
          for number in $(gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" --jq '.[0].number // empty'); do
            gh api --paginate --slurp "repos/$GITHUB_REPOSITORY/pulls/$number/reviews" > reviews.json
            git -c "http.extraheader=Authorization: Basic $(printf 'x-access-token:%s' "$GH_TOKEN" | base64 -w0)" \\
              fetch --quiet origin "refs/pull/$number/head"
          done
      # 0: deploy, 3: approval required; both go on, and the environment below asks a human in the second case.
      - name: Gate
        id: gate
        if: github.event_name == 'push'
        run: |
          npx --yes yantra-lint@${version} gate yantra-lint.sarif --environment production --github-reviews reviews.json \\
            || [ $? -eq 3 ]
  # Give the environment production-approval required reviewers (Settings, Environments), production none.
  release:
    needs: judge
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    environment: \${{ needs.judge.outputs.decision == 'deploy' && 'production' || 'production-approval' }}
    concurrency: production
    steps:
      # Hand the artifacts of this commit to your pipeline here: Argo CD, Flux, Terraform Cloud.
      - run: echo "$GITHUB_SHA may go to production"
`;

/** `yantra-lint init`: writes what is not there yet, never over anything, and says what it did. */
export async function init(directory: string): Promise<number> {
  const { directory: root, git } = findRoot(directory);
  const said = [
    writeNew(root, "yantra.config.yaml", CONFIG, CONFIG_NAMES),
    await eslintEntry(root),
    writeNew(git ?? root, WORKFLOW, workflowFor(git ?? root), [WORKFLOW, WORKFLOW.replace(/yaml$/, "yml")]),
  ];
  process.stdout.write(`${said.join("\n")}

Next
  npm install --save-dev eslint eslint-plugin-yantra yantra-lint
  npx yantra-lint
  VS Code: set "eslint.validate" to every language ESLint shall check, such as
    ["javascript", "typescript", "sql", "yaml"]
`);
  return EXIT.clean;
}

/** The workflow for the branch that the repository calls its default. */
function workflowFor(directory: string): string {
  const head = runGit(directory, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
  const named = head?.trim().replace(/^origin\//, "");
  const master = runGit(directory, ["rev-parse", "--verify", "--quiet", "refs/heads/master"]) !== undefined;
  return WORKFLOW_TEXT.replace(
    "branches: [main]",
    `branches: [${JSON.stringify(named ?? (master ? "master" : "main"))}]`,
  );
}

function writeNew(root: string, name: string, text: string, known: readonly string[]): string {
  const there = known.find((other) => fs.existsSync(path.join(root, other)));
  if (there !== undefined) return `${there} is there already and stays as it is.`;
  write(path.join(root, name), text);
  return `${name} written.`;
}

function write(file: string, text: string): void {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written (${reason(error)}).`);
  }
}

async function eslintEntry(root: string): Promise<string> {
  const there = ESLINT_CONFIGS.find((name) => fs.existsSync(path.join(root, name)));
  if (there === undefined) {
    const name = isModule(root) ? "eslint.config.js" : "eslint.config.mjs";
    return writeNew(root, name, ESLINT_ENTRY, [name]);
  }
  const file = path.join(root, there);
  const { text, hasBom, valid } = decode(fs.readFileSync(file));
  if (text.includes("eslint-plugin-yantra"))
    return `${there} has eslint-plugin-yantra already and stays as it is.`;
  const wrapped = valid ? await wrapExport(text) : undefined;
  if (wrapped === undefined) {
    return `${there} stays as it is, because its export is not one that can be wrapped here: wrap it yourself, as in export default withYantra(config), with import { withYantra } from "eslint-plugin-yantra".`;
  }
  write(file, (hasBom ? "\uFEFF" : "") + wrapped);
  return `${there} changed: its configuration is wrapped in withYantra(), which keeps entries without \`files\` to code.`;
}

function isModule(root: string): boolean {
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
      type?: string;
    };
    return manifest.type === "module";
  } catch {
    return false;
  }
}
