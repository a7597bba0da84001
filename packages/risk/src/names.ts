import type { Policy } from "./model.ts";

/**
 * Who is who. Two questions with opposite caution are asked of names: whether somebody may approve (only what is
 * certain counts: `identities`), and whether two names are one person (any likeness counts: `samePerson`).
 */
export class People {
  readonly #persons: readonly ReadonlySet<string>[];
  readonly #teams: ReadonlyMap<string, ReadonlySet<string>>;

  constructor({ people, teams }: Pick<Policy, "people" | "teams">) {
    this.#persons = Object.entries(people).map(
      ([person, names]) => new Set([person, ...names].flatMap((name) => formsOf(name))),
    );
    this.#teams = new Map(
      Object.entries(teams).map(([team, members]) => [
        teamKey(team),
        new Set(members.flatMap((member) => formsOf(member))),
      ]),
    );
  }

  /** Every name that certainly is this person's: the name itself, and what `people` says of it. */
  identities(name: string): ReadonlySet<string> {
    return this.#expand(formsOf(name), (person) => person);
  }

  /** Whether `people` tells who goes by the name. */
  knows(name: string): boolean {
    return formsOf(name).some((form) => this.#persons.some((person) => person.has(form)));
  }

  /**
   * Whether two names may be one person. Beside certain names, `+tags` of e-mail addresses do not tell people
   * apart, nor does the host: `ada`, `ada@work.example` and `ada@home.example` are taken for one, unless
   * `people` has both and says otherwise.
   */
  samePerson(a: string, b: string): boolean {
    const [left, right] = [this.#likely(a), this.#likely(b)];
    if (intersects(left, right)) return true;
    if (this.knows(a) && this.knows(b)) return false;
    return intersects(localParts(left), localParts(right));
  }

  /** Whether the name is a team's (`@org/team`, a role `@@maintainer`, or a key of `teams`), so nobody's own. */
  isTeam(name: string): boolean {
    return name.includes("/") || name.trim().startsWith("@@") || this.#teams.has(teamKey(name));
  }

  /** Whether `teams` says who is in it. */
  knowsTeam(name: string): boolean {
    return this.#teams.has(teamKey(name));
  }

  /** Whether the person is the owner, or a member of the team that is. Teams in teams are not looked into. */
  isOwner(person: string, owner: string): boolean {
    const identities = this.identities(person);
    const team = this.#teams.get(teamKey(owner));
    if (team) return intersects(identities, team);
    return !this.isTeam(owner) && formsOf(owner).some((form) => identities.has(form));
  }

  #likely(name: string): Set<string> {
    return this.#expand(formsOf(name).flatMap(withoutTag), (person) => [...person].flatMap(withoutTag));
  }

  /** Adds the names of every person that has one of them, until nothing is added. */
  #expand(names: Iterable<string>, namesOf: (person: ReadonlySet<string>) => Iterable<string>): Set<string> {
    const known = new Set(names);
    for (let size = -1; size !== known.size;) {
      size = known.size;
      for (const person of this.#persons) {
        const all = [...namesOf(person)];
        if (all.some((name) => known.has(name))) for (const name of all) known.add(name);
      }
    }
    return known;
  }
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((name) => b.has(name));
}

/**
 * Names are compared without case and without what is not seen: logins and the hosts of addresses have no case, and
 * mailboxes have none in practice.
 */
function fold(name: string): string {
  return name
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .trim()
    .toLowerCase();
}

/** A team is written with or without `@`. */
function teamKey(name: string): string {
  return fold(name).replace(/^@(?!@)/, "");
}

/**
 * The forms of a name: `@ada` and `ada`; `Ada <ada@example.com>` is a name and an address; an address that a
 * forge made up to hide the real one tells the login. GitHub: `12345+ada@users.noreply.github.com`, or without
 * the number (docs.github.com, "Setting your commit email address"); GitLab: `12345-ada@users.noreply.gitlab.com`
 * (docs.gitlab.com, "Use an automatically-generated private commit email").
 */
function formsOf(raw: string): string[] {
  const name = fold(raw);
  const signed = /^(.*?)\s*<([^<>]*)>$/.exec(name);
  if (signed) return [signed[1] ?? "", signed[2] ?? ""].flatMap((part) => formsOf(part));
  if (!/[\p{L}\p{N}]/u.test(name)) return [];
  const login = /^(?:\d+[+-])?([^@+]+)@users\.noreply\.[^@]+$/.exec(name)?.[1];
  if (login !== undefined) return [name, login];
  return [name.replace(/^@(?=[^@/]+$)/, "")];
}

/** `ada+work@example.com` is delivered to `ada@example.com` (RFC 5233 calls it a subaddress). */
function withoutTag(name: string): string[] {
  const plain = name.replace(/^([^@+]+)\+[^@]*@/, "$1@");
  return plain === name ? [name] : [name, plain];
}

function localParts(names: ReadonlySet<string>): Set<string> {
  // A name with a space is somebody's written name; two of them may share it, and it is no login.
  return new Set(
    [...names].filter((name) => !/\s/.test(name)).map((name) => name.replace(/^([^@+]+).*$/, "$1")),
  );
}
