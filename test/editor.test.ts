/**
 * The way an editor goes: VS Code's ESLint language server, over the protocol, on buffers that differ from disk.
 * Its answers for our languages are the command line's findings for the same text.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node.js";
import { buildExample } from "./examples/build-example.ts";
import { type JsonReport, messageInEditor, ROOT, yantra } from "./support/program.ts";

interface Diagnostic {
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
  severity: number;
  code: string;
  message: string;
}

const directory = fs.mkdtempSync(
  path.join(fs.realpathSync(path.join(ROOT, "node_modules")), ".yantra-editor-"),
);
const example = path.join(directory, "checkout");
let server: ChildProcess;
let connection: MessageConnection;

/** The settings VS Code's extension sends; `validate` is what `eslint.validate` becomes. */
function settings() {
  return {
    validate: "on",
    packageManager: "npm",
    useESLintClass: true,
    useFlatConfig: true,
    experimental: { useFlatConfig: false },
    codeAction: {
      disableRuleComment: { enable: true, location: "separateLine" },
      showDocumentation: { enable: true },
    },
    codeActionOnSave: { mode: "all" },
    format: false,
    quiet: false,
    onIgnoredFiles: "off",
    options: {},
    rulesCustomizations: [],
    run: "onType",
    problems: { shortenToSingleLine: false },
    nodePath: null,
    workingDirectory: { directory: example },
    workspaceFolder: { name: "checkout", uri: pathToFileURL(example).href },
  };
}

beforeAll(async () => {
  buildExample(example);
  fs.writeFileSync(
    path.join(example, "eslint.config.js"),
    'import yantra from "eslint-plugin-yantra";\nexport default yantra.configs.recommended;\n',
  );
  fs.writeFileSync(path.join(example, "package.json"), '{ "type": "module" }\n');
  execFileSync("git", ["add", "--all"], { cwd: example });
  const main = path.join(ROOT, "node_modules/vscode-langservers-extracted/bin/vscode-eslint-language-server");
  server = spawn(process.execPath, [main, "--stdio"], { cwd: example, stdio: ["pipe", "pipe", "ignore"] });
  if (!server.stdin || !server.stdout) throw new Error("The server has no pipes.");
  connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) => items.map(settings));
  connection.onRequest("eslint/confirmESLintExecution", () => 4);
  connection.onRequest("client/registerCapability", () => null);
  connection.listen();
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(example).href,
    workspaceFolders: [{ uri: pathToFileURL(example).href, name: "checkout" }],
    capabilities: { workspace: { configuration: true, workspaceFolders: true }, textDocument: {} },
  });
  await connection.sendNotification("initialized", {});
});

afterAll(() => {
  connection.dispose();
  server.kill();
  fs.rmSync(directory, { recursive: true, force: true });
});

/** Opens a buffer and asks what the server says of it. */
async function open(file: string, languageId: string, text: string): Promise<Diagnostic[]> {
  const uri = pathToFileURL(path.join(example, file)).href;
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId, version: 1, text },
  });
  const { items } = await connection.sendRequest<{ items: Diagnostic[] }>("textDocument/diagnostic", {
    textDocument: { uri },
  });
  return items;
}

/** The command line's findings for the same text in the same place, as a language server counts: from 0. */
function expected(file: string, text: string): Partial<Diagnostic>[] {
  const { stdout } = yantra(["--format", "json", "--stdin-filename", file], { cwd: example, stdin: text });
  return (JSON.parse(stdout) as JsonReport).findings
    .filter((finding) => !finding.suppressed)
    .map((finding) => ({
      range: {
        start: { line: finding.startLine - 1, character: finding.startColumn - 1 },
        end: { line: finding.endLine - 1, character: finding.endColumn - 1 },
      },
      severity: finding.level === "error" ? 1 : 2,
      code: finding.ruleId,
      message: messageInEditor(finding),
    }));
}

describe("a buffer that is not saved", () => {
  it("of SQL: a file rule, with the history of the files on disk", async () => {
    const file = "db/migrations/20991231000000_new.sql";
    const text =
      "-- migrate:up\n-- é😀\nALTER TABLE orders ALTER COLUMN note SET NOT NULL;\nALTER TABLE orders DROP COLUMN created_at;\n-- migrate:down\n";
    const diagnostics = await open(file, "sql", text);
    const wanted = expected(file, text);
    expect(wanted.map(({ code }) => code)).toContain("yantra/sql/no-drop-column");
    expect(diagnostics).toMatchObject(wanted);
    expect(diagnostics).toHaveLength(wanted.length);
  });

  it("of YAML: file rules and workspace rules against the files on disk", async () => {
    const file = "deploy/services.yaml";
    const text = `${fs
      .readFileSync(path.join(example, file), "utf8")
      .replace(/^( +app(?:\.kubernetes\.io\/name)?: )checkout$/m, "$1chekout")}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mailer
spec:
  selector: { matchLabels: { app: mailer } }
  template:
    metadata: { labels: { app: mailer } }
    spec:
      containers:
        - name: mailer
          image: registry.example.com/shop/mailer:latest
          ports: [{ containerPort: 8080 }]
`;
    const diagnostics = await open(file, "yaml", text);
    const wanted = expected(file, text);
    expect(wanted.map(({ code }) => code)).toContain("yantra/kubernetes/no-mutable-image");
    // The other end of a broken reference is named, in whichever file it is.
    expect(diagnostics.map(({ message }) => message).join("\n")).toMatch(/ \(deploy\/rollout\.yaml:5\)$/m);
    expect(diagnostics).toMatchObject(wanted);
    expect(diagnostics).toHaveLength(wanted.length);
  });
});
