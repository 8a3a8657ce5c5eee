import { type Kysely, sql } from 'kysely';

/** What nobody rewrites: the services may add to these tables and read them. */
const APPEND_ONLY = ['transfers', 'postings', 'negotiation_entries', 'operator_audit', 'events'];
/** What is changed but never removed. */
const KEPT = ['agents', 'listings', 'jobs', 'verification_runs', 'reviews', 'accounts', 'deployment_facts'];
/** What is also removed, when done or out of date. */
const TRANSIENT = ['nonces', 'idempotency_keys', 'webhook_deliveries', 'webhook_attempts', 'outbox'];

export async function up(db: Kysely<unknown>): Promise<void> {
  const grant = (rights: string, tables: readonly string[], role: string) =>
    sql.raw(`GRANT ${rights} ON ${tables.join(', ')} TO ${role}`).execute(db);
  for (const role of ['registry_api', 'registry_dispatcher']) {
    await grant('SELECT, INSERT', APPEND_ONLY, role);
    await grant('SELECT, INSERT, UPDATE', KEPT, role);
    await grant('SELECT, INSERT, UPDATE, DELETE', TRANSIENT, role);
    await grant('SELECT, INSERT', ['search_words'], role);
    await grant('SELECT', ['kysely_migration'], role); // By which /ready knows its schema.
  }
  // A ping belongs to no job's timeline; the sweep drops it with its deliveries.
  await grant('DELETE', ['events'], 'registry_dispatcher');
}
