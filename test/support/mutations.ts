/** Files as people write them, and ways to break them: what the property tests begin with. */
import fc from "fast-check";

/** By path; together one small shop. */
export const HEALTHY: Readonly<Record<string, string>> = {
  "db/migrations/0001_init.sql": `-- @yantra-phase expand -- first tables
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  "Größe" numeric(10, 2) DEFAULT 0.5 CHECK ("Größe" >= 0)
);
CREATE TABLE parcels (
  id uuid PRIMARY KEY,
  customer bigint REFERENCES customers (id) ON DELETE CASCADE,
  state text DEFAULT 'new', -- 'sent' later
  sent_at timestamptz
);
CREATE VIEW open_parcels AS SELECT p.id, c.email FROM parcels p JOIN customers c ON c.id = p.customer;
`,
  "db/migrations/0002_change.sql": `-- eslint-disable-next-line yantra/sql/no-drop-column -- nobody reads it 😀
ALTER TABLE customers DROP COLUMN email CASCADE, ADD COLUMN phone varchar(20);
BEGIN;
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY IF NOT EXISTS parcels_state ON parcels (lower(state)) WHERE sent_at IS NULL;
ALTER TABLE parcels ALTER COLUMN state SET NOT NULL, ALTER COLUMN id TYPE text USING id::text;
ALTER TABLE parcels ADD CONSTRAINT has_customer FOREIGN KEY (customer) REFERENCES customers NOT VALID;
ALTER TABLE parcels RENAME TO shipments;
DO $$
DECLARE n int;
BEGIN
  FOR n IN SELECT 1 LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN x%s int', 'shipments', n);
  END LOOP;
END $$;
UPDATE shipments SET state = E'it\\'s' WHERE state = 'new';
COMMIT;
DROP TABLE IF EXISTS customers, legacy;
`,
  "goose/migrations/20260101000000_goose.sql": `-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN NEW.at = now(); RETURN NEW; END $body$;
-- +goose StatementEnd
ALTER TABLE t ADD COLUMN a int NOT NULL;
-- +goose Down
ALTER TABLE t DROP COLUMN a;
`,
  "deploy/web.yaml": `# eslint-disable-next-line yantra/kubernetes/no-mutable-image -- pinned by the registry
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: &labels { app: web, "tier": 'front' }
spec:
  replicas: 3
  selector:
    matchLabels: *labels
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 25% } }
  template:
    metadata:
      labels:
        <<: *labels
    spec:
      containers:
        - name: web
          image: registry.example.org/web:latest
          ports: [{ name: http, containerPort: 8080 }]
          envFrom: [{ configMapRef: { name: web-settings } }]
          readinessProbe:
            httpGet: { path: /health, port: http }
            periodSeconds: 5
          livenessProbe: &probe
            exec: { command: ["sh", "-c", "true"] }
          startupProbe: *probe
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: http }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web-settings, namespace: shop }
data:
  text: |
    line one
      line two ü
  folded: >-
    a
    b
`,
  "deploy/rollout.yaml": `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: pay }
spec:
  replicas: 10
  selector: { matchLabels: { app: pay } }
  strategy:
    canary:
      steps:
        - setWeight: 50
        - pause: { duration: 10m }
        - analysis:
            templates: [{ templateName: errors }]
  template:
    metadata: { labels: { app: pay } }
    spec:
      containers: [{ name: pay, image: "pay@sha256:0000" }]
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: errors }
spec:
  args: [{ name: service }]
  metrics:
    - name: errors
      interval: 1m
      count: 5
      failureLimit: 2
      successCondition: result[0] < 0.05
      provider:
        prometheus:
          query: sum(rate(http_requests_total{service="{{args.service}}",code=~"5.."}[5m]))
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: alerts }
spec:
  groups:
    - name: web
      rules:
        - { alert: Errors, expr: 'rate(errors{app="web"}[5m]) > 0.1', for: 5m, labels: { severity: page } }
`,
  "deploy/kustomization.yaml": `resources: [web.yaml, rollout.yaml]
namePrefix: eu-
images: [{ name: pay, newTag: "1.2" }]
configMapGenerator: [{ name: extra, literals: [a=b] }]
`,
  "deploy/pod.json": `{ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "one" },
  "spec": { "containers": [{ "name": "one", "image": "one:1" }] } }
`,
  "src/server.ts": `// @yantra-risk high -- takes money
import express, { type Request } from "express";
import { charge } from "./charge.js";
export * from "./other.js";

const app = express();
const router = express.Router();
/** @yantra-health checks=payments */
app.get("/health", async (_request: Request, response) => {
  await charge(0);
  response.json({ ok: true, text: \`a \${1 + 1} ü\` });
});
// eslint-disable-next-line yantra/code/valid-annotation
router.route("/orders/:id").post(charge).delete((request, response) => response.end());
app.use("/api", router);
export const total = <T,>(all: T[]): number => all.length;
app.listen(8080);
`,
  "src/charge.ts": `// @yantra-owner @shop/payments
export async function charge(amount: number): Promise<void> {
  if (amount < 0) throw new Error("less than nothing");
  await fetch("https://pay.example.org", { method: "POST" });
}
`,
  "src/page.jsx": `// @yantra-rsik high -- a typo
export const Page = ({ items }) => <ul>{items.map((item) => <li key={item}>{item} &amp; more</li>)}</ul>;
`,
  "package.json": `{
  "name": "@shop/web",
  "scripts": { "deploy": "kubectl apply -f deploy && kubectl rollout status deploy/web" },
  "dependencies": { "express": "^5.0.0" },
  "exports": { ".": { "import": "./dist/server.js" }, "./*": "./dist/*.js" }
}
`,
  "tsconfig.json": `{
  // Comments are welcome here.
  "extends": "./base.json",
  "compilerOptions": { "outDir": "dist", "rootDir": "src", "paths": { "@/*": ["./src/*"] }, },
}
`,
  ".github/workflows/deploy.yaml": `name: deploy
on: { push: { branches: [main] } }
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v4
      - run: |
          set -euo pipefail
          helm upgrade --install web ./chart --set image.tag="\${{ github.sha }}"
          kubectl set image deployment/web web=web:$TAG | tee log
      - run: terraform apply -auto-approve
`,
  Dockerfile: `FROM node:20 AS build
ARG VERSION=1
RUN npm ci && \\
    npm run build
FROM gcr.io/distroless/nodejs20
COPY --from=build /app /app
CMD ["node", "/app"]
`,
};

/** Text that is seldom where it ends up. */
const ODD = [
  "\0",
  "\uFEFF",
  "\u2028",
  "\r",
  "\u202E",
  "\uD800",
  "\uDC00",
  "😀",
  "e\u0301",
  "'",
  '"',
  "`",
  "$$",
  "/*",
  "*/",
  "--",
  "//",
  "{{ .x }}",
  "${",
  "((((",
  "]]]]",
  "{",
  "}",
  "<",
  "&a ",
  "*a ",
  "<<: *a",
  "|-\n",
  "? ",
  ": ",
  "- ",
  "---\n",
  ";",
  "\\",
  "__proto__",
  "constructor",
  "toString",
  "@yantra-",
  "eslint-disable",
  "-- eslint-disable yantra/sql/",
  "# eslint-disable-line",
  "\n\n",
  "\t",
  "null",
  "-1",
  "1e999",
  "9".repeat(400),
  "a".repeat(5000),
  " ".repeat(3000),
];

type Mutation = (text: string) => string;

const position = fc.double({ min: 0, max: 1, noNaN: true });
const offset = (text: string, at: number): number => Math.floor(at * text.length);

/** Changes at a place: cut, delete, insert, repeat; lines that are lost, doubled or moved; words that become others. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  position.map((at) => (text: string) => text.slice(0, offset(text, at))),
  fc.tuple(position, fc.nat(40)).map(
    ([at, length]) =>
      (text: string) =>
        text.slice(0, offset(text, at)) + text.slice(offset(text, at) + length),
  ),
  fc.tuple(position, fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: "binary", maxLength: 8 }))).map(
    ([at, odd]) =>
      (text: string) =>
        text.slice(0, offset(text, at)) + odd + text.slice(offset(text, at)),
  ),
  fc.tuple(position, fc.nat(0xffff)).map(([at, unit]) => (text: string) => {
    const start = offset(text, at);
    return text.slice(0, start) + String.fromCharCode(unit) + text.slice(start + 1);
  }),
  fc
    .tuple(position, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 300 }))
    .map(([at, length, times]) => (text: string) => {
      const start = offset(text, at);
      return text.slice(0, start) + text.slice(start, start + length).repeat(times) + text.slice(start);
    }),
  fc
    .tuple(position, position, fc.constantFrom("swap", "double", "drop"))
    .map(([first, second, what]) => (text: string) => {
      const lines = text.split("\n");
      const [a, b] = [offset(text, first) % lines.length, offset(text, second) % lines.length];
      const [one = "", other = ""] = [lines[a], lines[b]];
      if (what === "swap") [lines[a], lines[b]] = [other, one];
      else lines.splice(a, 1, ...(what === "double" ? [one, one] : []));
      return lines.join("\n");
    }),
  fc.tuple(position, position, fc.constantFrom(...ODD)).map(([from, to, odd]) => (text: string) => {
    const words = [...text.matchAll(/\w+/g)];
    const target = words[Math.floor(from * words.length)];
    if (!target) return odd;
    const word = words[Math.floor(to * words.length)]?.[0] ?? odd;
    return text.slice(0, target.index) + word + text.slice(target.index + target[0].length);
  }),
  fc.constantFrom<Mutation>(
    (text) => text.replaceAll("\n", "\r\n"),
    (text) => text.replaceAll("\n", "\r"),
    (text) => text.replaceAll("\n", " "),
    (text) => text.toUpperCase(),
    (text) => text + text,
    (text) => `\uFEFF${text}`,
  ),
);

/** The healthy files, each broken in up to four ways; some are left as they are. */
export const brokenFiles: fc.Arbitrary<Map<string, string>> = fc
  .tuple(
    ...Object.entries(HEALTHY).map(([path, text]) =>
      fc
        .array(mutation, { maxLength: 4 })
        .map((mutations): [string, string] => [
          path,
          mutations.reduce((before, change) => change(before), text),
        ]),
    ),
  )
  .map((files) => new Map(files));
