import { describe, expect, test } from "vitest";
import { People } from "./names.ts";

const nobody = new People({ people: {}, teams: {} });
const people = new People({
  people: { ada: ["ada-l", "Ada@Example.com"], "Ada King": ["ada-l", "countess@example.org"], grace: [] },
  teams: { "@org/pay": ["@ada", "grace@example.com"], dba: ["edgar"] },
});

describe("one person", () => {
  test.each([
    ["ada", "ADA"],
    ["@ada", "ada"],
    ["ada", "ａｄａ"],
    ["ada", "12345+ada@users.noreply.github.com"],
    ["Ada", "ada@users.noreply.github.com"],
    ["ada", "77-ada@users.noreply.gitlab.com"],
    ["ada@example.com", "Ada Lovelace <ADA@example.com>"],
    ["ada@example.com", "ada+git@example.com"],
    ["ada", "ada@example.com"],
    ["ada@work.example", "ada@home.example"],
    [" ada ", "ada"],
    ["a\u200Bda", "ada"],
    // The number is the account's, which was renamed.
    ["1+ada@users.noreply.github.com", "1+grace@users.noreply.github.com"],
  ])("%s is %s", (a, b) => {
    expect(nobody.samePerson(a, b)).toBe(true);
    expect(nobody.samePerson(b, a)).toBe(true);
  });

  test.each([
    ["ada", "grace"],
    ["ada@example.com", "grace@example.com"],
    ["1+ada@users.noreply.github.com", "2+grace@users.noreply.github.com"],
    ["Ada Lovelace", "Ada King"],
  ])("%s is not %s", (a, b) => {
    expect(nobody.samePerson(a, b)).toBe(false);
  });

  test("names are told of each other by people, from one entry to the next", () => {
    expect(people.samePerson("ada", "Countess@example.org")).toBe(true);
    expect(people.samePerson("ada+x@example.com", "Ada King")).toBe(true);
    expect(people.samePerson("ada", "grace")).toBe(false);
  });

  test("people tells two apart that look alike", () => {
    const apart = new People({ people: { ada: [], other: ["ada@other.example"] }, teams: {} });
    expect(apart.samePerson("ada", "ada@other.example")).toBe(false);
    expect(apart.samePerson("ada", "ada@third.example")).toBe(true);
  });
});

describe("an owner", () => {
  test.each([
    ["ada", "@ada"],
    ["Ada", "ada@example.com"],
    ["countess@example.org", "@org/pay"],
    ["grace@example.com", "org/Pay"],
    ["1+edgar@users.noreply.github.com", "@dba"],
  ])("%s is %s", (person, owner) => {
    expect(people.isOwner(person, owner)).toBe(true);
  });

  test.each([
    ["grace", "@org/pay", "only the address is a member"],
    ["grace+x@example.com", "@org/pay", "a tag is likeness, not proof"],
    ["dba", "@dba", "a team's name is no member"],
    ["@org/unknown", "@org/unknown", "nobody is known to be in it"],
    ["unknown", "@org/unknown", "nobody is known to be in it"],
    ["maintainer", "@@maintainer", "a role is not a login"],
    ["__proto__", "@org/__proto__", "no name reaches a prototype"],
    ["constructor", "@toString", "no name reaches a prototype"],
  ])("%s is not %s: %s", (person, owner) => {
    expect(people.isOwner(person, owner)).toBe(false);
  });
});
