// The servers that tests talk to: a Postgres of their own and, where there is a redis-server, a Redis of their own.
import { isOnPath, startPostgres, startRedis } from '../src/index.ts';

/**
 * Starts what is missing and tells the tests by TEST_DATABASE_URL and TEST_REDIS_URL; a variable that is already set is
 * somebody else's server, which is used as it is. Answers the function that stops what was started.
 */
export async function startServers() {
  const started = [];
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    if (!process.env.TEST_DATABASE_URL) {
      const postgres = await startPostgres({ ephemeral: true, port: 0 });
      started.push(postgres);
      process.env.TEST_DATABASE_URL = postgres.url;
    }
    if (!process.env.TEST_REDIS_URL && isOnPath('redis-server')) {
      const redis = await startRedis();
      started.push(redis);
      process.env.TEST_REDIS_URL = redis.url;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
