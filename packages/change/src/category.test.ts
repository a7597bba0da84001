import { describe, expect, it } from "vitest";
import { categoryOf, languageOf } from "./category.ts";

const NONE = { migration: false, manifest: false };

describe("categoryOf", () => {
  it.each([
    ["src/pricing.ts", "source"],
    ["cmd/server/main.go", "source"],
    ["app/models/user.rb", "source"],
    ["web/index.html", "source"],
    ["web/src/page.mdx", "source"],
    ["src/pricing.test.ts", "test"],
    ["src/form.clienttest.tsx", "test"],
    ["pkg/server_test.go", "test"],
    ["src/test/java/shop/OrderTest.java", "test"],
    ["tests/test_orders.py", "test"],
    ["e2e/package.json", "test"],
    ["packages/shop-msw/handlers/session.ts", "test"],
    ["docker/dev/docker-compose.yml", "tooling"],
    [".github/workflows/notes.md", "docs"],
    ["README.md", "docs"],
    ["docs/images/flow.png", "docs"],
    ["LICENSE", "docs"],
    [".prettierrc.json", "tooling"],
    ["eslint.config.js", "tooling"],
    [".vscode/settings.json", "tooling"],
    [".gitignore", "tooling"],
    [".dockerignore", "build"],
    [".gitmodules", "build"],
    [".nvmrc", "build"],
    ["services/api/.helmignore", "build"],
    ["buildspec.yml", "ci"],
    ["sam/template.yaml", "infrastructure"],
    ["LICENSE-MIT", "docs"],
    ["LICENSE-APACHE-2.0", "docs"],
    ["docs/notes.txt", "docs"],
    ["spec/models/user_spec.rb", "test"],
    ["spec/fixtures/users.yml", "test"],
    ["packages/shop/mocks/user.ts", "test"],
    ["src/stories/cart.stories.tsx", "test"],
    ["fixtures/users.json", "test"],
    ["src/test/java/shop/OrderIT.java", "test"],
    ["shop/OrderTests.kt", "test"],
    ["src/locales/shop_de_AT.properties", "copy"],
    ["src/messages_fr.properties", "copy"],
    [".github/workflows/deploy.yaml", "ci"],
    [".gitlab-ci.yml", "ci"],
    ["Jenkinsfile", "ci"],
    ["Dockerfile", "infrastructure"],
    ["services/api/Dockerfile.prod", "infrastructure"],
    ["docker-compose.yml", "infrastructure"],
    ["terraform/main.tf", "infrastructure"],
    ["deploy/values.yaml", "infrastructure"],
    ["charts/shop/templates/deployment.yaml", "infrastructure"],
    ["infra/queues.json", "infrastructure"],
    ["nginx.conf", "infrastructure"],
    ["src/checkout.css", "style"],
    ["public/logo.svg", "asset"],
    ["src/locales/en.json", "copy"],
    ["i18n/de.po", "copy"],
    ["services/checkout/src/copy/en.json", "copy"],
    ["tsconfig.json", "build"],
    ["vite.config.ts", "build"],
    ["Makefile", "build"],
    ["yantra.config.yaml", "settings"],
    [".github/CODEOWNERS", "settings"],
    ["data/countries.json", "data"],
    ["config/settings.toml", "data"],
    // What only sounds like it.
    ["src/testing-library/contest.ts", "source"],
    ["src/latest.ts", "source"],
    ["src/deploy/run.ts", "source"],
    ["src/docs/render.ts", "source"],
    ["src/i18n/index.ts", "source"],
    ["src/messages/queue.ts", "source"],
    ["src/lang/parser.rs", "source"],
    ["src/security.ts", "source"],
    ["src/notice-board.tsx", "source"],
    ["scripts/readme.sh", "source"],
    ["license.json", "data"],
    ["bin/security-check", "data"],
    ["CMakeLists.txt", "build"],
    ["requirements-dev.txt", "data"],
    ["public/robots.txt", "data"],
    ["src/prompts/system.txt", "data"],
    ["docs/page.mdx", "source"],
    ["Credit.java", "source"],
    ["Audit.java", "source"],
    ["Latest.java", "source"],
    ["src/api.latest.ts", "source"],
    ["src/specs/engine.ts", "source"],
    ["src/fixtures/rates.ts", "source"],
    ["app/stories/page.tsx", "source"],
    ["spec/openapi.yaml", "data"],
    ["api.spec.yaml", "data"],
    ["deploy/api.spec.yaml", "infrastructure"],
    ["deploy/fixtures/pdb.yaml", "infrastructure"],
    ["deploy/values.test.yaml", "infrastructure"],
    ["src/lang/server.properties", "data"],
  ])("%s is %s", (path, category) => {
    expect(categoryOf(path, NONE)).toBe(category);
  });

  it("takes the packs' word for migrations and manifests", () => {
    expect(categoryOf("db/changes/1.sql", { migration: true, manifest: false })).toBe("migration");
    expect(categoryOf("shop.yaml", { migration: false, manifest: true })).toBe("infrastructure");
    expect(categoryOf("tests/e2e/shop.yaml", { migration: false, manifest: true })).toBe("test");
    expect(categoryOf("shop.spec.yaml", { migration: false, manifest: true })).toBe("infrastructure");
    expect(categoryOf("fixtures/shop.yaml", { migration: false, manifest: true })).toBe("infrastructure");
    expect(categoryOf("overlays/test/shop.yaml", { migration: false, manifest: true })).toBe(
      "infrastructure",
    );
    expect(categoryOf("README.md", { migration: true, manifest: false })).toBe("migration");
  });
});

describe("languageOf", () => {
  it.each([
    ["a/b.TSX", "TypeScript"],
    ["a.go", "Go"],
    ["a.constructor", undefined],
    ["Makefile", undefined],
  ])("%s: %s", (path, language) => {
    expect(languageOf(path)).toBe(language);
  });
});
