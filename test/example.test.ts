import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BRANCHES, buildExample } from "./examples/build-example.ts";

const ALL = ["main", ...Object.keys(BRANCHES)];

let folder: string;
let shop: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "yantra-example-"));
  shop = join(folder, "shop");
  buildExample(shop);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function git(directory: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: directory, encoding: "utf8" }).trim();
}

function heads(directory: string): string[] {
  return git(directory, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads").split("\n");
}

describe("the example shop", () => {
  test("has its branches, one commit each on top of main, and main checked out", () => {
    expect(heads(shop).map((head) => head.split(" ")[0])).toEqual([...ALL].sort());
    expect(git(shop, "branch", "--show-current")).toBe("main");
    expect(git(shop, "status", "--porcelain")).toBe("");
    for (const branch of Object.keys(BRANCHES)) {
      expect(git(shop, "rev-list", "--count", `main..${branch}`)).toBe("1");
      expect(git(shop, "merge-base", "main", branch)).toBe(git(shop, "rev-parse", "main"));
    }
  });

  test("has the same commit ids at every build", () => {
    const again = join(folder, "again");
    buildExample(again);
    expect(heads(again)).toEqual(heads(shop));
  });

  test("changes in a branch what the branch is named for", () => {
    const changed = (branch: string): string[] =>
      git(shop, "diff", "--name-status", "main", branch)
        .split("\n")
        .map((line) => line.replace("\t", " "));
    expect(changed("copy-change")).toEqual([
      "M services/checkout/public/checkout.css",
      "M services/checkout/src/copy/en.json",
    ]);
    expect(changed("logic-change")).toEqual([
      "M services/checkout/src/pricing.test.ts",
      "M services/checkout/src/pricing.ts",
    ]);
    expect(changed("expand-change")).toContain("A db/migrations/20260406090000_add_delivery_note.sql");
    expect(changed("risky-change")).toContain("D deploy/disruption.yaml");
  });

  test("is not built over something else", () => {
    const taken = mkdtempSync(join(folder, "taken-"));
    writeFileSync(join(taken, "mine.txt"), "");
    expect(() => {
      buildExample(taken);
    }).toThrow("is not empty");
    expect(existsSync(join(taken, ".git"))).toBe(false);
  });
});

interface Section {
  sql: string;
  transactional: boolean;
}

/** The sections of a dbmate migration. */
function sections(text: string): { up: Section; down: Section } {
  const [, upOptions, up, downOptions, down] =
    /^-- migrate:up(.*)\n([\s\S]*)^-- migrate:down(.*)\n([\s\S]*)$/m.exec(text) ?? [];
  if (up === undefined || down === undefined)
    throw new Error("A dbmate migration has an up and a down section.");
  const isTransactional = (options = ""): boolean => !options.includes("transaction:false");
  return {
    up: { sql: up, transactional: isTransactional(upOptions) },
    down: { sql: down, transactional: isTransactional(downOptions) },
  };
}

function migrationsOf(branch: string): { up: Section; down: Section }[] {
  return git(shop, "ls-tree", "--name-only", branch, "db/migrations/")
    .split("\n")
    .map((file) => sections(git(shop, "show", `${branch}:${file}`)));
}

/** Runs a section as dbmate does: in a transaction of its own, unless it says otherwise. */
async function run(database: PGlite, { sql, transactional }: Section): Promise<void> {
  if (transactional) await database.transaction((transaction) => transaction.exec(sql));
  else await database.exec(sql);
}

async function columnsOf(database: PGlite, table: string): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT column_name || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END AS name
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY column_name`,
    [table],
  );
  return rows.map(({ name }) => name);
}

const ORDERS = [
  "cart_id NOT NULL",
  "created_at NOT NULL",
  "currency NOT NULL",
  "customer_email NOT NULL",
  "discount_code",
  "id NOT NULL",
  "payment_reference",
  "status NOT NULL",
  "total_cents NOT NULL",
];

describe("the shop's migrations run on PostgreSQL", () => {
  test.each<[branch: string, orders: string[]]>([
    ["main", ORDERS],
    ["expand-change", [...ORDERS, "delivery_note"].sort()],
    [
      "risky-change",
      ORDERS.filter((column) => column !== "discount_code").map((column) =>
        column === "payment_reference" ? "payment_reference NOT NULL" : column,
      ),
    ],
  ])("up and down again: %s", async (branch, orders) => {
    const database = await PGlite.create();
    try {
      const migrations = migrationsOf(branch);
      for (const { up } of migrations) await run(database, up);
      expect(await columnsOf(database, "orders")).toEqual(orders);
      for (const { down } of migrations.reverse()) await run(database, down);
      expect(await columnsOf(database, "orders")).toEqual([]);
    } finally {
      await database.close();
    }
  });

  test.each(["copy-change", "logic-change"])("which are those of main: %s", (branch) => {
    expect(git(shop, "diff", "--name-only", "main", branch, "--", "db")).toBe("");
  });

  test("risky-change breaks the release that still runs", async () => {
    const database = await PGlite.create();
    try {
      for (const { up } of migrationsOf("risky-change")) await run(database, up);
      const insert = "INSERT INTO orders (cart_id, customer_email, currency, total_cents) VALUES";
      await expect(
        database.exec(`${insert} (gen_random_uuid(), 'ada@example.com', 'EUR', 100)`),
      ).rejects.toThrow('null value in column "payment_reference"');
      await expect(database.exec("SELECT discount_code FROM orders")).rejects.toThrow(
        'column "discount_code" does not exist',
      );
    } finally {
      await database.close();
    }
  });
});
