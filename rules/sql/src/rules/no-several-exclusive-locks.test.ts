import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-several-exclusive-locks.ts";

const one = given({ migration: { transactional: true } });
const add = "ALTER TABLE t ADD COLUMN a int;";

sqlRuleTester().run("no-several-exclusive-locks", rule, {
  valid: [
    {
      name: "one table",
      code: `${add} ALTER TABLE public.t ADD COLUMN b int; ALTER TABLE t DROP COLUMN c;`,
      ...one,
    },
    {
      name: "one after the other",
      code: `BEGIN; ${add} COMMIT; BEGIN; ALTER TABLE u ADD COLUMN b int; COMMIT;`,
    },
    { name: "nobody knows", code: `${add} ALTER TABLE u ADD COLUMN b int;` },
    { name: "locks that let reads pass", code: `${add} CREATE INDEX i ON u (a);`, ...one },
    {
      name: "a table that nobody sees yet",
      code: `${add} CREATE TABLE u (a int); ALTER TABLE u ADD b int;`,
      ...one,
    },
    {
      code: `${add} ALTER TABLE u ADD COLUMN b int;`,
      ...given({ migration: { transactional: true, direction: "down" } }),
    },
  ],
  invalid: [
    {
      name: "one finding for a transaction",
      code: `${add}\nALTER TABLE shop.u ADD COLUMN b int;\nTRUNCATE w;`,
      ...one,
      errors: [
        {
          messageId: "several",
          data: { table: "shop.u", held: "t", line: "1" },
          line: 2,
          column: 20,
          endLine: 2,
          endColumn: 36,
        },
      ],
    },
    {
      name: "of the file's own",
      code: `BEGIN;\n${add}\nALTER TABLE u ADD COLUMN b int;\nCOMMIT;`,
      errors: [
        {
          messageId: "several",
          data: { table: "u", held: "t", line: "2" },
          line: 3,
          column: 15,
          endLine: 3,
          endColumn: 31,
        },
      ],
    },
  ],
});
