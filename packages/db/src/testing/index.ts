export { countRoundTrips } from './count-round-trips.ts';
export { createTestDatabase, type TestDatabase, type TestDatabaseRole } from './create-test-database.ts';
export { moveToSmallDisk, type SmallDisk, whyNoSmallDisk } from './small-disk.ts';
export { untilOneWaits } from './until-one-waits.ts';
export { useTestDatabase } from './use-test-database.ts';
