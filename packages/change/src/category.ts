import type { FileCategory } from "@yantra-lint/core";
import picomatch from "picomatch";

/** What is known of a file beside its path. */
export interface Hints {
  /** It holds a migration, before or after the change. */
  migration: boolean;
  /** It holds Kubernetes resources or a kustomization. */
  manifest: boolean;
}

/** Names of programming and template languages by extension. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ts: "TypeScript",
  tsx: "TypeScript",
  mts: "TypeScript",
  cts: "TypeScript",
  js: "JavaScript",
  jsx: "JavaScript",
  mjs: "JavaScript",
  cjs: "JavaScript",
  vue: "Vue",
  svelte: "Svelte",
  astro: "Astro",
  go: "Go",
  rs: "Rust",
  py: "Python",
  pyi: "Python",
  rb: "Ruby",
  erb: "Ruby",
  rake: "Ruby",
  java: "Java",
  kt: "Kotlin",
  kts: "Kotlin",
  scala: "Scala",
  groovy: "Groovy",
  clj: "Clojure",
  cs: "C#",
  fs: "F#",
  vb: "Visual Basic",
  php: "PHP",
  ex: "Elixir",
  exs: "Elixir",
  erl: "Erlang",
  elm: "Elm",
  hs: "Haskell",
  ml: "OCaml",
  swift: "Swift",
  m: "Objective-C",
  mm: "Objective-C",
  c: "C",
  h: "C",
  cc: "C++",
  cpp: "C++",
  cxx: "C++",
  hpp: "C++",
  zig: "Zig",
  nim: "Nim",
  dart: "Dart",
  lua: "Lua",
  pl: "Perl",
  r: "R",
  jl: "Julia",
  sh: "Shell",
  bash: "Shell",
  zsh: "Shell",
  fish: "Shell",
  ps1: "PowerShell",
  bat: "Batch",
  cmd: "Batch",
  sql: "SQL",
  graphql: "GraphQL",
  gql: "GraphQL",
  proto: "Protocol Buffers",
  thrift: "Thrift",
  prisma: "Prisma",
  html: "HTML",
  htm: "HTML",
  mdx: "MDX",
  hbs: "Handlebars",
  ejs: "EJS",
  pug: "Pug",
  jinja: "Jinja",
  jinja2: "Jinja",
  j2: "Jinja",
  liquid: "Liquid",
  mustache: "Mustache",
  twig: "Twig",
  cue: "CUE",
  rego: "Rego",
  sol: "Solidity",
  wat: "WebAssembly",
  asm: "Assembly",
  s: "Assembly",
};

/**
 * Kinds of files by path, in the order they are asked; the first that matches wins. Globs as picomatch has them,
 * letter case aside.
 */
const BY_PATH: readonly [FileCategory, readonly string[]][] = [
  ["settings", ["**/yantra.config.{yaml,yml,json}", "**/CODEOWNERS"]],
  [
    "ci",
    [
      ".github/workflows/*.{yml,yaml}",
      ".github/actions/**",
      "**/action.{yml,yaml}",
      "**/.gitlab-ci*.{yml,yaml}",
      ".gitlab/ci/**",
      "**/azure-pipelines*.{yml,yaml}",
      ".azure/**/*.{yml,yaml}",
      ".circleci/**",
      "**/Jenkinsfile*",
      "bitbucket-pipelines.{yml,yaml}",
      ".buildkite/**",
      ".woodpecker/**",
      ".woodpecker.{yml,yaml}",
      ".drone.{yml,yaml}",
      ".travis.yml",
      ".tekton/**",
      "cloudbuild.{yml,yaml}",
      "**/buildspec*.{yml,yaml}",
      "appveyor.yml",
    ],
  ],
  [
    "tooling",
    [
      "**/.{git,eslint,prettier,stylelint,vscode}ignore",
      "**/.{gitmessage,editorconfig,git-blame-ignore-revs}",
      "**/.{prettier,eslint,stylelint,markdownlint,commitlint,lintstaged,cspell,yamllint,sqlfluff,rubocop,jshint}rc*",
      "**/{.rubocop,.yamllint,.golangci,.cspell,.codespellrc,.pre-commit-config,.hadolint}.{yml,yaml,toml,json}",
      "**/{eslint,prettier,stylelint,commitlint,lint-staged,lefthook,knip,cspell,vitest,jest,playwright,cypress}.config.*",
      "**/{lefthook,cspell,knip,biome,.jscpd,.markdownlint,.markdownlint-cli2}.{yml,yaml,json,jsonc}",
      "**/{dev,development,local,localdev}/**/{docker-,}compose*.{yml,yaml}",
      "**/{docker-,}compose{.,-}{dev,development,local,test}*.{yml,yaml}",
      "**/.{storybook,vscode,idea,husky,changeset,devcontainer,cursor,claude,zed}/**",
      ".github/{ISSUE_TEMPLATE,DISCUSSION_TEMPLATE}/**",
      ".github/{dependabot,renovate,labeler,stale,release,FUNDING}.{yml,yaml,json}",
      "**/renovate.json*",
    ],
  ],
  [
    "infrastructure",
    [
      "**/{Dockerfile,Containerfile}*",
      "**/*.{dockerfile,Dockerfile}",
      "**/{docker-,}compose*.{yml,yaml}",
      "**/*.{tf,tfvars,tofu,hcl,bicep,nomad}",
      "**/*.{tf,tfvars}.json",
      "**/{Chart.yaml,Chart.lock,values*.yaml,helmfile*.yaml}",
      "**/{charts,helm}/**/*.{yaml,yml,tpl}",
      "**/{skaffold,kustomization}.{yml,yaml}",
      "**/{serverless,Pulumi*,cdk,samconfig,fly,render,railway,vercel,netlify,wrangler,nixpacks}.{yml,yaml,json,jsonc,toml}",
      "**/serverless.ts",
      "**/{app.json,captain-definition}",
      "**/Procfile",
      "**/{k8s,kubernetes,terraform,ansible,infra,infrastructure,deploy,deployment,deployments,manifests,pulumi,cloudformation,sam,argocd,flux,gitops}/**/*.{yaml,yml,json,toml,tpl,conf,ini,j2,jsonnet,libsonnet,cue}",
      "**/{nginx,haproxy,envoy,traefik,caddy,prometheus,alertmanager}*.{conf,cfg,yml,yaml,toml}",
      "**/Caddyfile",
      "**/*.service",
      "**/crontab",
    ],
  ],
  ["style", ["**/*.{css,scss,sass,less,styl,pcss,postcss}"]],
  [
    "asset",
    [
      "**/*.{png,jpg,jpeg,gif,svg,webp,avif,ico,bmp,tiff,woff,woff2,ttf,otf,eot,mp3,mp4,webm,ogg,wav,pdf,psd,ai,fig}",
    ],
  ],
  [
    "copy",
    [
      "**/{locale,locales,i18n,l10n,lang,langs,languages,translation,translations,messages,copy}/**/*.{json,jsonc,json5,yaml,yml,po,pot,ftl,arb,xlf,xliff,strings,resx}",
      "**/*.{po,pot,ftl,arb,xlf,xliff,strings,resx}",
      "**/messages{,_*,-*,.*}.properties",
      // Settings have the same extension: only a language's code tells words from them.
      "**/{locale,locales,i18n,l10n,lang,langs,languages,translation,translations,messages,copy}/**/*_[a-z][a-z]{,_[a-z][a-z]}.properties",
    ],
  ],
  [
    "build",
    [
      "**/{tsconfig,jsconfig}*.json",
      "**/{vite,webpack,rollup,rspack,rsbuild,esbuild,tsup,babel,postcss,tailwind,next,nuxt,svelte,astro,remix,metro,gulpfile,Gruntfile}.config.*",
      "**/{.babelrc,.swcrc,.browserslistrc}*",
      "**/{turbo,nx,project,lerna,rush,angular}.json",
      "**/{Makefile,GNUmakefile,CMakeLists.txt,BUILD,BUILD.bazel,WORKSPACE,MODULE.bazel,Justfile,justfile,Taskfile.yml,Rakefile,build.rs,setup.py,gradlew,mvnw,Earthfile}",
      "**/.{npmrc,yarnrc,yarnrc.yml,cargo/config.toml}",
      // What goes into an image, a package, a checkout, and what it is built with.
      "**/{.tool-versions,.nvmrc,.node-version,.python-version,.ruby-version}",
      "**/.{docker,npm,helm,gcloud}ignore",
      "**/.{gitattributes,gitmodules,mailmap}",
    ],
  ],
];

const matchers = BY_PATH.map(([category, globs]) => ({ category, matches: matcher(globs) }));

/** Names of documents, with an extension of prose or none: `README.md`, `LICENSE-MIT`, never `security.ts`. */
const DOCUMENT =
  /(?:^|\/)(?:(?:README|LICEN[CS]E|NOTICE|AUTHORS|CONTRIBUTORS|CONTRIBUTING|CHANGELOG|COPYING|SECURITY|CODE_OF_CONDUCT)(?:[-.][A-Z][A-Za-z]*(?:-\d[\d.]*)?)?|readme|licen[cs]e|changelog)$/;
const isPicture = matcher(["{docs,doc,documentation}/**/*.{png,jpg,jpeg,gif,svg,webp}"]);
const isProse = matcher(["**/*.{md,markdown,rst,adoc,asciidoc}"]);
const isPlainText = matcher(["**/*.txt"]);
/** Plain text that machines read: build recipes, requirements, and what stands among code or is served. */
const isReadText = matcher([
  "**/{CMakeLists,*requirements*,*constraints*,robots,ads,app-ads,security,llms*}.txt",
  "**/requirements/*.txt",
  "**/{src,app,lib,public,static,config,data,resources,templates,assets,prompts}/**",
]);

/** Directories of tests wherever they stand, and whatever they hold. */
const isBelowTests = matcher([
  "**/{tests,__tests__,__mocks__,__fixtures__,__snapshots__,e2e,testdata,api_tests}/**",
  "{,*/}src/test/**",
  "test/**",
]);
/** What else looks like tests: none when it also says what runs. */
const looksLikeTest = matcher([
  "**/{test,cypress,playwright,msw,*-msw,mock-server,mock-servers}/**",
  "**/*.{test,tests,e2e,cy,stories,story,mock,fixture}.*",
  "**/*.{unit,int,integration,func,functional,client,server,api,ui,browser,component}{test,spec}.{ts,tsx,mts,cts,js,jsx,mjs,cjs}",
  "**/*_{test,spec}.{go,py,rb,exs,dart,cc,cpp}",
  "**/test_*.py",
  "**/{conftest.py,*.snap}",
]);
/** Data are called so that specify something: `api.spec.yaml`. */
const looksLikeTestCode = matcher(["**/*.{spec,bench}.*"]);
/** By their case: `OrderTest.java`, `OrderIT.java`, and neither `Latest.java` nor `Credit.java`. */
const TEST_CLASS = /[a-z0-9](?:Test|Tests|IT)\.(?:java|kt|cs|scala|swift|php)$/;
/** Directories of tests by habit, unless they stand within what runs: `src/fixtures` may be what a shop sells. */
const HABIT = /^(?:spec|specs|stories|mocks|fixtures)$/i;
const SPECIFICATION = /^specs?$/i;
const RUNS =
  /^(?:src|app|lib|internal|pkg|cmd|main|public|static|config|db|database|deploy|deployments?|manifests|charts|helm|k8s|kubernetes|infra|infrastructure|terraform)$/i;

function matcher(globs: readonly string[]): (path: string) => boolean {
  return picomatch([...globs], { dot: true, nocase: true });
}

/** What a file is. What nothing tells is `data`, unless its extension is a programming language's. */
export function categoryOf(path: string, hints: Hints): FileCategory {
  const known = matchers.find(({ matches }) => matches(path))?.category;
  if (known === "settings" || known === "ci") return known;
  if (known !== "tooling" && isBelowTests(path)) return "test";
  if (hints.migration) return "migration";
  if (hints.manifest) return "infrastructure";
  if (known === "tooling") return known;
  if (known !== "infrastructure" && isLikelyTest(path)) return "test";
  if (isDocument(path)) return "docs";
  return known ?? (languageOf(path) === undefined ? "data" : "source");
}

function isLikelyTest(path: string): boolean {
  if (looksLikeTest(path) || TEST_CLASS.test(path)) return true;
  const isCode = languageOf(path) !== undefined;
  if (isCode && looksLikeTestCode(path)) return true;
  const above = path.split("/").slice(0, -1);
  const at = above.findIndex((name) => HABIT.test(name));
  if (at < 0 || above.slice(0, at).some((name) => RUNS.test(name))) return false;
  // A directory of specifications may be one of tests or one of documents that others are generated from.
  return isCode || above.slice(at).some((name) => HABIT.test(name) && !SPECIFICATION.test(name));
}

function isDocument(path: string): boolean {
  if (isProse(path) || isPicture(path)) return true;
  if (isPlainText(path)) return !isReadText(path);
  return DOCUMENT.test(path) && languageOf(path) === undefined;
}

/** From the gravest to the mildest: what a file counts as that was one and is another. */
const GRAVITY: readonly FileCategory[] = [
  "settings",
  "ci",
  "infrastructure",
  "migration",
  "source",
  "build",
  "dependencies",
  "data",
  "copy",
  "style",
  "asset",
  "tooling",
  "test",
  "docs",
];

/** The category that says more of what a change of either may do. */
export function graver(a: FileCategory, b: FileCategory): FileCategory {
  return GRAVITY.indexOf(a) <= GRAVITY.indexOf(b) ? a : b;
}

/** Whether nothing of the category runs. */
export function isHarmless(category: FileCategory): boolean {
  return GRAVITY.indexOf(category) >= GRAVITY.indexOf("copy");
}

/** The programming language a path's extension stands for, such as `TypeScript`. */
export function languageOf(path: string): string | undefined {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
  return extension !== undefined && Object.hasOwn(LANGUAGES, extension) ? LANGUAGES[extension] : undefined;
}
