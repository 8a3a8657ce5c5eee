import pg from 'pg';

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

/**
 * The round trips that clients of this application name make while `work` runs, each as the statements that travel together:
 * BEGIN and COMMIT are among them.
 */
export async function countRoundTrips(
  applicationName: string | undefined,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const client = pg.Client.prototype;
  const query = Reflect.get(client, 'query') as Query;
  const sent: string[] = [];
  const counting: Query = function (...args) {
    const [statement] = args as [string | { readonly text: string }];
    const { application_name: name } = Reflect.get(this, 'connectionParameters') as {
      application_name?: string;
    };
    if (name === applicationName) sent.push(typeof statement === 'string' ? statement : statement.text);
    return query.apply(this, args);
  };
  Reflect.set(client, 'query', counting);
  try {
    await work();
    return sent;
  } finally {
    Reflect.set(client, 'query', query);
  }
}
