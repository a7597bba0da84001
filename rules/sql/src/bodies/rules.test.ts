/** That rules meet the statements of a DO block, each at its own place, with the comments inside the block. */
import { describe } from "vitest";
import noConcurrently from "../rules/no-concurrently-in-transaction.ts";
import noDropColumn from "../rules/no-drop-column.ts";
import noRequiredColumn from "../rules/no-required-column-without-default.ts";
import noSetNotNull from "../rules/no-set-not-null.ts";
import requireConcurrent from "../rules/require-concurrent-index.ts";
import { given, sqlRuleTester } from "../testing.ts";

const block = (...lines: string[]): string => `DO $$\nBEGIN\n${lines.join("\n")}\nEND\n$$;`;
const history = given({ history: ["CREATE TABLE t (a int, b int)"] });

describe("rules inside DO blocks", () => {
  sqlRuleTester().run("no-drop-column", noDropColumn, {
    valid: [
      {
        name: "confirmed above the statement inside the block",
        code: block("  -- @yantra-phase contract after=v1", "  ALTER TABLE t DROP COLUMN a;"),
        ...history,
      },
      {
        name: "confirmed above the block",
        code: `-- @yantra-phase contract after=v1\n${block("  ALTER TABLE t DROP COLUMN a;")}`,
        ...history,
      },
      {
        name: "a column that is not there is not dropped",
        code: block(
          "  IF EXISTS (SELECT FROM information_schema.columns WHERE column_name = 'z') THEN",
          "    ALTER TABLE t DROP COLUMN z;",
          "  END IF;",
        ),
        ...history,
      },
    ],
    invalid: [
      {
        name: "under a condition, too",
        code: block("  IF random() > 0.5 THEN", "    ALTER TABLE t DROP COLUMN a, DROP b;", "  END IF;"),
        ...history,
        errors: [
          { messageId: "dropped", line: 4, column: 19, endLine: 4, endColumn: 32 },
          { messageId: "dropped", line: 4, column: 34, endLine: 4, endColumn: 40 },
        ],
      },
      {
        name: "in a text that is executed",
        code: block(
          "  EXECUTE 'ALTER TABLE t DROP COLUMN ' || 'a';",
          "  EXECUTE $x$ALTER TABLE t DROP b$x$;",
        ),
        ...history,
        errors: [
          { messageId: "dropped", line: 3, column: 11, endLine: 3, endColumn: 46 },
          { messageId: "dropped", line: 4, column: 28, endLine: 4, endColumn: 34 },
        ],
      },
    ],
  });

  sqlRuleTester().run("require-concurrent-index", requireConcurrent, {
    valid: [
      {
        name: "of a table that the block has made",
        code: block("  CREATE TABLE u (a int);", "  CREATE INDEX i ON u (a);"),
        ...history,
      },
    ],
    invalid: [
      {
        name: "guarded by hand",
        code: block("  IF to_regclass('i') IS NULL THEN", "    CREATE INDEX i ON t (a);", "  END IF;"),
        ...history,
        errors: [{ messageId: "inTransaction", line: 4, column: 5, endLine: 4, endColumn: 28 }],
      },
    ],
  });

  sqlRuleTester().run("no-concurrently-in-transaction", noConcurrently, {
    valid: [],
    invalid: [
      {
        name: "a block is a transaction",
        code: block("  CREATE INDEX CONCURRENTLY i ON t (a);"),
        ...given({ migration: { transactional: false } }),
        errors: [{ messageId: "inBody", line: 3, column: 3, endLine: 3, endColumn: 39 }],
      },
    ],
  });

  sqlRuleTester().run("no-set-not-null", noSetNotNull, {
    valid: [],
    invalid: [
      {
        code: block("  ALTER TABLE t ALTER a SET NOT NULL;"),
        ...history,
        errors: [{ messageId: "scans", line: 3, column: 17, endLine: 3, endColumn: 37 }],
      },
    ],
  });

  sqlRuleTester().run("no-required-column-without-default", noRequiredColumn, {
    valid: [],
    invalid: [
      {
        name: "passed over when it is there",
        code: block(
          "  BEGIN",
          "    ALTER TABLE t ADD c int NOT NULL;",
          "  EXCEPTION WHEN duplicate_column THEN NULL;",
          "  END;",
        ),
        ...history,
        errors: [{ messageId: "required", line: 4, column: 19, endLine: 4, endColumn: 37 }],
      },
    ],
  });
});
