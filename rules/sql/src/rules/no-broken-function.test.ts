import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-broken-function.ts";

const TABLES =
  "CREATE TABLE orders (id int, total int, note text); CREATE TABLE log (order_id int, total int);";
const TOTAL_OF =
  "CREATE FUNCTION total_of(wanted int) RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN (SELECT o.total FROM orders o WHERE o.id = wanted); END$$;";
const KEEP_TOTAL =
  "CREATE FUNCTION keep_total() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO log (order_id, total) VALUES (NEW.id, NEW.total); RETURN NEW; END$$;";
const FIRE =
  "CREATE TRIGGER keep_total AFTER INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION keep_total();";

const after = (...history: string[]) => given({ history: [TABLES, ...history] });

sqlRuleTester().run("no-broken-function", rule, {
  valid: [
    { code: "ALTER TABLE orders DROP COLUMN note;", ...after(TOTAL_OF, KEEP_TOTAL + FIRE) },
    // The same column of another table.
    { code: "ALTER TABLE log DROP COLUMN total;", ...after(TOTAL_OF) },
    // A trigger's function that no trigger calls, or none any more.
    { code: "ALTER TABLE orders DROP COLUMN total;", ...after(KEEP_TOTAL) },
    {
      code: "ALTER TABLE orders DROP COLUMN total; DROP TRIGGER keep_total ON orders;",
      ...after(KEEP_TOTAL + FIRE),
    },
    { code: "DROP TABLE orders CASCADE;", ...after(KEEP_TOTAL + FIRE) },
    // Replaced or dropped in the same file, before or after.
    { code: `DROP FUNCTION total_of(int); ALTER TABLE orders DROP COLUMN total;`, ...after(TOTAL_OF) },
    { code: `ALTER TABLE orders DROP COLUMN total; DROP FUNCTION total_of;`, ...after(TOTAL_OF) },
    {
      code: "ALTER TABLE orders RENAME total TO amount; CREATE OR REPLACE FUNCTION total_of(wanted int) RETURNS int LANGUAGE sql AS 'SELECT amount FROM orders WHERE id = wanted';",
      ...after(TOTAL_OF),
    },
    // Something takes the name.
    {
      code: "ALTER TABLE orders DROP COLUMN total; ALTER TABLE orders ADD COLUMN total bigint;",
      ...after(TOTAL_OF),
    },
    {
      code: "ALTER TABLE orders RENAME TO orders_v1; CREATE VIEW orders AS SELECT * FROM orders_v1;",
      ...after(TOTAL_OF),
    },
    // PostgreSQL holds what these use: the rename is followed.
    {
      code: "ALTER TABLE orders RENAME total TO amount;",
      ...after("CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT sum(total) FROM orders; END;"),
    },
    // It goes with the type of the table's rows.
    {
      code: "DROP TABLE orders CASCADE;",
      ...after("CREATE FUNCTION f() RETURNS SETOF orders LANGUAGE sql AS 'SELECT * FROM orders';"),
    },
    // What is put together as it runs is not known.
    {
      code: "ALTER TABLE orders DROP COLUMN total;",
      ...after(
        "CREATE FUNCTION f(c text) RETURNS void LANGUAGE plpgsql AS $$BEGIN EXECUTE 'SELECT total FROM ' || c; END$$;",
      ),
    },
    {
      code: "ALTER TABLE orders DROP COLUMN total;",
      ...given({ history: [TABLES, TOTAL_OF], migration: { direction: "down" } }),
    },
  ],
  invalid: [
    {
      name: "a column that a function reads",
      code: "ALTER TABLE orders\n  DROP COLUMN total;",
      ...after(TOTAL_OF),
      errors: [
        {
          messageId: "called",
          data: {
            function: "total_of",
            file: "history/1",
            lost: "orders.total",
            change: "dropped",
            later: "",
            error: 'column "total" does not exist',
          },
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 20,
        },
      ],
    },
    {
      name: "a column of NEW",
      code: "ALTER TABLE orders RENAME COLUMN total TO amount;",
      ...after(KEEP_TOTAL + FIRE),
      errors: [
        {
          messageId: "fired",
          data: {
            function: "keep_total",
            file: "history/1",
            lost: "orders.total",
            change: "renamed to amount",
            statements: "every INSERT or UPDATE of orders that fires it",
            later: "",
            error: 'record "new" has no field "total"',
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 49,
        },
      ],
    },
    {
      name: "the table that a trigger writes to",
      code: "DROP TABLE log;",
      ...after(KEEP_TOTAL + FIRE),
      errors: [
        {
          messageId: "fired",
          data: {
            function: "keep_total",
            file: "history/1",
            lost: "table log",
            change: "dropped",
            statements: "every INSERT or UPDATE of orders that fires it",
            later: "",
            error: 'relation "log" does not exist',
          },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 15,
        },
      ],
    },
    {
      name: "a function of the same file, and a rename inside a DO block",
      code: `CREATE FUNCTION billing.f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders';\nDO $$\nBEGIN\n  ALTER TABLE orders RENAME TO purchases;\nEND $$;`,
      ...after(),
      errors: [
        {
          messageId: "called",
          data: {
            function: "billing.f",
            file: "this file",
            lost: "table orders",
            change: "renamed to purchases",
            later: "",
            error: 'relation "orders" does not exist',
          },
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 41,
        },
      ],
    },
    {
      name: "all pending migrations may share one transaction",
      code: "DROP TABLE orders;",
      ...given({
        history: [TABLES, TOTAL_OF],
        migration: { runner: "node-pg-migrate", transactional: true, span: "run" },
      }),
      errors: [
        {
          message:
            'The function total_of, made in history/1, still uses table orders, which is dropped here. PostgreSQL does not look into its body, so that the migration goes through; then every call that comes to that statement fails with `relation "orders" does not exist`, until a migration replaces the function (when one does so in the same run, which is one transaction here, nothing fails). Replace it in this migration with CREATE OR REPLACE FUNCTION, or drop it.',
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 18,
        },
      ],
    },
  ],
});
