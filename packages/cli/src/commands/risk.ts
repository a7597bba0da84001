import { analyse } from "../analysis.ts";
import { EXIT } from "../errors.ts";
import { judgeChange, toldRisk } from "../judgement.ts";
import type { RiskFormat, RiskOptions } from "../options.ts";
import { tellPipeline } from "../pipeline.ts";
import { usesColor } from "../reporters/index.ts";
import { riskJson, riskMarkdown, riskPretty, type ToldRisk } from "../reporters/risk.ts";
import { writeOutput } from "../write-output.ts";
import { tellCrashes } from "./check.ts";

/** `yantra-lint risk`: the change's class and score; 0 whatever they are. @throws UsageError, ConfigError */
export async function risk(options: RiskOptions): Promise<number> {
  const { outputs, ...rest } = options;
  const analysis = await analyse({ paths: [], ...rest });
  const judged = judgeChange(analysis, analysis.report);
  const told = toldRisk(judged, analysis.report);
  for (const output of outputs)
    writeOutput(output.file, render(output.format, told, output.file === undefined));
  tellPipeline({ class: told.risk.class, score: told.risk.score }, riskMarkdown(told), process.env);
  return tellCrashes(analysis.report) ? EXIT.failure : EXIT.clean;
}

function render(format: RiskFormat, told: ToldRisk, toTerminal: boolean): string {
  switch (format) {
    case "pretty":
      return riskPretty(told, { color: toTerminal && usesColor() });
    case "json":
      return riskJson(told);
    case "markdown":
      return riskMarkdown(told);
  }
}
