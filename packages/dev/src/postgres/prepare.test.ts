import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { undone } from "./prepare.ts";

describe("undone", () => {
  let database: PGlite;

  beforeAll(async () => {
    database = await PGlite.create();
  });

  afterAll(async () => {
    await database.close();
  });

  const tables = async (): Promise<unknown[]> =>
    (await database.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")).rows;

  it("gives what the work gives, and leaves nothing of it", async () => {
    const made = await undone(database, async () => {
      await database.exec("CREATE TABLE t (id int)");
      return tables();
    });
    expect(made).toEqual([{ relname: "t" }]);
    expect(await tables()).toEqual([]);
  });

  it("leaves nothing of work that was refused half way", async () => {
    const work = undone(database, () => database.exec("CREATE TABLE t (id int); SELECT nothing"));
    await expect(work).rejects.toThrow('column "nothing" does not exist');
    expect(await tables()).toEqual([]);
  });

  it("throws when the work has ended the transaction", async () => {
    const work = undone(database, () => database.exec("CREATE TABLE t (id int); COMMIT"));
    await expect(work).rejects.toThrow("ROLLBACK TO SAVEPOINT can only be used in transaction blocks");
  });
});
