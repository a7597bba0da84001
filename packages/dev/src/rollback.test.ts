import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { compareRollbacks, type RoundTrip, type Stream, verdictOf } from "./rollback.ts";

/** The first migration, and further ones that build on it: each with its way down, and what is expected of it. */
const FIRST = [
  "CREATE TABLE a (id int PRIMARY KEY, note varchar, day timestamp, CONSTRAINT pair UNIQUE (id, note));\nCREATE INDEX days ON a (date(day));\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE TYPE mood AS ENUM ('glad');",
  "DROP FUNCTION f;\nDROP TYPE mood;\nDROP TABLE a;",
];

/** `told`: a word of what the rule says. `differs`: what PostgreSQL finds that the rule has to tell of. */
const FURTHER: { up: string; down: string; verdict: string; told?: string; differs?: string[] }[] = [
  { up: "CREATE TABLE b (id serial);", down: "DROP TABLE b;", verdict: "agree" },
  {
    up: "ALTER TABLE a ADD c int, ADD d int;",
    down: "ALTER TABLE a DROP c;",
    verdict: "agree",
    told: "column a.d is left",
    differs: ["column public.a.d"],
  },
  {
    up: "CREATE INDEX CONCURRENTLY i ON a (note);",
    down: "DROP INDEX CONCURRENTLY i;",
    verdict: "agree",
  },
  {
    up: "ALTER TABLE a DROP CONSTRAINT pair;",
    down: "ALTER TABLE a ADD CONSTRAINT pair UNIQUE (id, note);",
    verdict: "agree",
  },
  {
    up: "CREATE TABLE e (id int, f int);\nCREATE TABLE g (id int);",
    down: "DROP TABLE e;",
    verdict: "agree",
    told: "table g is left",
    differs: ["table public.g", "column public.g.id"],
  },
  {
    up: "ALTER TYPE mood ADD VALUE 'sad';",
    down: "SELECT 1;",
    verdict: "explained",
  },
  {
    up: "ALTER TABLE a ALTER day TYPE date;",
    down: "ALTER TABLE a ALTER day TYPE timestamp;",
    verdict: "explained",
  },
  {
    up: "ALTER TABLE a ALTER note TYPE varchar(9);",
    down: "ALTER TABLE a ALTER note TYPE text;",
    verdict: "explained",
  },
  {
    up: "ALTER TABLE e DROP id;",
    down: "ALTER TABLE e ADD id int;",
    verdict: "explained",
  },
  {
    up: "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
    down: "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS 'select  1 -- one';",
    verdict: "explained",
  },
  {
    up: "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 3';",
    down: "SELECT 1;",
    verdict: "agree",
    told: "function f does something else",
    differs: ["function public.f()"],
  },
  { up: "COMMENT ON TABLE e IS 'x';", down: "SELECT 1;", verdict: "explained" },
  {
    up: "CREATE TABLE h (id int);",
    down: "-- nothing",
    verdict: "explained",
    differs: ["table public.h", "column public.h.id"],
  },
  {
    up: "-- @yantra-risk high -- it is gone\nDROP TABLE h;",
    down: "SELECT 1;",
    verdict: "explained",
    differs: ["table public.h", "column public.h.id"],
  },
  {
    up: "CREATE TABLE k (id int);",
    down: "SELECT nothing;\nDROP TABLE k;",
    verdict: "server",
  },
  {
    up: "ALTER TABLE k SET (fillfactor = 50);",
    down: "SELECT 1;",
    verdict: "server",
    differs: ["table public.k"],
  },
  {
    up: "CREATE UNIQUE INDEX ids ON k (id) WHERE id > 0;",
    down: "DROP INDEX ids;",
    verdict: "agree",
  },
  {
    up: "DROP INDEX ids;",
    down: "CREATE UNIQUE INDEX ids ON k (id);",
    verdict: "agree",
    told: "index ids of k has lost its WHERE",
    differs: ["index public.ids"],
  },
  {
    up: "CREATE INDEX low ON a (lower(note)) WHERE id > 0;",
    down: "DROP INDEX low;",
    verdict: "agree",
  },
  {
    up: "DROP INDEX low;",
    down: "CREATE INDEX low ON a (upper(note)) WHERE id > 1;",
    verdict: "explained",
  },
  {
    up: "CREATE SCHEMA IF NOT EXISTS s;",
    down: "SELECT 1;",
    verdict: "explained",
  },
  {
    up: "DROP TABLE IF EXISTS old;\nALTER TABLE k DROP COLUMN IF EXISTS old;\nDROP INDEX IF EXISTS oldest;",
    down: "CREATE TABLE old (id serial PRIMARY KEY, note text);\nCREATE INDEX notes ON old (note);\nALTER TABLE k ADD old int;\nCREATE INDEX oldest ON k (id);",
    verdict: "explained",
  },
  {
    up: "DROP TABLE IF EXISTS m;\nCREATE TABLE m (id int);",
    down: "SELECT 1;",
    verdict: "agree",
    told: "table m is left",
    differs: ["table public.m", "column public.m.id"],
  },
  {
    up: "CREATE INDEX x ON m (id);\nCREATE INDEX y ON m (id);",
    down: "DROP INDEX CONCURRENTLY x, y;",
    verdict: "agree",
    told: "This way down stops here",
  },
  { up: "ALTER TABLE m ADD n int NOT NULL;", down: "ALTER TABLE m DROP n;", verdict: "agree" },
  {
    up: "ALTER TABLE m DROP n;",
    down: "ALTER TABLE m ADD n int NOT NULL DEFAULT 0;",
    verdict: "explained",
  },
];

const FAILING = ["ALTER TABLE elsewhere ADD a int;", "SELECT 1;"];

let repository: string;
let streams: Stream[];

function fileOf(index: number, direction: string): string {
  return `migrations/${String(index).padStart(4, "0")}_step.${direction}.sql`;
}

function write(index: number, [up = "", down = ""]: readonly string[]): void {
  writeFileSync(path.join(repository, fileOf(index, "up")), `${up}\n`);
  writeFileSync(path.join(repository, fileOf(index, "down")), `${down}\n`);
}

beforeAll(async () => {
  repository = mkdtempSync(path.join(tmpdir(), "yantra-rollback-"));
  mkdirSync(path.join(repository, "migrations"));
  write(1, FIRST);
  for (const [index, { up, down }] of FURTHER.entries()) write(index + 2, [up, down]);
  write(FURTHER.length + 2, FAILING);
  streams = await compareRollbacks(repository);
});

afterAll(() => {
  rmSync(repository, { recursive: true });
});

function tripOf(index: number): RoundTrip | undefined {
  return streams[0]?.trips.find((trip) => trip.path === fileOf(index, "down"));
}

describe("compareRollbacks", () => {
  it("goes through one stream in its order, and tells what did not run", () => {
    expect(streams).toHaveLength(1);
    expect(streams[0]?.trips).toHaveLength(FURTHER.length + 1);
    expect(streams[0]?.failed).toEqual([
      {
        path: fileOf(FURTHER.length + 2, "up"),
        why: 'relation "elsewhere" does not exist: ALTER TABLE elsewhere ADD a int',
      },
    ]);
  });

  test.each(FURTHER.map((each, index) => ({ ...each, index: index + 2 })))(
    "$verdict: $up",
    ({ index, verdict, told, differs = [] }) => {
      const trip = tripOf(index);
      const other = trip?.differences.filter(({ reason }) => reason === undefined).map(({ what }) => what);
      expect(trip && verdictOf(trip)).toBe(verdict);
      expect(other).toEqual(differs);
      if (told === undefined) expect(trip?.told).toBeUndefined();
      else expect(trip?.told).toContain(told);
    },
  );

  it("tells why a way down does not run", () => {
    const trip = tripOf(FURTHER.findIndex(({ down }) => down.includes("nothing;")) + 2);
    expect(trip?.refusal).toBe('column "nothing" does not exist: SELECT nothing');
  });

  it("leaves no trace of a way down that stops half way", () => {
    // Each of the others is compared with what the ways up alone have made, this one's table among it.
    const trip = tripOf(FURTHER.findIndex(({ up }) => up.includes("fillfactor")) + 2);
    expect(trip?.differences.map(({ what, before }) => ({ what, before }))).toEqual([
      { what: "table public.k", before: "r p" },
    ]);
  });

  it("runs a way up without a transaction where the runner does", async () => {
    const other = mkdtempSync(path.join(tmpdir(), "yantra-rollback-"));
    mkdirSync(path.join(other, "migrations"));
    const goose = (up: string, down: string): string => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`;
    const first = goose(
      "CREATE TYPE mood AS ENUM ('glad');\nCREATE TABLE a (m mood);",
      "DROP TABLE a;\nDROP TYPE mood;",
    );
    const second = goose(
      "ALTER TYPE mood ADD VALUE 'sad';\nINSERT INTO a VALUES ('sad');",
      "DELETE FROM a WHERE m = 'sad';",
    );
    writeFileSync(path.join(other, "migrations", "00001_first.sql"), first);
    writeFileSync(path.join(other, "migrations", "00002_second.sql"), `-- +goose NO TRANSACTION\n${second}`);
    const [stream, ...more] = await compareRollbacks(other);
    rmSync(other, { recursive: true });
    expect(more).toEqual([]);
    expect(stream?.failed).toEqual([]);
    expect(stream?.trips.map(verdictOf)).toEqual(["agree", "explained"]);
  });

  it("takes a rule that speaks alone for a difference", () => {
    const trip: RoundTrip = {
      path: "",
      differences: [],
      refusal: undefined,
      told: "It differs.",
      silence: undefined,
    };
    expect(verdictOf(trip)).toBe("rule");
  });
});
