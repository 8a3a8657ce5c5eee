export { fakeValues } from './fake-values.ts';
