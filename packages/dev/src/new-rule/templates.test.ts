import { describe, expect, test } from "vitest";
import { fencedFiles, section } from "../fences.ts";
import { packNames } from "../repository.ts";
import { readSourceText } from "../source.ts";
import { templatesFor } from "./templates.ts";

describe.each(packNames())("a new rule of the pack %s", (pack) => {
  test.each([false, true])("has a test that imports and names it, and fails (workspace: %s)", (workspace) => {
    const files = templatesFor({ pack, name: "no-such-thing", workspace });
    expect(readSourceText("x.test.ts", files[".test.ts"]).imports).toContain("./no-such-thing.ts");
    expect(files[".test.ts"]).toContain(`expect.fail(\n    "Write the cases of yantra/${pack}/no-such-thing`);
    expect(files[".ts"]).toContain(workspace ? "defineWorkspaceRule({" : "defineRule({");
    expect(files[".ts"]).toContain('description: "Disallow such thing"');
  });

  test("has a page whose blocks stand for files of the pack's language", () => {
    const page = templatesFor({ pack, name: "prefer-this", workspace: false })[".md"];
    expect(page).toMatch(new RegExp(`^# yantra/${pack}/prefer-this\n\nPrefer this\\.\n`));
    expect(fencedFiles(section(page, "Instead of"))).toHaveLength(1);
    expect(fencedFiles(section(page, "Use"))).toHaveLength(1);
  });
});

test("a pack without a template is refused", () => {
  expect(() => templatesFor({ pack: "none", name: "no-x", workspace: false })).toThrow('the pack "none"');
});
