import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "sarif";

const require = createRequire(import.meta.url);

/** What the SARIF multitool complains of in a log, by the standard's rules and GitHub's. It ends with 0 whatever it finds, so its report is read. */
export function complaintsAbout(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "yantra-sarif-"));
  try {
    const file = join(folder, "log.sarif");
    const report = join(folder, "report.sarif");
    writeFileSync(file, text);
    const binary: unknown = require("@microsoft/sarif-multitool");
    if (typeof binary !== "string")
      throw new Error("The multitool's package exports the path of its binary.");
    const options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--log", "ForceOverwrite"];
    execFileSync(binary, ["validate", file, ...options, "--output", report], {
      // It is a .NET program, and asks for ICU otherwise.
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" },
      stdio: "pipe",
    });
    const log = JSON.parse(readFileSync(report, "utf8").replace(/^\uFEFF/, "")) as Log;
    const [run] = log.runs;
    const notifications =
      run?.invocations?.flatMap((invocation) => invocation.toolExecutionNotifications ?? []) ?? [];
    return [
      // A result without a level is a warning.
      ...(run?.results ?? []).map(
        ({ ruleId, level = "warning", message }) =>
          `${level} ${ruleId} ${(message.arguments ?? []).join(" ")}`,
      ),
      ...notifications
        .filter(({ level = "warning" }) => level !== "note")
        .map(({ descriptor, message }) => `notification ${descriptor?.id} ${message.text}`),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
