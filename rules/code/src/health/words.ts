/** Names under which one kind of dependency appears: what a team calls it, and the packages that reach it. */
const KINDS = [
  "db database sql postgres postgresql pg mysql mysql2 mariadb sqlite sqlite3 mongo mongodb mongoose prisma knex typeorm sequelize drizzle kysely mikro slonik",
  "redis ioredis valkey keydb dragonfly cache memcached",
  "queue queues bull bullmq rabbitmq amqp amqplib kafka kafkajs rdkafka sqs nats pubsub broker",
  "mail mailer email emails smtp nodemailer sendgrid mailgun ses postmark resend",
  "storage s3 gcs minio blob bucket buckets",
  "search elastic elasticsearch opensearch meilisearch typesense algolia algoliasearch",
  "payment payments billing stripe adyen braintree paypal mollie",
].map((words) => new Set(words.split(" ")));

/** What all of a service shares and what leads to no dependency, by a word of its path or name. */
const SHARED = new Set(
  "log logs logger logging pino winston bunyan morgan config configs configuration env envs dotenv constant constants type types error errors util utils helper helpers lib metric metrics prom telemetry otel opentelemetry tracing trace sentry express fastify koa hono nestjs zod joi yup ajv lodash date dayjs luxon uuid nanoid http status codes cors helmet".split(
    " ",
  ),
);

/** The words of a path, a package's or an export's name, in lower case: `./lib/paymentClient` → lib, payment, client. */
function wordsIn(text: string): string[] {
  return (
    text
      .replace(/\.[cm]?[jt]sx?$/, "")
      .replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

const stem = (word: string): string => (word.length > 3 ? word.replace(/(?:ies|y|e?s)$/, "") : word);

/** Whether a name speaks of a dependency: by its word, in singular or plural, or as one of its kind. */
export function speaksOf(text: string, dependency: string): boolean {
  const own = new Set(wordsIn(dependency).map(stem));
  const kinds = KINDS.filter((kind) => wordsIn(dependency).some((word) => kind.has(word)));
  return wordsIn(text).some((word) => own.has(stem(word)) || kinds.some((kind) => kind.has(word)));
}

/** Whether a module is one that everything uses. */
export function isShared(text: string): boolean {
  const words = wordsIn(text.replace(/^.*\/(?=[^/]*\/[^/]*$)/, ""));
  return words.length > 0 && words.some((word) => SHARED.has(word));
}
