import { expect, test } from "vitest";
import { descriptionVerb, nameProblem } from "./names.ts";

test.each(["no-drop-column", "require-readiness-probe", "prefer-identity", "valid-annotation"])(
  "%s is a good name",
  (name) => {
    expect(nameProblem(name)).toBeUndefined();
  },
);

test.each(["No-Drop", "no_drop", "no-", "no--drop", "../no-drop", "", "no-drop.ts"])(
  "%j is not kebab-case",
  (name) => {
    expect(nameProblem(name)).toContain("is not in kebab-case");
  },
);

test.each(["drop-column", "notable", "require"])("%s does not say what it asks for", (name) => {
  expect(nameProblem(name)).toContain("does not say what the rule asks for");
});

test("the verb of the description follows from the name", () => {
  expect(descriptionVerb("no-drop-column")).toBe("Disallow");
  expect(descriptionVerb("valid-annotation")).toBe("Enforce");
});
