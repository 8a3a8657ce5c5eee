export { type DeathWatch, endWithThisProcess } from './death-watch.ts';
export { lockDirectory } from './directory-lock.ts';
export { duringTests } from './during-tests.ts';
export { findFreePort, isPortFree } from './free-port.ts';
export { isOnPath } from './is-on-path.ts';
export { commandLine, identify, isAlive, type ProcessIdentity, sendSignal } from './process-identity.ts';
export { type PostgresOptions, type RunningPostgres, startPostgres } from './start-postgres.ts';
export { type RunningRedis, startRedis } from './start-redis.ts';
export { until, waitUntil } from './wait-until.ts';
