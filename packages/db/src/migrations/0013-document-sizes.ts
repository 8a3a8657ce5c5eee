import { type Kysely, sql } from 'kysely';

/**
 * How large the documents of a job and of a step are, noted as they are written: a page of jobs is cut by it, and to measure them
 * would be to read them all. Null in rows from before, which are measured.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE jobs ADD COLUMN documents_bytes integer`.execute(db);
  await sql`ALTER TABLE negotiation_entries ADD COLUMN entry_bytes integer`.execute(db);
  await sql`
    CREATE FUNCTION measure_job_documents() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.documents_bytes := coalesce(octet_length(NEW.result::text), 0) + coalesce(octet_length(NEW.requirements::text), 0)
        + coalesce(octet_length(NEW.acceptance_criteria::text), 0);
      RETURN NEW;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER jobs_documents_measured BEFORE INSERT OR UPDATE OF result, requirements, acceptance_criteria ON jobs
    FOR EACH ROW EXECUTE FUNCTION measure_job_documents()`.execute(db);
  await sql`
    CREATE FUNCTION measure_negotiation_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.entry_bytes := octet_length(NEW.entry::text);
      RETURN NEW;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER negotiation_entries_measured BEFORE INSERT ON negotiation_entries
    FOR EACH ROW EXECUTE FUNCTION measure_negotiation_entry()`.execute(db);
}
