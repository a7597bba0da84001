import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-blocking-type-change.ts";

const alter = (type: string): string => `ALTER TABLE t ALTER COLUMN a TYPE ${type};`;
const was = (type: string) => given({ history: [`CREATE TABLE t (a ${type}, b int)`] });

/** Where `alter` reports: from ALTER COLUMN to the end of the statement. */
const place = (type: string) => ({ line: 1, column: 15, endLine: 1, endColumn: 34 + type.length + 1 });

const free: [from: string, to: string][] = [
  ["varchar(10)", "varchar(10)"],
  ["varchar(10)", "varchar(20)"],
  ["varchar(10)", "varchar"],
  ["varchar(10)", "text"],
  ["varchar", "text"],
  ["text", "varchar"],
  ["xml", "text"],
  ["numeric(10,2)", "numeric(12,2)"],
  ["numeric(10,2)", "numeric"],
  ["timestamp", "timestamp(6)"],
  ["timestamp(3)", "timestamp"],
  ["time(3)", "time(6)"],
  ["varbit(5)", "varbit(10)"],
  ["cidr", "inet"],
  ["varchar(10)[]", "varchar[]"],
  ["bigserial", "bigint"],
  ["varchar(10)", "text USING a"],
  ["varchar(10)", "text USING (a)::text"],
  ["varchar(10)", "varchar(20) USING CAST(a AS varchar(15))"],
  ["mood", "mood"],
];

const rewriting: [from: string, to: string, canonicalFrom?: string, canonicalTo?: string][] = [
  ["integer", "bigint"],
  ["bigint", "integer"],
  ["character(10)", "text"],
  ["numeric(10,2)", "numeric(12,4)"],
  ["numeric(10,2)", "numeric(8,2)"],
  ["numeric", "numeric(10,2)"],
  ["timestamp", "timestamp(3)", "timestamp without time zone", "timestamp(3) without time zone"],
  ["timestamp", "timestamptz(3)", "timestamp without time zone", "timestamp(3) with time zone"],
  ["varchar(10)[]", "text[]", "character varying(10)[]"],
  ["json", "jsonb"],
  ["text", "text[]"],
];

sqlRuleTester().run("no-blocking-type-change", rule, {
  valid: [
    ...free.map(([from, to]) => ({ name: `${from} -> ${to}`, code: alter(to), ...was(from) })),
    ...["text", "varchar(20)", "numeric(10,2)", "timestamptz", "mood"].map((to) => ({
      name: `from a type that is not known to ${to}, which may leave the rows as they are`,
      code: alter(to),
    })),
    { name: "a table that this file has emptied", code: `TRUNCATE t; ${alter("bigint")}`, ...was("integer") },
    { name: "types of extensions", code: alter("citext"), ...was("text") },
    { name: "one of which nothing is known", code: alter("geometry(Point,4326)"), ...was("geometry") },
    `CREATE TABLE t (a int); INSERT INTO t VALUES (1); ${alter("bigint")}`,
    {
      name: "nobody else sees the table",
      code: `CREATE TABLE t AS SELECT * FROM u; ${alter("bigint")}`,
      ...given({ migration: { transactional: true } }),
    },
    `CREATE TEMP TABLE t AS SELECT * FROM u; ${alter("bigint")}`,
    { code: alter("bigint"), ...given({ migration: { direction: "down" } }) },
    ...["SET timezone = 'UTC'", "SET LOCAL timezone TO 'Etc/UTC'", "SET TIME ZONE 'UTC'"].map((set) => ({
      name: `${set}: the values are stored alike`,
      code: `${set}; ${alter("timestamptz")}`,
      languageOptions: {
        ...was("timestamp").languageOptions,
        ...given({ migration: { transactional: true } }).languageOptions,
      },
    })),
  ],
  invalid: [
    ...rewriting.map(([from, to, canonicalFrom = from, canonicalTo = to]) => ({
      name: `${from} -> ${to}`,
      code: alter(to),
      ...was(from),
      errors: [
        {
          messageId: "rewrites" as const,
          data: { table: "t", column: "a", from: canonicalFrom, to: canonicalTo, others: "", commit: "" },
          ...place(to),
        },
      ],
    })),
    ...["varchar(20)", "text", "varchar"].map((from) => ({
      name: `a check does for fewer characters: ${from}`,
      code: alter("varchar(5)"),
      ...was(from),
      errors: [
        {
          messageId: "shortens" as const,
          data: {
            table: "t",
            column: "a",
            from: from.replace("varchar", "character varying"),
            to: "character varying(5)",
            length: "5",
            others: "",
            commit: "",
          },
          ...place("varchar(5)"),
        },
      ],
    })),
    ...[
      "text USING trim(a)",
      "text USING a || b",
      "text USING b",
      "varchar(20) USING a::varchar(5)",
      "varchar(20) USING a::text::varchar(20)",
    ].map((to) => ({
      name: `a value for each row: ${to}`,
      code: alter(to),
      ...was("varchar(10)"),
      errors: [
        {
          messageId: "computes" as const,
          data: {
            table: "t",
            column: "a",
            to: to.startsWith("text") ? "text" : "character varying(20)",
            others: "",
            commit: "",
          },
          ...place(to),
        },
      ],
    })),
    {
      name: "computed also where the old type is not known",
      code: alter("timestamptz USING a AT TIME ZONE 'UTC'"),
      errors: [
        {
          messageId: "computes",
          data: { table: "t", column: "a", to: "timestamp with time zone", others: "", commit: "" },
          ...place("timestamptz USING a AT TIME ZONE 'UTC'"),
        },
      ],
    },
    ...["", "SET timezone = 'Europe/Paris'; ", "SET timezone = 'UTC'; RESET timezone; "].map((set) => ({
      name: `an unknown or another time zone: ${set}`,
      code: `${set}${alter("timestamptz")}`,
      ...was("timestamp"),
      errors: [
        {
          messageId: "unlessUtc" as const,
          data: {
            table: "t",
            column: "a",
            from: "timestamp without time zone",
            to: "timestamp with time zone",
            others: "",
            commit: "",
          },
          line: 1,
          column: 15 + set.length,
          endLine: 1,
          endColumn: 46 + set.length,
        },
      ],
    })),
    {
      name: "SET LOCAL of another transaction",
      code: `BEGIN; SET LOCAL timezone = 'UTC'; COMMIT;\n${alter("timestamptz")}`,
      languageOptions: {
        ...was("timestamp").languageOptions,
        ...given({ migration: { transactional: false } }).languageOptions,
      },
      errors: [
        {
          messageId: "unlessUtc",
          data: {
            table: "t",
            column: "a",
            from: "timestamp without time zone",
            to: "timestamp with time zone",
            others: "",
            commit: "",
          },
          ...place("timestamptz"),
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "a type that may be an enum or a domain",
      code: alter("mood USING a::mood"),
      ...was("text"),
      errors: [
        {
          messageId: "unlessDomain",
          data: { table: "t", column: "a", from: "text", to: "mood", others: "", commit: "" },
          ...place("mood USING a::mood"),
        },
      ],
    },
    {
      name: "an enum of this file",
      code: `CREATE TYPE s.mood AS ENUM ('a');\n${alter("s.mood USING a::s.mood")}`,
      ...was("text"),
      errors: [
        {
          messageId: "rewrites",
          data: { table: "t", column: "a", from: "text", to: "s.mood", others: "", commit: "" },
          ...place("s.mood USING a::s.mood"),
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "an enum made anew, under its old name",
      code: `ALTER TYPE mood RENAME TO old_mood; CREATE TYPE mood AS ENUM ('a');\n${alter("mood USING a::text::mood")}`,
      ...was("mood"),
      errors: [
        {
          messageId: "computes",
          data: { table: "t", column: "a", to: "mood", others: "", commit: "" },
          ...place("mood USING a::text::mood"),
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "an enum made anew with more values, which can be added to the old one",
      code: `ALTER TYPE mood RENAME TO old_mood; CREATE TYPE mood AS ENUM ('a', 'b', 'c');\n${alter("mood USING a::text::mood")}`,
      ...given({ history: ["CREATE TYPE mood AS ENUM ('a', 'c'); CREATE TABLE t (a mood)"] }),
      errors: [
        {
          messageId: "addsValues",
          data: { table: "t", column: "a", to: "mood", type: "mood", values: "'b'", others: "", commit: "" },
          ...place("mood USING a::text::mood"),
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "an enum made anew in another order, which no ADD VALUE gives",
      code: `ALTER TYPE mood RENAME TO old_mood; CREATE TYPE mood AS ENUM ('c', 'a', 'b');\n${alter("mood USING a::text::mood")}`,
      ...given({ history: ["CREATE TYPE mood AS ENUM ('a', 'c'); CREATE TABLE t (a mood)"] }),
      errors: [
        {
          messageId: "computes",
          data: { table: "t", column: "a", to: "mood", others: "", commit: "" },
          ...place("mood USING a::text::mood"),
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "a type that hardly another one is stored alike with",
      code: "ALTER TABLE shop.t\n  ALTER a TYPE bigint,\n  ALTER COLUMN b SET DATA TYPE jsonb USING b::jsonb;",
      errors: [
        {
          messageId: "unlessSame",
          data: {
            table: "shop.t",
            column: "a",
            to: "bigint",
            others: " The same statement changes b to jsonb as well, in the same rewrite.",
            commit: "",
          },
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 22,
        },
      ],
    },
    {
      name: "filled in the same file, outside a transaction",
      code: `CREATE TABLE t (a int); INSERT INTO t SELECT * FROM u;\n${alter("bigint")}`,
      ...given({ migration: { transactional: false } }),
      errors: [
        {
          messageId: "rewrites",
          data: { table: "t", column: "a", from: "integer", to: "bigint", others: "", commit: "" },
          ...place("bigint"),
          line: 2,
          endLine: 2,
        },
      ],
    },
    {
      name: "the lock is held until the transaction commits",
      code: "BEGIN; ALTER TABLE t ALTER COLUMN a TYPE bigint; DROP TABLE w; COMMIT;",
      ...given({ history: ["CREATE TABLE t (a int)"] }),
      errors: [
        {
          messageId: "rewrites",
          data: {
            table: "t",
            column: "a",
            from: "integer",
            to: "bigint",
            others: "",
            commit: " and the transaction has committed, 1 statement later",
          },
          line: 1,
          column: 22,
          endLine: 1,
          endColumn: 48,
        },
      ],
    },
  ],
});
