import { describe, expect, it } from "vitest";
import { split } from "./splitter.ts";
import { TemplateBranches } from "./template-branches.ts";

function after(...tags: string[]): string {
  const branches = new TemplateBranches();
  for (const tag of tags) branches.read(tag);
  return branches.current;
}

describe("TemplateBranches", () => {
  it.each<[condition: string, branch: string]>([
    [".postgres", "runs"],
    [".Postgres", "runs"],
    ["$.IsPostgreSQL", "runs"],
    ["isPostgres", "runs"],
    ['eq .DialectName "postgres"', "runs"],
    ['eq "postgresql" (.Dialect.Name)', "runs"],
    ["eq .Driver `pg`", "runs"],
    ['eq .Dialect "mysql" "postgres"', "runs"],
    ["or .postgres .sqlite", "runs"],
    ["or .mysql .postgres", "runs"],
    ['or (eq .Dialect "postgres") .plugin', "runs"],
    [".mysql", "never"],
    [".IsSQLite", "never"],
    [".IsCockroach", "never"],
    ['eq .Dialect "mysql"', "never"],
    ['eq (.Dialect) "mysql"', "never"],
    ["or .mysql .sqlite", "never"],
    ["and .mysql .plugin", "never"],
    ["not .postgres", "never"],
    ['ne .Dialect "postgres"', "never"],
    [".plugin", "unknown"],
    ["not .sqlite", "unknown"],
    ['ne .Dialect "sqlite"', "unknown"],
    ["and .postgres .plugin", "maybe"],
    ["and (not .plugin) (not .singleUser)", "unknown"],
    ['doesTableExist "postgres" "x"', "unknown"],
    ['not (doesTableExist "board_members")', "unknown"],
    ['.Dialect | eq "postgres"', "unknown"],
    ["", "unknown"],
  ])("{{if %s}} %s", (condition, branch) => {
    expect(after(`{{if ${condition}}}`)).toBe(branch);
    expect(after(`{{- if ${condition} -}}`)).toBe(branch);
  });

  it.each<[tags: string, branch: string]>([
    ["{{if .postgres}} {{else}}", "never"],
    ["{{if .postgres}} {{else if .mysql}}", "never"],
    ["{{if .postgres}} {{else if .plugin}} {{else}}", "never"],
    ["{{if .mysql}} {{else}}", "unknown"],
    ["{{if .mysql}} {{else if .postgres}}", "runs"],
    ["{{if .mysql}} {{else if .postgres}} {{else}}", "never"],
    ["{{if .plugin}} {{else if .postgres}}", "maybe"],
    ["{{if .plugin}} {{else if .postgres}} {{else}}", "never"],
    ["{{if and .postgres .plugin}} {{else}}", "unknown"],
    ["{{if and .postgres .plugin}} {{else if .mysql}}", "never"],
    ["{{if and .postgres .plugin}} {{else if .postgres}}", "maybe"],
    ["{{if .plugin}} {{else if .mysql}}", "never"],
    ["{{if .postgres}} {{if .plugin}}", "maybe"],
    ["{{if .plugin}} {{if .postgres}}", "maybe"],
    ["{{range .x}} {{if .postgres}} {{end}}", "unknown"],
    ["{{if .plugin}} {{if .x}}", "unknown"],
    ["{{if .plugin}} {{if .mysql}}", "never"],
    ["{{if .mysql}} {{if .postgres}}", "never"],
    ["{{if .mysql}} {{if .a}} {{end}}", "never"],
    ["{{if .mysql}} {{if .a}} {{end}} {{end}}", "runs"],
    ["{{range .tables}}", "unknown"],
    ["{{with .x}} {{else}}", "unknown"],
    ['{{block "a" .}}', "unknown"],
    ['{{define "a"}} {{end}}', "runs"],
    ["{{- /* if .mysql */ -}}", "runs"],
    ["{{if_not .mysql}}", "runs"],
    ["{{#if mysql}}", "runs"],
    ["{{else}} {{end}}", "runs"],
    ["{% if postgres %}", "unknown"],
    ["{%- for a in b -%} {%- if a -%} {%- endif -%}", "unknown"],
    ["{%+ if a %} {% elif b %} {% else %}", "unknown"],
    ["{% if a %} {% else %} {% endif %}", "runs"],
    ["{% endif %} {% else %} {% set a = 1 %}", "runs"],
  ])("%s: %s", (tags, branch) => {
    expect(after(...(tags.match(/\{\{.*?\}\}|\{%.*?%\}/g) ?? []))).toBe(branch);
  });
});

describe("split", () => {
  function statements(text: string, boundaries: number[] = []): [string, string][] {
    return split(text, [0, text.length], boundaries).statements.map(({ range, branch, template }) => [
      text.slice(...range),
      branch ?? (template ? "template" : ""),
    ]);
  }

  it("tells of each statement whether it stands in a branch", () => {
    const text = `{{- /* a; b */ -}}
a;
{{if .mysql}}
b; c;
{{else if .postgres}}
d; e
{{- else -}}
; f
{{end}}; g;
{{range .x}} h; {{end}}
i {{if .mysql}} j {{end}};
k;`;
    expect(statements(text)).toEqual([
      ["a", ""],
      ["b", "never"],
      ["c", "never"],
      ["d", ""],
      ["e\n{{- else -}}", "template"],
      ["f\n{{end}}", "unknown"],
      ["g", ""],
      ["h", "unknown"],
      ["i {{if .mysql}} j {{end}}", "template"],
      ["k", ""],
    ]);
  });

  it("knows Jinja's statements", () => {
    const text = "a;\n{%- if x %}\nb {{ c }}; d;\n{%- endif %}\ne; {% set f = 1 %} g;";
    expect(statements(text)).toEqual([
      ["a", ""],
      ["b {{ c }}", "unknown"],
      ["d", "unknown"],
      ["e", ""],
      ["{% set f = 1 %} g", "template"],
    ]);
  });

  it("goes on in a branch behind a boundary", () => {
    expect(statements("{{if .mysql}} a b {{end}} c", [16])).toEqual([
      ["a", "never"],
      ["b {{end}} c", "unknown"],
    ]);
  });

  it("keeps the condition in the words of the statement behind it", () => {
    const words = (text: string): string[] =>
      split(text, [0, text.length]).statements.map((statement) => statement.words);
    expect(words("{{if .postgres}} SELECT 1; {{end}} SELECT 2")).toEqual([
      "{{if .postgres}} select 1",
      "{{end}} select 2",
    ]);
  });
});
