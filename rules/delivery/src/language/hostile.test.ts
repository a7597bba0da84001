import fc from "fast-check";
import type { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import pack from "../index.ts";
import { codeOf, lint, WORKFLOW_PATH } from "../testing.ts";

const WORKFLOW = `name: Deploy
on:
  push: { branches: [main] }
env: &env
  NS: 'shop'
jobs:
  deploy:
    if: \${{ github.ref == 'refs/heads/main' }}
    runs-on: ubuntu-latest
    env: *env
    steps:
      - uses: azure/login@v2 # é😀
      - name: "Deploy"
        run: |
          set -euo pipefail
          cat <<END | kubectl -n "$NS" apply -f -
          kind: Deployment
          END
          for app in a b; do kubectl set image deployment/$app api=$(cat tag); done
      - run: >-
          helm upgrade --install api ./chart
          --set image.tag=\${{ github.sha }}
      - run: terraform apply -auto-approve
`;

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG VERSION=latest
FROM --platform=$BUILDPLATFORM node:\${VERSION}-alpine AS build
RUN --mount=type=cache,target=/root \\
    # é😀
    npm ci && \\
    npm run build
RUN <<END
echo "$VERSION"
END
FROM debian
COPY --from=build /app /app
CMD ["node", "/app"]
`;

/** Pieces that mean something to a parser. */
const PIECES = [
  "\n",
  "\r\n",
  "\r",
  "\t",
  " ",
  "'",
  '"',
  "`",
  "\\",
  "$",
  "${",
  "${{",
  "}}",
  "$(",
  ")",
  "{",
  "}",
  "[",
  "]",
  "&a ",
  "*a",
  "<<: *a",
  "|",
  ">",
  "#",
  "---\n",
  "...\n",
  ": ",
  "- ",
  "? ",
  "!",
  "%",
  "@",
  "\0",
  "\ufeff",
  "\u2028",
  "😀",
  "\ud83d",
  "<<END\n",
  "FROM ",
  "ARG X",
  "ONBUILD ",
  "# escape=`\n",
  "run: ",
  "jobs:\n",
  "kubectl apply -f - ",
  "bash -c '",
  "&&",
  ";",
  "(",
  "__proto__: ",
  "constructor",
];

function mutated(source: string): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat({ max: source.length }),
    cut: fc.nat({ max: 12 }),
    piece: fc.constantFrom(...PIECES),
    times: fc.integer({ min: 1, max: 3 }),
  });
  return fc
    .array(edit, { minLength: 1, maxLength: 8 })
    .map((edits) =>
      edits.reduce(
        (text, { at, cut, piece, times }) => text.slice(0, at) + piece.repeat(times) + text.slice(at + cut),
        source,
      ),
    );
}

const everyRule: Linter.Config = {
  plugins: {
    yantra: {
      languages: { delivery: pack.language },
      rules: Object.fromEntries(Object.entries(pack.rules).map(([name, rule]) => [`delivery/${name}`, rule])),
    } as never,
  },
  rules: Object.fromEntries(Object.keys(pack.rules).map((name) => [`yantra/delivery/${name}`, "error"])),
};

/** Runs every rule and the facts; all places must lie within the text. */
function check(text: string, path: string): void {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/u).length;
  for (const { fatal, message, line, endLine } of lint(text, everyRule, path)) {
    expect(fatal, message).toBeFalsy();
    expect(line).toBeGreaterThanOrEqual(1);
    expect(endLine ?? line).toBeLessThanOrEqual(lines);
  }
  pack.map(codeOf(text, path), { path, text, kind: { name: "x" } });
}

describe("mutated files are read without an exception", () => {
  it.each([
    ["workflows", WORKFLOW, WORKFLOW_PATH],
    ["Dockerfiles", DOCKERFILE, "Dockerfile"],
  ])("%s", (_, source, path) => {
    fc.assert(
      fc.property(mutated(source), (text) => check(text, path)),
      { numRuns: 150 },
    );
  });
});

const bomb = (levels: number): string =>
  `on: push\na0: &a0 [x, x]\n${Array.from({ length: levels }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]\n`).join("")}jobs: { x: { steps: *a${levels} } }\n`;

describe("hostile files end soon", () => {
  it.each<[string, string, string]>([
    ["an alias bomb", bomb(60), WORKFLOW_PATH],
    ["an alias within its own anchor", "jobs: &a\n  x: { steps: [*a], <<: *a }\n", WORKFLOW_PATH],
    ["deep YAML", `jobs:\n  a: ${"[".repeat(10_000)}`, WORKFLOW_PATH],
    ["deep closed YAML", `jobs: { a: ${"[".repeat(10_000)}${"]".repeat(10_000)} }`, WORKFLOW_PATH],
    [
      "deep blocks",
      `jobs:\n${Array.from({ length: 3000 }, (_, n) => `${" ".repeat(n + 1)}a:\n`).join("")}`,
      WORKFLOW_PATH,
    ],
    [
      "many steps",
      `jobs:\n  a:\n    steps:\n${"      - run: kubectl apply -f a\n".repeat(2000)}`,
      WORKFLOW_PATH,
    ],
    [
      "a long script",
      `jobs:\n  a:\n    steps:\n      - run: |\n${"          kubectl set image a b=c\n".repeat(5000)}`,
      WORKFLOW_PATH,
    ],
    ["many instructions", `FROM a\n${"RUN echo $x ${y:-z}\n".repeat(10_000)}`, "Dockerfile"],
    ["one long instruction", `FROM a\nRUN a${" \\\n b".repeat(20_000)}`, "Dockerfile"],
    ["many stages", "FROM a AS b\nCOPY --from=b c d\n".repeat(3000), "Dockerfile"],
    ["many here documents", `FROM a\n${"RUN <<A <<B\n".repeat(3000)}`, "Dockerfile"],
    ["braces", `FROM ${"${".repeat(50_000)}\n`, "Dockerfile"],
    ["too large", `FROM a\n${"# b\n".repeat(200_000)}`, "Dockerfile"],
  ])("%s", (_, text, path) => {
    const start = performance.now();
    check(text, path);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it("is told of files that are too large or too deep", () => {
    expect(codeOf(`FROM a\n${"# b\n".repeat(200_000)}`, "Dockerfile").notice?.id).toBe("delivery-too-large");
    expect(codeOf(`jobs: { a: ${"[".repeat(10_000)}${"]".repeat(10_000)} }`).notice?.id).toBe(
      "workflow-too-deep",
    );
  });
});
