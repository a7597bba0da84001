import type { Finding, Notice } from "@yantra-lint/core";
import type { SarifRule } from "./rules.ts";
import type { SarifInput } from "./sarif.ts";

/** Findings of every shape a log can hold, over three small files; for the tests of this package. */
const MIGRATION = "db/migrations/größe ändern.sql";

const TEXTS: Readonly<Record<string, string>> = {
  [MIGRATION]:
    "-- é😀\nALTER TABLE orders DROP COLUMN note;\nALTER TABLE orders\n  ALTER COLUMN total SET NOT NULL;\n",
  "deploy/web.yaml": "kind: Service\nspec:\n  selector:\n    app: chekout\n",
  "src/db.ts": 'export const sql = "select note from orders";\n',
};

export const RULES: SarifRule[] = [
  {
    id: "yantra/sql/no-drop-column",
    type: "problem",
    description: "Disallow dropping a column outside the contract phase",
    level: "error",
    page: "# yantra/sql/no-drop-column\n\nDisallow dropping a column outside the contract phase.\n\nThe release that still runs reads it.\n\n## At 3 AM\n\nNothing rolls back.\n",
    messages: { dropped: "{{table}}.{{column}} is dropped, but {{table}} is still read." },
    tags: ["sql", "irreversible"],
  },
  {
    id: "yantra/sql/no-set-not-null",
    type: "problem",
    description: "Disallow SET NOT NULL without a validated CHECK",
    level: "warning",
    messages: { scan: "SET NOT NULL reads the whole table under an ACCESS EXCLUSIVE lock." },
    tags: ["sql"],
  },
  {
    id: "yantra/kubernetes/no-unresolved-reference",
    type: "suggestion",
    description: "Disallow references to resources that nobody declares",
    level: "warning",
    messages: {
      selector: "The selector {{selector}} matches no pods.",
      nearSelector: "The selector {{selector}} matches no pods. Did you mean {{nearest}}?",
    },
    tags: ["kubernetes"],
  },
];

export const FINDINGS: Finding[] = [
  {
    ruleId: "yantra/sql/no-drop-column",
    messageId: "dropped",
    level: "error",
    message: "orders.note is dropped, but release 41 still reads it. Drop it one release later.",
    path: MIGRATION,
    startLine: 2,
    startColumn: 20,
    endLine: 2,
    endColumn: 36,
    fix: { range: [7, 43], text: "" },
    suggestions: [{ message: "Keep the column for now.", fix: { range: [7, 43], text: "-- later\n" } }],
    related: [
      {
        message: "It is read here [0].",
        path: "src/db.ts",
        startLine: 1,
        startColumn: 28,
        endLine: 1,
        endColumn: 32,
      },
      { message: "And here.", path: "src/db.ts", startLine: 1, startColumn: 21, endLine: 1, endColumn: 45 },
    ],
  },
  {
    ruleId: "yantra/sql/no-set-not-null",
    messageId: "scan",
    level: "warning",
    message: "SET NOT NULL on `{0}` reads the whole table [twice](1)\nunder \u001b[31mlock\u001b[0m.",
    path: MIGRATION,
    startLine: 3,
    startColumn: 1,
    endLine: 4,
    endColumn: 34,
  },
  {
    ruleId: "yantra/kubernetes/no-unresolved-reference",
    messageId: "selector",
    level: "warning",
    message: "The selector app=chekout matches no pods.",
    path: "deploy/web.yaml",
    startLine: 4,
    startColumn: 10,
    endLine: 4,
    endColumn: 17,
    suppressed: {
      reason: "The pods come from another repository.",
      location: { path: "deploy/web.yaml", startLine: 1, startColumn: 1, endLine: 1, endColumn: 14 },
    },
  },
  {
    ruleId: "yantra/kubernetes/no-unresolved-reference",
    level: "note",
    message: "A file that is not at hand. Did you mean another?",
    path: "elsewhere/a b.yaml",
    startLine: 1,
    startColumn: 1,
    endLine: 1,
    endColumn: 1,
  },
];

const NOTICES: Notice[] = [
  {
    id: "helm-template",
    message: "2 templates are not read: {{ .Values.image }} is unknown.",
    path: "charts/web app/a.yaml",
  },
  { id: "cache", message: "The cache could not be written." },
];

/** An input for `toSarif` with all of the above; `changes` replaces parts. */
export function exampleInput(changes: Partial<SarifInput> = {}): SarifInput {
  return {
    tool: { name: "yantra-lint", version: "1.2.3" },
    rules: RULES,
    findings: FINDINGS,
    notices: NOTICES,
    textOf: (path) => TEXTS[path],
    variant: "github",
    executionSuccessful: true,
    ...changes,
  };
}
