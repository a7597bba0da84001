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
      "appveyor.yml",
    ],
  ],
  [
    "tooling",
    [
      "**/.{git,docker,npm,eslint,prettier,stylelint,helm,vscode,gcloud}ignore",
      "**/.{gitattributes,gitmessage,gitmodules,editorconfig,mailmap,git-blame-ignore-revs}",
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
      "**/{.tool-versions,.nvmrc,.node-version,.python-version,.ruby-version}",
    ],
  ],
  [
    "test",
    [
      "**/{test,tests,__tests__,__mocks__,__fixtures__,__snapshots__,spec,specs,e2e,testdata,fixtures,mocks,cypress,playwright,stories,api_tests}/**",
      "**/{msw,*-msw,mock-server,mock-servers}/**",
      "**/*.{test,tests,spec,e2e,cy,stories,story,bench,mock,fixture}.*",
      "**/*.*{test,spec}.{ts,tsx,mts,cts,js,jsx,mjs,cjs}",
      "**/*_{test,spec}.{go,py,rb,exs,dart,cc,cpp}",
      "**/test_*.py",
      "**/{conftest.py,*.snap}",
      "**/*{Test,Tests,IT}.{java,kt,cs,scala,swift,php}",
    ],
  ],
  [
    "docs",
    [
      "**/*.{md,markdown,rst,adoc,asciidoc,txt}",
      "**/{LICENSE,LICENCE,NOTICE,AUTHORS,CONTRIBUTORS,CHANGELOG,README,COPYING,SECURITY,CODE_OF_CONDUCT}*",
      "{docs,doc,documentation}/**/*.{png,jpg,jpeg,gif,svg,webp,md,mdx}",
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
      "**/{k8s,kubernetes,terraform,ansible,infra,infrastructure,deploy,deployment,deployments,manifests,pulumi,cloudformation,argocd,flux,gitops}/**/*.{yaml,yml,json,toml,tpl,conf,ini,j2,jsonnet,libsonnet,cue}",
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
      "**/{locale,locales,i18n,l10n,lang,langs,languages,translation,translations,messages,copy}/**/*.{json,jsonc,json5,yaml,yml,po,pot,properties,ftl,arb,xlf,xliff,strings,resx}",
      "**/*.{po,pot,ftl,arb,xlf,xliff,strings,resx}",
      "**/messages{,_*,-*,.*}.properties",
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
    ],
  ],
];

const matchers = BY_PATH.map(([category, globs]) => ({
  category,
  matches: picomatch([...globs], { dot: true, nocase: true }),
}));

/** What a file is. What nothing tells is `data`, unless its extension is a programming language's. */
export function categoryOf(path: string, hints: Hints): FileCategory {
  const known = matchers.find(({ matches }) => matches(path))?.category;
  if (known === "settings" || known === "ci" || known === "test") return known;
  if (hints.migration) return "migration";
  if (hints.manifest) return "infrastructure";
  return known ?? (languageOf(path) === undefined ? "data" : "source");
}

/** The programming language a path's extension stands for, such as `TypeScript`. */
export function languageOf(path: string): string | undefined {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
  return extension !== undefined && Object.hasOwn(LANGUAGES, extension) ? LANGUAGES[extension] : undefined;
}
