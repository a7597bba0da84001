import {
  commentFacts,
  type DynamicRoutesFact,
  type Fact,
  Lines,
  type NoticeFact,
  type Region,
  type SourceFile,
} from "@yantra-lint/core";
import { toComments } from "./comments.ts";
import { deployFacts } from "./deploy/code.ts";
import { scriptFacts } from "./deploy/scripts.ts";
import { withHandlers } from "./health/handlers.ts";
import { healthFacts } from "./health/index.ts";
import { packageFact } from "./package-json.ts";
import { queryFacts } from "./queries/index.ts";
import { ensureParents } from "./routes/ast.ts";
import { routeFacts } from "./routes/index.ts";
import { nextConfigFacts, nextFacts } from "./routes/next.ts";
import { type Code, type CodeDetails, isFlow, MAX_CODE_LENGTH } from "./source.ts";
import { tsconfigFact } from "./tsconfig-json.ts";

const START: Region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };

/** What a file of the pack declares: annotations, suppressions, routes, queries, its package, how it resolves modules. */
export function mapCode(code: Code, file: SourceFile): Fact[] {
  const details: CodeDetails = file.kind.details ?? {};
  if (file.kind.name === "package") {
    const fact = packageFact(file.path, file.text);
    return fact ? [fact, ...scriptFacts(file.text)] : [];
  }
  if (file.kind.name === "tsconfig") {
    const fact = tsconfigFact(file.path, file.text);
    return fact ? [fact] : [];
  }
  if (details.tooLarge) {
    const message = `The file has more than ${MAX_CODE_LENGTH.toLocaleString("en")} characters and was not checked.`;
    return [...unread("file-too-large", message)];
  }
  const facts: Fact[] = [];
  const { ast } = code;
  if (ast) {
    if (ast.body.length === 0 && isFlow(file.path, file.text)) {
      return unread(
        "flow",
        "The file is written in Flow, which cannot be read; its routes and annotations are unknown.",
      );
    }
    const comments = toComments(ast.comments ?? []);
    // A directive without rule names is for other plugins of ESLint: it never hides a finding of ours.
    const ours = (fact: Fact): boolean =>
      fact.type !== "suppression" || fact.rules.length > 0 || fact.directive === "enable";
    facts.push(...commentFacts(comments, new Lines(code.text)).filter(ours));
    const whole = { text: code.text, ast, scopeManager: code.scopeManager ?? null };
    const checks = facts.some((fact) => fact.type === "annotation" && fact.name === "health");
    if (details.routes || details.deploys || checks) ensureParents(ast);
    if (details.deploys) facts.push(...deployFacts(whole));
    if (checks) facts.push(...healthFacts(whole, facts));
    if (details.routes) facts.push(...withHandlers(whole, routeFacts(whole)));
    if (details.nextConfig) facts.push(...nextConfigFacts(whole));
  }
  if (details.queries) facts.push(...queryFacts(file.path, file.text, details.queries));
  if (details.next) facts.push(...nextFacts(code, details.next));
  return facts.sort((a, b) => a.startLine - b.startLine || a.startColumn - b.startColumn);
}

/** What is known of a file that the parser refused: not even that it declares no routes. */
export function mapUnparsed(file: SourceFile): Fact[] {
  const details: CodeDetails = file.kind.details ?? {};
  if (!details.routes && !details.nextConfig) return [];
  return [
    { type: "dynamicRoutes", path: "", ...START, framework: "unknown", why: "The file cannot be parsed." },
  ];
}

/** A notice, and that nothing can be concluded from what the file does not declare. */
function unread(id: string, message: string): [NoticeFact, DynamicRoutesFact] {
  return [
    { type: "notice", path: "", ...START, id, message, unread: true },
    { type: "dynamicRoutes", path: "", ...START, framework: "unknown", why: message },
  ];
}
