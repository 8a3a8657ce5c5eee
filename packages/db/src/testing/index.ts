export { createTestDatabase, type TestDatabase, type TestDatabaseRole } from './create-test-database.ts';
