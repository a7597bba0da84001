/**
 * A corpus to measure with: a made-up shop of many tables, services and routers. It is the same at every run, so
 * that figures of different days and machines can be compared. Most of it is right; every tenth file has something
 * to report, as in a real repository.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** How many files of each language the corpus has, unless said otherwise. */
const FILES_A_LANGUAGE = 250;

const NOUNS = [
  "order",
  "invoice",
  "parcel",
  "customer",
  "refund",
  "price",
  "stock",
  "voucher",
  "address",
  "review",
];
const COLUMNS = [
  "reference text",
  "amount numeric(12, 2)",
  "paid_at timestamptz",
  "note text",
  "quantity integer",
];

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new Error("The list is empty.");
  return item;
}

/** One migration of the stream. The first of each ten makes the table that the nine others change. */
function migration(index: number): string {
  const noun = pick(NOUNS, Math.floor(index / 10));
  const table = `${noun}_${Math.floor(index / 10)}`;
  const column = pick(COLUMNS, index);
  const [name = ""] = column.split(" ");
  switch (index % 10) {
    case 0:
      return [
        `-- ${noun}s as the shop has them`,
        `CREATE TABLE ${table} (`,
        "  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,",
        "  created_at timestamptz NOT NULL DEFAULT now(),",
        `  status text NOT NULL CHECK (status IN ('open', 'done', 'failed'))`,
        ");",
        `COMMENT ON TABLE ${table} IS 'One row a ${noun}';`,
        `INSERT INTO ${table} (status) VALUES ('open'), ('done');`,
      ].join("\n");
    case 5:
      return `SET lock_timeout = '2s';\nUPDATE ${table} SET status = 'done' WHERE status = 'open' AND created_at < now() - interval '90 days';`;
    case 7:
      return `CREATE INDEX CONCURRENTLY IF NOT EXISTS ${table}_${index} ON ${table} (created_at) WHERE status = 'open';`;
    case 8:
      return [
        `CREATE OR REPLACE FUNCTION ${table}_touch() RETURNS trigger LANGUAGE plpgsql AS $body$`,
        "BEGIN",
        "  NEW.created_at := now();",
        "  RETURN NEW;",
        "END",
        "$body$;",
        `CREATE TRIGGER ${table}_touch BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_touch();`,
      ].join("\n");
    case 9:
      return `ALTER TABLE ${table} ALTER COLUMN status DROP NOT NULL;\nALTER TABLE ${table} DROP COLUMN status;`;
    default:
      return [
        `ALTER TABLE ${table} ADD COLUMN ${name}_${index} ${column.slice(name.length + 1)};`,
        `ALTER TABLE ${table} ADD CONSTRAINT ${name}_${index}_known CHECK (${name}_${index} IS NOT NULL) NOT VALID;`,
        `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}_${index}_known;`,
      ].join("\n");
  }
}

/** A Deployment, its Service and its ConfigMap. */
function manifest(index: number): string {
  const app = `${pick(NOUNS, index)}-${index}`;
  const probe = `          readinessProbe:
            httpGet:
              path: /${pick(NOUNS, index)}-${index}/ready
              port: http
            periodSeconds: 5
`;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}
  labels:
    app: ${app}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: ${app}
  template:
    metadata:
      labels:
        app: ${app}
    spec:
      containers:
        - name: server
          image: registry.example.com/shop/${app}:1.${index}.0
          ports:
            - name: http
              containerPort: 8080
          envFrom:
            - configMapRef:
                name: ${app}-settings
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
${index % 10 === 9 ? "" : probe}---
apiVersion: v1
kind: Service
metadata:
  name: ${app}
spec:
  selector:
    app: ${app}
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${app}-settings
data:
  LOG_LEVEL: info
  REGION: "eu-${index % 4}"
`;
}

/** An Express router with a readiness route and a few others. */
function router(index: number): string {
  const noun = pick(NOUNS, index);
  const name = `${noun}${index}`;
  return `import express, { type Request, type Response } from "express";

export interface ${name}Row {
  id: number;
  status: "open" | "done" | "failed";
  createdAt: Date;
}

/** @yantra-${index % 10 === 9 ? "ownr" : "owner"} team-${index % 7} */
export const ${name} = express.Router();

${name}.get("/${noun}-${index}/ready", (_request: Request, response: Response) => {
  response.status(200).json({ ready: true });
});

${name}.get("/${noun}-${index}/:id", async (request: Request, response: Response) => {
  const row = await load(Number(request.params.id));
  if (!row) {
    response.status(404).json({ error: "There is no such ${noun}." });
    return;
  }
  response.json(row);
});

${name}.post("/${noun}-${index}", async (request: Request, response: Response) => {
  const rows = (request.body as ${name}Row[]).filter((row) => row.status === "open");
  response.status(202).json({ accepted: rows.length });
});

async function load(id: number): Promise<${name}Row | undefined> {
  if (!Number.isInteger(id)) return undefined;
  return { id, status: "open", createdAt: new Date() };
}
`;
}

/** Writes one stream of so many migrations. */
export function writeMigrations(directory: string, count: number): void {
  mkdirSync(path.join(directory, "migrations"), { recursive: true });
  for (let index = 0; index < count; index += 1) {
    const number = String(index + 1).padStart(5, "0");
    const name = `${number}_${pick(NOUNS, Math.floor(index / 10))}.sql`;
    writeFileSync(path.join(directory, "migrations", name), `${migration(index)}\n`);
  }
}

/** The text of a migration of so many lines, each a statement about a table that the stream has made. */
export function longMigration(lines: number): string {
  const statement = (line: number): string => {
    const table = `${pick(NOUNS, line)}_${line % 90}`;
    return line % 10 === 0
      ? `CREATE INDEX long_${line} ON ${table} (created_at);`
      : `ALTER TABLE ${table} ADD COLUMN long_${line} text;`;
  };
  return Array.from({ length: lines }, (_, line) => `${statement(line)}\n`).join("");
}

/** Writes the corpus into a directory: so many files of each language. */
export function writeCorpus(directory: string, filesALanguage: number = FILES_A_LANGUAGE): void {
  const write = (file: string, text: string) => {
    const target = path.join(directory, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  };
  for (let index = 0; index < filesALanguage; index += 1) {
    const number = String(index + 1).padStart(5, "0");
    write(`migrations/${number}_${pick(NOUNS, Math.floor(index / 10))}.sql`, `${migration(index)}\n`);
    write(`deploy/${pick(NOUNS, index)}-${index}.yaml`, manifest(index));
    write(`src/${pick(NOUNS, index)}-${index}.ts`, router(index));
  }
}
