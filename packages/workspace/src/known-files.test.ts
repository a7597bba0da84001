import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { AnyPack } from "@yantra-lint/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ResultCache } from "./cache.ts";
import { type Config, defaultConfig } from "./config.ts";
import { fakePack } from "./fake-pack.fixture.ts";
import { knownRules, resolveRules } from "./rules.ts";
import { run, type RunResult } from "./run.ts";

/** Longer than a file must have been left alone to be trusted; in milliseconds. */
const LATER = 60_000;

/** The toy pack, of which a manifest in the file's folder says what the file is. */
const pack: AnyPack = {
  ...fakePack,
  recognise(candidate) {
    const folder = path.posix.dirname(candidate.path);
    const manifest = candidate.neighbour(`${folder}/manifest.json`);
    if (manifest?.includes("none")) return undefined;
    const kind = fakePack.recognise(candidate);
    return kind && { ...kind, name: manifest?.trim() ?? "toy" };
  },
};

const made: string[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const root of made.splice(0)) fs.rmSync(root, { recursive: true, force: true });
});

/** A repository with a cache beside it. */
class Checkout {
  readonly root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "yantra-known-")));
  readonly #cache = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-known-cache-"));
  #minutes = 0;

  constructor(files: Record<string, string>) {
    made.push(this.root, this.#cache);
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  get cacheFile(): string {
    return path.join(this.#cache, "cache.json");
  }

  write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(this.at(name)), { recursive: true });
    fs.writeFileSync(this.at(name), text);
  }

  at(name: string): string {
    return path.join(this.root, name);
  }

  /** Runs a while after all that was written before, unless `now`, and tells which files it read. */
  async run({
    now = false,
    config = {},
    toolVersion = "test",
  }: { now?: boolean; config?: Partial<Config>; toolVersion?: string } = {}): Promise<{
    read: string[];
    result: RunResult;
  }> {
    this.#minutes += 1;
    const time = Date.now() + (now ? 0 : this.#minutes * LATER);
    const clock = vi.spyOn(Date, "now").mockReturnValue(time);
    const reads = vi.spyOn(fs, "readFileSync");
    const cache = ResultCache.open(this.cacheFile, "test");
    const result = await run({
      root: this.root,
      packs: [pack],
      packsModule: new URL("./fake-pack.fixture.ts", import.meta.url).href,
      config: { ...defaultConfig(), ...config },
      rules: resolveRules(knownRules([pack]), "recommended", {}),
      named: new Set(),
      jobs: 1,
      toolVersion,
      cache,
    });
    const read = reads.mock.calls
      .map(([file]) => path.relative(this.root, String(file)))
      .filter((file) => !file.startsWith(".."));
    reads.mockRestore();
    clock.mockRestore();
    cache.save();
    return { read: read.sort(), result };
  }
}

const FILES = {
  "a/1-a.toy": "x 1",
  "a/2-b.toy": "bad 2",
  "a/manifest.json": "dialect one",
  "b/c.toy": "bad",
  "b/d.toy": "#not ours\n",
};
const ALL = Object.keys(FILES).sort();

describe("KnownFiles", () => {
  it("reads no file of a repository that nobody touched, and finds the same", async () => {
    const checkout = new Checkout(FILES);
    const first = await checkout.run();
    expect(first.read).toEqual(ALL);
    const second = await checkout.run();
    expect(second.read).toEqual([]);
    expect(second.result.findings).toEqual(first.result.findings);
    expect(second.result.facts).toEqual(first.result.facts);
    expect(second.result.kinds).toEqual(first.result.kinds);
    expect(second.result.findings).toHaveLength(2);
  });

  it("says of a file that was not read again what it said of it before", async () => {
    const checkout = new Checkout({});
    fs.writeFileSync(checkout.at("a.toy"), Buffer.from([0x62, 0xff, 0x64]));
    const { result } = await checkout.run();
    const again = await checkout.run();
    expect(again.read).toEqual([]);
    expect(again.result.notices).toEqual(result.notices);
    expect(again.result.notices).toMatchObject([{ id: "invalid-utf8", path: "a.toy" }]);
  });

  it.each<[string, (file: string) => void]>([
    ["longer", (file) => fs.appendFileSync(file, "bad 2\n")],
    [
      "other, of the same size and time",
      (file) => {
        const { atime, mtime } = fs.statSync(file);
        fs.writeFileSync(file, "xxx");
        fs.utimesSync(file, atime, mtime);
      },
    ],
    ["of another time", (file) => fs.utimesSync(file, 1_000_000, 1_000_000)],
    ["of other rights", (file) => fs.chmodSync(file, 0o600)],
    [
      "another file under the same name",
      (file) => {
        fs.writeFileSync(`${file}.new`, "xxx");
        fs.renameSync(`${file}.new`, file);
      },
    ],
  ])("reads a file again that is %s, and no other", async (_, change) => {
    const checkout = new Checkout(FILES);
    await checkout.run();
    change(checkout.at("b/c.toy"));
    expect((await checkout.run()).read).toEqual(["b/c.toy"]);
    expect((await checkout.run()).read).toEqual([]);
  });

  it("finds what was changed", async () => {
    const checkout = new Checkout(FILES);
    await checkout.run();
    checkout.write("a/1-a.toy", "bad 1");
    const { result } = await checkout.run();
    expect(result.findings.map(({ path: file }) => file)).toEqual(["a/1-a.toy", "a/2-b.toy", "b/c.toy"]);
  });

  it("trusts no file that may have changed since it was read", async () => {
    const checkout = new Checkout(FILES);
    await checkout.run({ now: true });
    expect((await checkout.run({ now: true })).read).toEqual(ALL);
    // Now that they are old, they are read once more, and then no more.
    expect((await checkout.run()).read).toEqual(ALL);
    expect((await checkout.run()).read).toEqual([]);
  });

  it("reads all again when a manifest has changed, also one that only earlier runs had asked for", async () => {
    const checkout = new Checkout(FILES);
    await checkout.run();
    checkout.write("b/c.toy", "good");
    expect((await checkout.run()).read).toEqual(["b/c.toy"]);
    checkout.write("a/manifest.json", "dialect two");
    const { read, result } = await checkout.run();
    expect(read).toEqual(ALL);
    expect(result.kinds.get("a/1-a.toy")).toMatchObject({ name: "dialect two" });
    checkout.write("a/manifest.json", "none");
    expect([...(await checkout.run()).result.kinds.keys()]).toEqual(["b/c.toy"]);
  });

  it("reads all again when a file is added or goes: it may be another's manifest", async () => {
    const checkout = new Checkout(FILES);
    await checkout.run();
    checkout.write("b/manifest.json", "dialect three");
    const { read, result } = await checkout.run();
    expect(read).toEqual([...ALL, "b/manifest.json"].sort());
    expect(result.kinds.get("b/c.toy")).toMatchObject({ name: "dialect three" });
    fs.rmSync(checkout.at("b/manifest.json"));
    expect((await checkout.run()).result.kinds.get("b/c.toy")).toMatchObject({ name: "toy" });
  });

  it("reads all again with other settings, and with another build", async () => {
    const checkout = new Checkout(FILES);
    await checkout.run();
    expect((await checkout.run({ config: { ignore: ["z/**"] } })).read).toEqual(ALL);
    expect((await checkout.run({ config: { ignore: ["z/**"] } })).read).toEqual([]);
    expect((await checkout.run({ config: { ignore: ["z/**"] }, toolVersion: "new" })).read).toEqual(ALL);
  });

  it("tries again what the system did not let it read", async () => {
    const checkout = new Checkout({ "a.toy": "bad" });
    const read = fs.readFileSync;
    const denied = vi.spyOn(fs, "readFileSync").mockImplementation(((file: string, ...rest: []) => {
      if (file === checkout.at("a.toy")) throw new Error("EMFILE: too many open files, open");
      return read(file, ...rest);
    }) as typeof fs.readFileSync);
    const first = await checkout.run();
    expect(first.result.notices).toMatchObject([{ id: "unreadable" }]);
    denied.mockRestore();
    expect((await checkout.run()).result.findings).toHaveLength(1);
  });

  it.each([
    '{"context":1,"neighbours":{},"files":{}}',
    '{"context":"","neighbours":{"a":null},"files":{}}',
    '{"context":"","neighbours":{},"files":{"a/1-a.toy":null}}',
    '{"context":"","neighbours":{},"files":{"a/1-a.toy":{"stamp":{},"notices":[],"taken":{"pack":"toy"}}}}',
    "[]",
  ])("takes %s for nothing known", async (files) => {
    const checkout = new Checkout(FILES);
    const { result } = await checkout.run();
    const stored = JSON.parse(fs.readFileSync(checkout.cacheFile, "utf8")) as object;
    fs.writeFileSync(checkout.cacheFile, JSON.stringify({ ...stored, files: JSON.parse(files) as unknown }));
    const again = await checkout.run();
    expect(again.read).toEqual(ALL);
    expect(again.result.findings).toEqual(result.findings);
  });

  it("takes a cache file that is cut off for none", async () => {
    const checkout = new Checkout(FILES);
    await checkout.run();
    fs.truncateSync(checkout.cacheFile, 100);
    expect((await checkout.run()).read).toEqual(ALL);
    expect((await checkout.run()).read).toEqual([]);
  });
});
