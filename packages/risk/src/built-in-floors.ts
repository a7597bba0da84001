/**
 * A floor that stands in no configuration: words as they stand in paths. Words are looked for in the parts of a path
 * (`useAuthToken.ts` is `use auth token`), so that `author.ts` is not `auth`.
 */
export interface BuiltInFloor {
  name: string;
  /** Alone enough, anywhere in the path. A pair of words stands side by side in one segment. */
  words: readonly string[];
  /** Enough where a segment (extension aside) is this word and no other. */
  alone?: readonly string[];
  /** Enough as the name of a file, without all that stands behind its first dot. */
  files?: readonly string[];
  /** Enough as the name of a directory. */
  directories?: readonly string[];
  /** Directories in front of which `directories` mean something else: a layer of the code. */
  below?: readonly string[];
}

/** Words and pairs of them, written as one text for the eye's sake. */
function words(...lines: string[]): string[] {
  return lines.flatMap((line) => line.split(", "));
}

/**
 * Paths that make a change of code high. Left out on purpose: `checkout` (a shop's whole service is called so, and git
 * has one too), `pricing` (business logic), `token` (parsers and design systems have them), `subscription` (of events,
 * mostly), `signature` (of functions), `role` (of ARIA and of Kubernetes), `wallet`, `ledger`, `certificate`.
 */
export const BUILT_IN_FLOORS: readonly BuiltInFloor[] = [
  {
    name: "authentication",
    words: words(
      "auth, auths, authn, authentication, authenticate, authenticator, nextauth, oauth, openid, oidc, saml, sso, ldap",
      "login, logins, logon, logout, signin, signout, sign in, sign out, magic link, impersonate, impersonation",
      "password, passwords, passwd, passwordless, passkey, passkeys, webauthn, mfa, totp, otp, 2 fa, two factor",
      "credential, credentials, apikey, apikeys, api key, api keys, api token, api tokens, bearer token, id token",
      "access token, access tokens, refresh token, refresh tokens, jwt, jwts, jwks, csrf, xsrf, csrf token",
      "keycloak, passport strategy",
    ),
    // A passport is a document, too: `passport-photo`.
    alone: ["passport"],
  },
  {
    name: "authorization",
    words: words(
      "authz, authorization, authorisation, authorize, authorise, authorizer, permission, permissions, rbac, abac",
      "acl, acls, access control, entitlement, entitlements, role guard, roles guard, user role, user roles",
    ),
  },
  {
    name: "session",
    // `session` itself is a trace, a training or a chat as often, and `sessionStorage` the browser's.
    words: words(
      "session store, session stores, session cookie, session cookies, session token, session tokens, session manager",
      "session middleware, session guard, session secret, session controller, sessions controller, session service",
      "session handler, session auth, user session, user sessions, login session, auth session, http session",
      "web session, cookie session, express session",
    ),
    files: ["session", "usesession", "use-session"],
  },
  {
    name: "crypto",
    words: words(
      "crypto, cryptography, cryptographic, encrypt, encrypts, encrypted, encryption, encryptor, decrypt, decrypts",
      "decrypted, decryption, cipher, ciphers, hmac, keystore, kms, bcrypt, scrypt, argon, pbkdf, rsa, ecdsa, mtls",
      "private key, private keys, signing key, signing keys, secret key, secret keys, secret manager, secrets manager",
      "secret store, secrets store",
    ),
  },
  {
    name: "billing",
    words: words("billing, invoice, invoices, invoicing, dunning, payroll"),
  },
  {
    name: "payment",
    words: words(
      "payment, payments, payout, payouts, refund, refunds, chargeback, chargebacks, credit card, charge card",
      "paypal, stripe, braintree, adyen, klarna, razorpay, iban, direct debit, apple pay, google pay",
    ),
  },
  {
    name: "migrations",
    words: [],
    directories: words("migrations, migrate, alembic, flyway, liquibase"),
  },
  {
    name: "infrastructure",
    words: [],
    directories: words("infra, infrastructure, terraform, pulumi, cdk, iac, ansible, cloudformation"),
    // `src/orders/infrastructure` is a layer of the code and runs no machine.
    below: words("src, app, lib, internal, pkg, main, domain, modules"),
  },
];
