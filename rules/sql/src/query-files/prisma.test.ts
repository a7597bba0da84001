import { DEFAULT_SETTINGS } from "@yantra-lint/core";
import { expect, test } from "vitest";
import { recogniseSql } from "./index.ts";
import { prismaEntities } from "./prisma.ts";

function kindOf(path: string, text: string, files: Record<string, string> = {}): string | undefined {
  const neighbour = (other: string): string | undefined => files[other];
  return recogniseSql({ path, text, named: false, neighbour, settings: DEFAULT_SETTINGS })?.name;
}

/** `schema.table: column? (null, program)`: `?` for optional. */
function told(text: string): string[] {
  return prismaEntities(text).map(({ table, columns }) => {
    const name = table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
    const list = columns.map(({ name: column, optional, nullable, filledBy }) => {
      const said = [nullable ? "null" : undefined, filledBy].filter((word) => word !== undefined);
      return `${column}${optional ? "?" : ""}${said.length > 0 ? ` (${said.join(", ")})` : ""}`;
    });
    return `${name}: ${list.join(", ")}`;
  });
}

const model = (...fields: string[]): string =>
  `model User {\n${fields.map((field) => `  ${field}\n`).join("")}}\n`;
const datasource = (provider: string): string =>
  `datasource db {\n  provider = "${provider}"\n  url = env("X")\n}\n`;

test.each<[string, string, string[]]>([
  ["columns", model("id Int @id", "name String", "nick String?"), ["User: id, name, nick? (null)"]],
  [
    "names",
    model(
      'id Int @id @map("user_id")',
      'at DateTime @map(name: "made_at")',
      "",
      '@@map("users")',
      '@@schema("app")',
    ),
    ["app.users: user_id, made_at"],
  ],
  [
    "who fills in",
    model(
      "a Int @id @default(autoincrement())",
      "b String @default(cuid())",
      "c DateTime @updatedAt",
      'd String @default(dbgenerated("gen()")) @db.Uuid',
      "e Boolean @default(false)",
    ),
    ["User: a? (database), b? (program), c? (program), d? (database), e? (program)"],
  ],
  ["lists", model("a String[]", "b Int[] @default([])"), ["User: a? (null), b? (program)"]],
  [
    "enums are columns, models are relations",
    `enum Role {\n  ADMIN\n  USER\n}\nmodel Post {\n  id Int @id\n}\n${model("role Role", "roles Role[]", "posts Post[]", "post Post? @relation(fields: [postId], references: [id])", "other Post?", "postId Int?")}`,
    ["Post: id", "User: role, roles? (null), postId? (null)"],
  ],
  ["an enum of another file", model("role Role @default(USER)", "team Team?"), ["User: role? (program)"]],
  [
    "comments, and texts that look like them",
    model("// a Int", "/// b Int", 'c String @default("//") // d', "e String // } "),
    ["User: c? (program), e"],
  ],
  [
    "what the client leaves out",
    `${model("a Int @id", 'b Unsupported("tsvector")?', "c Int @ignore")}model Gone {\n  id Int @id\n  @@ignore\n}\n`,
    ["User: a"],
  ],
  ["views", "view Info {\n  id Int @unique\n}\n", ["Info: id"]],
  [
    "attributes over several lines",
    model("a Int @id", "b Int", "@@index([", "a,", "b", "])"),
    ["User: a, b"],
  ],
  [
    "Windows' line ends",
    "model User {\r\n  id Int @id\r\n  name String?\r\n}\r\n",
    ["User: id, name? (null)"],
  ],
  ["composite types are no tables", "type Address {\n  street String\n}\n", []],
])("%s", (_, text, expected) => {
  expect(told(text)).toEqual(expected);
});

test("a model's and a field's place", () => {
  expect(prismaEntities("model User {\n  id   Int @id // first\n}\n")).toMatchObject([
    {
      name: "User",
      startLine: 1,
      startColumn: 7,
      endLine: 1,
      endColumn: 11,
      columns: [{ name: "id", type: "Int", startLine: 2, startColumn: 3, endLine: 2, endColumn: 15 }],
    },
  ]);
});

test.each<[string, string, Record<string, string>, string | undefined]>([
  ["prisma/schema.prisma", datasource("postgresql") + model("id Int @id"), {}, "prisma"],
  ["prisma/schema.prisma", datasource("mysql") + model("id Int @id"), {}, undefined],
  ["prisma/schema.prisma", datasource("cockroachdb") + model("id Int @id"), {}, undefined],
  [
    "prisma/models/user.prisma",
    model("id Int @id"),
    { "prisma/schema.prisma": datasource("sqlite") },
    undefined,
  ],
  [
    "prisma/models/user.prisma",
    model("id Int @id"),
    { "prisma/schema.prisma": datasource("postgresql") },
    "prisma",
  ],
  ["prisma/datasource.prisma", datasource("postgresql"), {}, undefined],
  ["node_modules/a/schema.prisma", datasource("postgresql") + model("id Int @id"), {}, undefined],
])("%s with %j and %j is %s", (path, text, files, expected) => {
  expect(kindOf(path, text, files)).toBe(expected);
});

test("hostile input ends soon", () => {
  const started = performance.now();
  prismaEntities(`model A {\n${`  a String @default("${"\\\\".repeat(500)}\n`.repeat(500)}`);
  prismaEntities("model A {\n".repeat(50_000));
  prismaEntities(`model A {\n  a ${"x".repeat(500_000)} ${"@".repeat(500_000)}\n}`);
  kindOf("a.prisma", `datasource db {${" ".repeat(500_000)}`);
  expect(performance.now() - started).toBeLessThan(3000);
});
