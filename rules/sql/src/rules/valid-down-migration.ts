import {
  defineWorkspaceRule,
  type FactIndex,
  type MigrationFact,
  type WorkspaceSettings,
} from "@yantra-lint/core";
import type { Catalog } from "../catalog/catalog.ts";
import { fold } from "../catalog/fold.ts";
import { listed, streamOf } from "../release.ts";
import { differencesOf, lostOnTheWay } from "../rollback.ts";
import { isReal, isSaidToBeRisky, nameOfRunner, type Pair, pairsOf, regionOf } from "../ways-down.ts";

/** A way down that leads elsewhere is found out on the night it is needed. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Enforce that a down migration leads back to the schema from before",
      recommended: "warn",
      reversible: false,
    },
    schema: [],
    messages: {
      differs:
        "This way down does not lead back: after it, {{differences}}. {{runner}} then takes the migration for undone: the code from before meets a schema that it does not know, and the next deployment runs the migration on it. Undo the rest here, or say why it cannot be: `-- @yantra-risk high -- <reason>`.",
      loses:
        "This way down drops {{lost}} and makes it anew, empty: the data from before the migration are gone, though the migration has not touched them. Change it in place, or copy what it holds before.",
    },
  },
  check({ facts, settings, report }) {
    for (const pairs of pairsOf(facts)) {
      const judged = pairs.filter((pair) => isReal(pair.down) && !isSaidToBeRisky(facts, pair));
      for (const { pair, before, after } of folded(facts, settings, judged)) {
        const { up, down } = pair;
        if (!down) continue;
        // The stream goes on from `after`; the way down is a way of its own.
        const back = applied(after.aside(), down);
        const differences = differencesOf(before, after, back, [...up.operations, ...down.operations]);
        const related = [{ ...regionOf(up), message: "The way up." }];
        if (differences.length > 0) {
          const data = { differences: listed(differences), runner: sentence(nameOfRunner(up.runner)) };
          report({ messageId: "differs", data, location: regionOf(down), related });
        }
        const lost = lostOnTheWay(before, after, back, down.operations);
        if (lost.length === 0) continue;
        report({ messageId: "loses", data: { lost: listed(lost) }, location: regionOf(down), related });
      }
    }
  },
});

/** The catalogs before and after the way up of each pair, as its stream's order gives them. */
function* folded(
  facts: FactIndex,
  settings: WorkspaceSettings,
  pairs: readonly Pair[],
): Iterable<{ pair: Pair; before: Catalog; after: Catalog }> {
  const [first] = pairs;
  if (!first) return;
  const byPath = new Map(pairs.map((pair) => [pair.up.path, pair]));
  let catalog = fold.initial(settings);
  const sections = streamOf(facts, first.up.stream)?.migrations ?? [];
  let before = catalog;
  for (const [index, section] of sections.entries()) {
    // The sections of a file stand together.
    if (sections[index - 1]?.path !== section.path) before = catalog;
    catalog = applied(catalog, section);
    const pair = byPath.get(section.path);
    if (pair && sections[index + 1]?.path !== section.path) yield { pair, before, after: catalog };
  }
}

/** The catalog after a migration, whichever way it leads. */
function applied(catalog: Catalog, migration: MigrationFact): Catalog {
  const { path } = migration;
  return fold.apply(catalog, [{ ...migration, direction: "up" }], { path, kind: { name: "migration" } });
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
