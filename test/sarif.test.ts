/** The program's own SARIF, with odd names and every kind of finding, before the SARIF multitool. */
import { expect, it } from "vitest";
import { complaintsAbout } from "../packages/sarif/src/multitool.fixture.ts";
import { folder, yantra } from "./support/program.ts";

const FILES = {
  "db é😀/migrations/0001_größe ändern.sql":
    "-- é😀 eslint-disable is not at the beginning\nALTER TABLE t\n  DROP COLUMN a;\n-- eslint-disable-next-line yantra/sql/no-drop-column -- ünused [x](1) {0}\nSELECT 1;\n",
  "db é😀/migrations/0002_x.sql":
    "-- eslint-disable-next-line yantra/sql/no-drop-column -- never deployed\nALTER TABLE t DROP COLUMN b;\n",
  "deploy/it's %20 odd.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: shop-settings }\ndata: { a: b }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n    - name: web\n      image: web\n      envFrom: [{ configMapRef: { name: shop-setings } }]\n",
  "src/a.ts": "// @yantra-rsik high -- x\n",
};

it.each(["sarif", "sarif-audit"])("%s: no error and no warning", (format) => {
  const { code, stdout } = yantra(["--format", format, "--no-cache"], { cwd: folder(FILES) });
  expect(code).toBe(1);
  const { runs } = JSON.parse(stdout) as { runs: { results: { ruleId: string }[] }[] };
  const rules = runs.flatMap(({ results }) => results.map(({ ruleId }) => ruleId));
  expect(new Set(rules)).toEqual(
    new Set([
      "yantra/code/valid-annotation",
      "yantra/core/no-unused-suppression",
      "yantra/kubernetes/no-mutable-image",
      "yantra/kubernetes/no-unresolved-reference",
      "yantra/sql/no-drop-column",
    ]),
  );
  expect(complaintsAbout(stdout)).toEqual([]);
});
