import type { Notice } from "@yantra-lint/core";
import type { MultiformatMessageString, ReportingDescriptor } from "sarif";
import { LIMITS, notice } from "./limits.ts";
import { manyLines, oneLine } from "./text.ts";

/** What SARIF tells of a rule. */
export interface SarifRule {
  /** The full name, `yantra/<pack>/<rule>`. */
  id: string;
  /** A name for people; by default the id's last part in PascalCase, as SARIF wants it. */
  name?: string;
  type: "problem" | "suggestion";
  /** `^(Enforce|Require|Disallow|Prefer) …`, without full stop. */
  description: string;
  level: "error" | "warning";
  /** The rule's page, Markdown. */
  page?: string;
  /** Message texts by id, with `{{placeholders}}`. */
  messages: Record<string, string>;
  tags: string[];
}

/** A rule as SARIF's reportingDescriptor, with what GitHub requires of one. */
export function describeRule(rule: SarifRule): { descriptor: ReportingDescriptor; notices: Notice[] } {
  const tags = rule.tags.slice(0, LIMITS.tags).map(oneLine);
  const notices =
    tags.length < rule.tags.length
      ? [
          notice(
            "tags",
            `${rule.id} has ${rule.tags.length} tags; GitHub keeps ${LIMITS.tags}, so the rest is left out.`,
          ),
        ]
      : [];
  const short = cut(`${oneLine(rule.description)}.`);
  const full = rule.page === undefined ? "" : introduction(rule.page);
  const descriptor: ReportingDescriptor = {
    id: rule.id,
    name: rule.name ?? pascalCase(rule.id),
    shortDescription: { text: short },
    fullDescription: { text: full === "" ? short : full },
    help: {
      text: `${short} Run \`yantra-lint explain ${rule.id}\` to read why, and what to do instead.`,
      ...(rule.page === undefined ? {} : { markdown: manyLines(rule.page) }),
    },
    messageStrings: messageStrings(rule.messages),
    defaultConfiguration: { level: rule.level },
    properties: {
      tags,
      precision: "high",
      "problem.severity":
        rule.type === "suggestion" && rule.level === "warning" ? "recommendation" : rule.level,
    },
  };
  return { descriptor, notices };
}

function pascalCase(id: string): string {
  const last = id.slice(id.lastIndexOf("/") + 1);
  return last.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The paragraphs between a page's title and its first section, as one. */
function introduction(page: string): string {
  const [beforeSections = ""] = manyLines(page).split(/^## /m);
  return cut(oneLine(beforeSections.replace(/^# .*$/m, "").replace(/^```[\s\S]*?^```$/gm, "")));
}

function cut(text: string): string {
  return text.length <= LIMITS.description ? text : `${text.slice(0, LIMITS.description - 1).trimEnd()}…`;
}

/**
 * `{{name}}` becomes SARIF's `{0}`, in the order of first use; other braces are doubled (§3.11.5). Results carry
 * their text and need none of these, so a message that is no sentence with a full stop, such as a question or a
 * placeholder alone, is left out: SARIF2001 warns of it.
 */
function messageStrings(messages: Record<string, string>): Record<string, MultiformatMessageString> {
  const strings: Record<string, MultiformatMessageString> = {};
  for (const [id, template] of Object.entries(messages)) {
    const names: string[] = [];
    const text = oneLine(template).replace(
      /\{\{\s*([^{}\s]+)\s*\}\}|[{}]/g,
      (whole, name: string | undefined) => {
        if (name === undefined) return whole + whole;
        if (!names.includes(name)) names.push(name);
        return `{${names.indexOf(name)}}`;
      },
    );
    if (text.endsWith(".")) strings[id] = { text };
  }
  return strings;
}
