import module from "node:module";
import v8 from "node:v8";
import { EXIT } from "./errors.ts";
import { HELP } from "./help.ts";
import { parseCommand, type Command } from "./options.ts";
import { version } from "./version.ts";

// libpg-query is WebAssembly that runs for moments: without optimising compilation the process does not wait at its
// end for a compiler thread (90 ms measured on Node 20). Must be said before the module is loaded.
v8.setFlagsFromString("--liftoff-only");
// A run is short: code is compiled quickly as soon as it is warm, and optimised only when it is hot indeed. By default
// a third of Node 20's processor time goes into optimising what then hardly runs any more; V8 12 counts otherwise.
v8.setFlagsFromString("--sparkplug");
if (Number.parseInt(process.versions.v8, 10) < 12) v8.setFlagsFromString("--interrupt-budget=264000");
// On a machine with much memory V8 lets garbage of syntax trees grow to gigabytes before it looks for any. What is alive
// is small, so looking earlier costs little.
v8.setFlagsFromString("--heap-growing-percent=50");

// From Node 22.1 on, compiled code is kept from run to run (NODE_DISABLE_COMPILE_CACHE=1 says no).
const keepCompiled: unknown = Reflect.get(module, "enableCompileCache");
if (typeof keepCompiled === "function") Reflect.apply(keepCompiled, module, []);

// Every command is loaded when it is asked for: `--version` and a wrong option answer at once.
async function runCommand(command: Command): Promise<number> {
  switch (command.name) {
    case "help":
      process.stdout.write(HELP);
      return EXIT.clean;
    case "version":
      process.stdout.write(`${version}\n`);
      return EXIT.clean;
    case "rules": {
      const { listRules } = await import("./commands/rules.ts");
      process.stdout.write(listRules(command.format));
      return EXIT.clean;
    }
    case "explain": {
      const { explain } = await import("./commands/explain.ts");
      process.stdout.write(explain(command.rule));
      return EXIT.clean;
    }
    case "init": {
      const { init } = await import("./commands/init.ts");
      return await init(process.cwd());
    }
    case "risk": {
      const { risk } = await import("./commands/risk.ts");
      return await risk(command.options);
    }
    case "approve": {
      const { approve } = await import("./commands/approve.ts");
      return approve(command.options);
    }
    case "gate": {
      const { gate } = await import("./commands/gate.ts");
      return await gate(command.options);
    }
    case "check": {
      const { check } = await import("./commands/check.ts");
      return await check(command.options);
    }
  }
}

function explainFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // By name: ConfigError's module loads the whole engine, which a wrong option should not wait for.
  if (error instanceof Error && ["UsageError", "ConfigError"].includes(error.name)) return message;
  return `an error of our own: ${message} (set YANTRA_DEBUG=1 to see where).`;
}

try {
  process.exitCode = await runCommand(parseCommand(process.argv.slice(2)));
} catch (error) {
  if (process.env["YANTRA_DEBUG"]) throw error;
  process.stderr.write(`yantra-lint: ${explainFailure(error)}\n`);
  process.exitCode = EXIT.failure;
}
