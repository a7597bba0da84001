import type { EntityFact } from "@yantra-lint/core";
import { expect, test } from "vitest";
import { factsOf } from "../testing.ts";
import { snakeCase } from "./entities.ts";

function entities(code: string, files: Record<string, string> = {}): EntityFact[] {
  return factsOf({ ...files, "src/schema.ts": code }).filter((fact) => fact.type === "entity");
}

/** `schema.table: column? (null, database)`: `?` for optional. */
function told(code: string, files: Record<string, string> = {}): string[] {
  return entities(code, files).map(({ table, columns }) => {
    const name = table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
    const list = columns.map(({ name: column, optional, nullable, filledBy }) => {
      const said = [nullable ? "null" : undefined, filledBy].filter((word) => word !== undefined);
      return `${column}${optional ? "?" : ""}${said.length > 0 ? ` (${said.join(", ")})` : ""}`;
    });
    return `${name}: ${list.join(", ")}`;
  });
}

const DRIZZLE = `import { pgTable, pgSchema, pgTableCreator, text, serial, timestamp, uuid } from "drizzle-orm/pg-core";`;

test.each<[string, string, string[]]>([
  [
    "columns",
    `${DRIZZLE} export const orders = pgTable("orders", { id: serial("id").primaryKey(), note: text("note").notNull(), why: text() });`,
    ["orders: id? (database), note, why? (null)"],
  ],
  [
    "defaults",
    `${DRIZZLE} pgTable("t", { a: uuid().defaultRandom().notNull(), b: timestamp("b_at").notNull().defaultNow(), c: text().notNull().$defaultFn(() => "x") });`,
    ["t: a? (database), b_at? (database), c? (program)"],
  ],
  [
    "a callback",
    `${DRIZZLE} pgTable("t", (t) => ({ id: t.integer("t_id").generatedAlwaysAsIdentity() }));`,
    ["t: t_id? (database)"],
  ],
  [
    "a schema",
    `${DRIZZLE} const auth = pgSchema("auth"); auth.table("users", { id: text("id").notNull() });`,
    ["auth.users: id"],
  ],
  [
    "shared columns",
    `${DRIZZLE} const times = { made: timestamp("made_at").notNull() }; pgTable("t", { id: text().notNull(), ...times });`,
    ["t: id, made_at"],
  ],
  [
    "a prefix",
    `${DRIZZLE} const table = pgTableCreator((name) => \`app_\${name}\`); table("t", { id: text().notNull() });`,
    ["app_t: id"],
  ],
  [
    "others' tables",
    `import { mysqlTable } from "drizzle-orm/mysql-core"; import { pgTable } from "./own"; mysqlTable("t", {}); pgTable("t", { a: text() });`,
    [],
  ],
])("Drizzle: %s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});

test("Drizzle: names in snake case where the configuration says so", () => {
  const code = `${DRIZZLE} pgTable("t", { madeAt: timestamp().notNull() });`;
  expect(told(code)).toEqual(["t: madeAt"]);
  expect(told(code, { "drizzle.config.ts": `export default { casing: "snake_case" };` })).toEqual([
    "t: made_at",
  ]);
});

test("Drizzle: a table's and a column's place", () => {
  const code = `${DRIZZLE}\nexport const orders = pgTable("orders", {\n  note: text("note").notNull(),\n});\n`;
  expect(entities(code)).toMatchObject([
    {
      tool: "drizzle",
      name: "orders",
      startLine: 2,
      startColumn: 23,
      endLine: 4,
      endColumn: 3,
      columns: [{ name: "note", type: "text", startLine: 3, startColumn: 3, endLine: 3, endColumn: 31 }],
    },
  ]);
});

const TYPEORM = `import { Entity, Column, PrimaryGeneratedColumn, CreateDateColumn, DeleteDateColumn, ManyToOne, OneToMany, JoinColumn, VersionColumn } from "typeorm";`;

test.each<[string, string, string[]]>([
  [
    "names by default",
    `${TYPEORM} @Entity() export class UserAccount { @PrimaryGeneratedColumn() id: number; @Column() firstName: string; notAColumn: string; }`,
    ["user_account: id? (database), firstName"],
  ],
  [
    "a name",
    `${TYPEORM} @Entity("people") class P { @Column({ name: "first_name", nullable: true }) firstName: string | null; }`,
    ["people: first_name? (null)"],
  ],
  [
    "a schema",
    `${TYPEORM} @Entity({ name: "p", schema: "app" }) class P { @Column("text", { default: "x" }) a: string; }`,
    ["app.p: a? (database)"],
  ],
  [
    "options behind the name",
    `${TYPEORM} @Entity("p", { schema: "app" }) class P { @Column() a: string; }`,
    ["app.p: a"],
  ],
  [
    "dates and versions",
    `${TYPEORM} @Entity("p") class P { @CreateDateColumn() made: Date; @DeleteDateColumn() gone: Date; @VersionColumn() v: number; }`,
    ["p: made? (database), gone? (null), v? (program)"],
  ],
  [
    "relations",
    `${TYPEORM} @Entity("p") class P { @ManyToOne(() => U) user: U; @ManyToOne(() => T, { nullable: false }) @JoinColumn({ name: "team_id" }) team: T; @OneToMany(() => X, (x) => x.p) xs: X[]; }`,
    ["p: userId? (null), team_id"],
  ],
  [
    "a base class of the file",
    `${TYPEORM} abstract class Base { @PrimaryGeneratedColumn("uuid") id: string; } @Entity("p") class P extends Base { @Column() a: string; }`,
    ["p: id? (database), a"],
  ],
  [
    "a constant's name",
    `${TYPEORM} const TABLE = "p"; @Entity(TABLE) class P { @Column() a: string; }`,
    ["p: a"],
  ],
  [
    "a name that is not to be seen",
    `${TYPEORM} import { TABLE } from "./names"; @Entity(TABLE) class P { @Column() a: string; }`,
    [],
  ],
  [
    "an embedded class",
    `${TYPEORM} @Entity("p") class P { @Column(() => Name) name: Name; @Column() a: string; }`,
    ["p: a"],
  ],
  [
    "decorators of others",
    `import { Entity, Column } from "./own"; @Entity() class P { @Column() a: string; }`,
    [],
  ],
])("TypeORM: %s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});

test("TypeORM: the package's naming strategy and database", () => {
  const code = `${TYPEORM} @Entity() class UserAccount { @Column() firstName: string; @ManyToOne(() => T) team: T; }`;
  const snake = `{"dependencies":{"typeorm":"1","typeorm-naming-strategies":"4","pg":"8"}}`;
  expect(told(code, { "package.json": snake })).toEqual(["user_account: first_name, team_id? (null)"]);
  expect(told(code, { "package.json": `{"dependencies":{"typeorm":"1","mysql2":"3"}}` })).toEqual([]);
});

test("TypeORM: a class' and a column's place", () => {
  const code = `${TYPEORM}\n@Entity()\nexport class User {\n  @Column()\n  name: string;\n}\n`;
  expect(entities(code)).toMatchObject([
    {
      tool: "typeorm",
      name: "User",
      startLine: 3,
      startColumn: 14,
      endLine: 3,
      endColumn: 18,
      columns: [{ name: "name", startLine: 4, startColumn: 3, endLine: 5, endColumn: 16 }],
    },
  ]);
});

test.each<[string, string, string[]]>([
  [
    "a database",
    `import type { ColumnType, Generated } from "kysely"; interface PersonTable { id: Generated<number>; name: string; nick: string | null; made: ColumnType<Date, string | undefined, never>; } export interface Database { person: PersonTable; "app.pet": { id: number } }`,
    ["person: id? (database), name, nick? (null), made?", "app.pet: id"],
  ],
  [
    "the type that is passed on",
    `import { Kysely } from "kysely"; interface Person { id: number } interface Schema { person: Person } interface Database { other: Person } export const db = new Kysely<Schema>({});`,
    ["person: id"],
  ],
  [
    "tables of other files",
    `import type { Generated } from "kysely"; import type { Person } from "./person"; export interface Database { person: Person }`,
    [],
  ],
  [
    "an interface of something else",
    `interface Person { id: number } export interface Database { person: Person } // kysely`,
    [],
  ],
])("Kysely: %s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});

test("Kysely: a column's place", () => {
  const code = `import type { Generated } from "kysely";\nexport interface DB {\n  person: { id: Generated<number>; };\n}\n`;
  expect(entities(code)).toMatchObject([
    {
      tool: "kysely",
      startLine: 3,
      startColumn: 3,
      columns: [{ name: "id", startLine: 3, startColumn: 13, endColumn: 35 }],
    },
  ]);
});

test.each([
  ["UserAccount", "user_account"],
  ["HTTPServer", "http_server"],
  ["madeAt", "made_at"],
  ["a1B", "a1_b"],
])("%s is %s, as TypeORM has it", (name, expected) => {
  expect(snakeCase(name)).toBe(expected);
});
