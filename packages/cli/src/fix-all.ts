import fs from "node:fs";
import path from "node:path";
import type { Finding, Notice } from "@yantra-lint/core";
import { applyFixes, type FileText, reason, type RunResult, Tree } from "@yantra-lint/workspace";
import { UsageError } from "./errors.ts";
import { inScope, type Target } from "./target.ts";
import { oneLine, plural } from "./text.ts";

/** ESLint's own limit: a fix that makes another one necessary is followed so many times. */
const FIX_PASSES = 10;

/** A run and what was judged of it. */
export interface Linted {
  result: RunResult;
  findings: Finding[];
}

/**
 * Applies fixes, lints again, and so on until none is left; then writes the files, byte order marks and line
 * breaks kept. The texts stand in the target's overlay, which `lint` reads. A file that is not valid UTF-8 is left
 * as it is, with a notice: what could not be decoded cannot be written back.
 * @throws UsageError when a file cannot be written, after the others were
 */
export async function fixAll(
  first: Linted,
  { root, scope, overlay }: Target,
  lint: () => Promise<Linted>,
): Promise<Linted & { notices: Notice[] }> {
  const disk = new Tree(root.directory);
  const originals = new Map<string, FileText>();
  const left = new Set<string>();
  let linted = first;
  for (let pass = 0; pass < FIX_PASSES; pass += 1) {
    let applied = 0;
    for (const [file, findings] of fixable(linted.findings)) {
      if (!inScope(file, scope)) continue;
      const original = originals.get(file) ?? disk.read(file);
      originals.set(file, original);
      if (!original.valid) {
        left.add(file);
        continue;
      }
      const fixed = applyFixes(overlay.get(file) ?? original.text, findings);
      overlay.set(file, fixed.text);
      applied += fixed.applied;
    }
    if (applied === 0) break;
    linted = await lint();
  }
  write(root.directory, overlay, originals);
  const message = "The file is not valid UTF-8, so --fix left it as it is.";
  return { ...linted, notices: [...left].map((file) => ({ id: "not-fixed", message, path: file })) };
}

function fixable(findings: readonly Finding[]): Map<string, Finding[]> {
  const byPath = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (!finding.fix || finding.suppressed) continue;
    const ofFile = byPath.get(finding.path);
    if (ofFile) ofFile.push(finding);
    else byPath.set(finding.path, [finding]);
  }
  return byPath;
}

function write(
  root: string,
  overlay: ReadonlyMap<string, string>,
  originals: ReadonlyMap<string, FileText>,
): void {
  const failures: string[] = [];
  let written = 0;
  for (const [file, { text, hasBom }] of originals) {
    const fixed = overlay.get(file) ?? text;
    if (fixed === text) continue;
    try {
      fs.writeFileSync(path.join(root, file), (hasBom ? "\uFEFF" : "") + fixed);
      written += 1;
    } catch (error) {
      failures.push(`${oneLine(file)} (${reason(error)})`);
    }
  }
  if (failures.length === 0) return;
  const others = written === 0 ? "" : `; ${plural(written, "other file")} had fixes applied`;
  throw new UsageError(`--fix could not write ${failures.join(", ")}${others}.`);
}
