import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-rename-enum-value.ts";

const code = "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';";

sqlRuleTester().run("no-rename-enum-value", rule, {
  valid: [
    "ALTER TYPE mood ADD VALUE 'blue';",
    "ALTER TYPE mood RENAME TO feeling;",
    { name: "of a type that the file makes", code: `CREATE TYPE mood AS ENUM ('sad'); ${code}` },
    {
      name: "of a type that the file makes under another name",
      code: `CREATE TYPE feeling AS ENUM ('sad'); ALTER TYPE feeling RENAME TO mood; ${code}`,
    },
    {
      name: "of a type that takes the place of one without the value",
      code: `ALTER TYPE mood RENAME TO old; CREATE TYPE mood AS ENUM ('sad'); ${code}`,
      ...given({ history: ["CREATE TYPE mood AS ENUM ('glad')"] }),
    },
    `-- @yantra-phase contract after=v2.4.0\n${code}`,
    { code, ...given({ migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      code,
      errors: [
        {
          messageId: "renamed",
          data: { type: "mood", from: "sad", to: "blue" },
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 45,
        },
      ],
    },
    {
      name: "of a type that takes the place of one with the value",
      code: `ALTER TYPE mood RENAME TO old;\nCREATE TYPE mood AS ENUM ('sad', 'glad');\n${code}`,
      ...given({ history: ["CREATE TYPE mood AS ENUM ('sad')"] }),
      errors: [
        {
          messageId: "renamed",
          data: { type: "mood", from: "sad", to: "blue" },
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 45,
        },
      ],
    },
    {
      name: "of a type of another name",
      code: `CREATE TYPE mood AS ENUM ('sad');\nALTER TYPE shop."Mood" RENAME VALUE 'sad' TO 'it''s';`,
      errors: [
        {
          messageId: "renamed",
          data: { type: 'shop."Mood"', from: "sad", to: "it's" },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 53,
        },
      ],
    },
  ],
});
