import { describe, expect, test } from "vitest";
import { builtInFloors, pathMatcher, pathWords } from "./path-floors.ts";

describe("words of a path", () => {
  test.each([
    ["useAuthToken.test.ts", ["use", "auth", "token", "test", "ts"]],
    ["SAMLProvider", ["saml", "provider"]],
    ["OAuth2Client", ["o", "auth", "2", "client"]],
    ["password_reset-form", ["password", "reset", "form"]],
    ["(auth)", ["auth"]],
    ["größenÄnderung", ["größen", "änderung"]],
    ["会员登录", ["会员登录"]],
    ["__", []],
  ])("%s", (segment, words) => {
    expect(pathWords(segment)).toEqual(words);
  });
});

describe("paths that no floor is for", () => {
  test.each([
    "src/author.ts",
    "src/authority-list.ts",
    "src/authored/index.ts",
    "src/Authoring.tsx",
    "src/sessionize.ts",
    "src/components/session/Header.tsx",
    "src/useSessionStorage.ts",
    "src/payload.ts",
    "src/billingual.ts",
    "src/bill.ts",
    "src/tokenizer.ts",
    "src/token.ts",
    "src/design-tokens.ts",
    "src/passport-photo.ts",
    "src/cryptid.ts",
    "src/prepaymentless.ts",
    "src/blogin.ts",
    "src/stripes.ts",
    "src/migration-guide.ts",
    "src/migrate.ts",
    "src/orders/infrastructure/repository.ts",
    "src/infrastructure.ts",
    "services/checkout/src/pricing.ts",
    "services/checkout/src/routes/orders.ts",
    "git/checkout.ts",
    "src/subscription.ts",
    "src/signature.ts",
    "src/write-log-in-file.ts",
    "src/roles.ts",
    "rules/kubernetes/src/index.ts",
    "src/app/(authenticated)/page.tsx",
  ])("%s", (path) => {
    expect(builtInFloors(path)).toEqual([]);
  });
});

describe("paths that a floor is for", () => {
  test.each([
    ["auth.ts", "authentication"],
    ["src/auth/index.ts", "authentication"],
    ["src/hooks/useAuth.ts", "authentication"],
    ["src/AuthGuard.ts", "authentication"],
    ["src/oauth2.ts", "authentication"],
    ["src/auth0.ts", "authentication"],
    ["src/LoginForm.tsx", "authentication"],
    ["src/sign-in/page.tsx", "authentication"],
    ["src/jwt.ts", "authentication"],
    ["src/sso/saml.ts", "authentication"],
    ["src/oidc-callback.ts", "authentication"],
    ["src/password-reset.ts", "authentication"],
    ["src/2fa.ts", "authentication"],
    ["src/api-keys.ts", "authentication"],
    ["src/apiKeys/create.ts", "authentication"],
    ["crates/trustpub/src/access_token.rs", "authentication"],
    ["src/passport.ts", "authentication"],
    ["src/passport/local.ts", "authentication"],
    ["src/rbac/check.ts", "authorization"],
    ["app/permissions.py", "authorization"],
    ["src/controllers/helpers/authorization.rs", "authorization"],
    ["src/accessControl.ts", "authorization"],
    ["src/session-store.ts", "session"],
    ["src/session.ts", "session"],
    ["src/utils/session.svelte.ts", "session"],
    ["app/controllers/sessions_controller.rb", "session"],
    ["src/crypto/index.ts", "crypto"],
    ["src/encrypt.ts", "crypto"],
    ["src/argon2.rs", "crypto"],
    ["src/billing/plan.ts", "billing"],
    ["src/invoice.ts", "billing"],
    ["src/payments/index.ts", "payment"],
    ["services/checkout/src/payments.ts", "payment"],
    ["src/stripe-webhook.ts", "payment"],
    ["src/refund.ts", "payment"],
    ["src/CreditCardForm.tsx", "payment"],
    ["db/migrate/20260101_add.rb", "migrations"],
    ["app/migrations/0002_auto.py", "migrations"],
    ["alembic/versions/1a2b.py", "migrations"],
    ["infra/stack.ts", "infrastructure"],
    ["packages/cdk/lib/stack.ts", "infrastructure"],
  ])("%s is about %s", (path, name) => {
    expect(builtInFloors(path).map((floor) => floor.name)).toEqual([name]);
  });

  test("a path can be about several things", () => {
    expect(builtInFloors("src/billing/stripe/login.ts").map(({ name }) => name)).toEqual([
      "authentication",
      "billing",
      "payment",
    ]);
  });
});

describe("globs", () => {
  test.each([
    [["db/**"], "db/.hidden/x.sql", true],
    [["db/"], "db/a/b.sql", true],
    [["db/**"], "src/db/x.sql", false],
    [["src/**", "!src/demo/**"], "src/demo/a.ts", false],
    [["!src/demo/**", "src/**"], "src/demo/a.ts", false],
    [["src/**", "!src/demo/**"], "src/a.ts", true],
    [["!src/**"], "lib/a.ts", false],
    [[], "a.ts", false],
  ])("%j and %s: %s", (globs, path, matches) => {
    expect(pathMatcher(globs)(path)).toBe(matches);
  });
});
