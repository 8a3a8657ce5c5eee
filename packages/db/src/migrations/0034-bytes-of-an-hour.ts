import { type Kysely, sql } from 'kysely';

/**
 * What a request wrote is added to its agent's hour by the statement that ends the operation, which COMMIT travels with: nobody could look at the sum in
 * between, so that statement refuses it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE FUNCTION bytes_of_hour(bytes bigint, most bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
      IF bytes > most THEN
        RAISE EXCEPTION 'more than an hour holds'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'bytes_of_hour', DETAIL = bytes - most;
      END IF;
      RETURN bytes;
    END $$`.execute(db);
}
