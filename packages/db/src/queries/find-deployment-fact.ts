import type { Db } from '../create-db.ts';

/** A fact about the deployment, such as the runtimes its test-runner offers; undefined while nobody has noted it. */
export async function findDeploymentFact(db: Db, name: string): Promise<unknown> {
  const row = await db
    .selectFrom('deployment_facts')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value;
}
