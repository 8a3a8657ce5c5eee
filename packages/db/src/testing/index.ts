export { countRoundTrips } from './count-round-trips.ts';
export { createTestDatabase, type TestDatabase, type TestDatabaseRole } from './create-test-database.ts';
