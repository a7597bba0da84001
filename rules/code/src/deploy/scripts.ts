import { type DeployCommandFact, Lines, type Range } from "@yantra-lint/core";
import { type Node, parseTree } from "jsonc-parser";
import { DEPLOY_TOOL, directDeploysIn, isAboutLocalCluster, isLocalName } from "./commands.ts";

/** The deployments among the scripts of a `package.json`. */
export function scriptFacts(text: string): DeployCommandFact[] {
  if (!DEPLOY_TOOL.test(text)) return [];
  const root = parseTree(text);
  const scripts = root?.type === "object" ? memberOf(root, "scripts") : undefined;
  const lines = new Lines(text);
  const all = (scripts?.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    const name: unknown = key?.value;
    const command: unknown = value?.value;
    return value && typeof name === "string" && typeof command === "string" ? [{ name, command, value }] : [];
  });
  // What a script for one's own machine runs is for it as well: `"up": "minikube start && npm run apply"`.
  const local = all.filter(({ name, command }) => isLocalName(name) || isAboutLocalCluster(command));
  const isLocal = (name: string): boolean =>
    local.some((one) => one.name === name || runsIn(one.command).includes(name));
  return all.flatMap(({ name, command, value }) => {
    if (isLocal(name)) return [];
    const raw = text.slice(value.offset, value.offset + value.length);
    return directDeploysIn(command).map(({ tool, call, range }): DeployCommandFact => {
      const at = range.map((offset) => value.offset + rawOffset(raw, offset)) as Range;
      return { type: "deployCommand", path: "", ...lines.region(at), tool, call, script: name };
    });
  });
}

/** Names of the scripts that a command runs. */
function runsIn(command: string): string[] {
  const calls = command.matchAll(/\b(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?([\w:.-]+)/g);
  return [...calls].flatMap(([, name]) => name ?? []);
}

function memberOf(object: Node, name: string): Node | undefined {
  return object.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
}

/** Where a character of a JSON text stands in its source, the quote before it counted. */
function rawOffset(raw: string, offset: number): number {
  let at = 1;
  for (let seen = 0; seen < offset; seen += 1) {
    const escape = /^\\(?:u[\da-fA-F]{4}|.)/.exec(raw.slice(at, at + 6));
    at += escape ? escape[0].length : 1;
  }
  return at;
}
