export {
  ENVIRONMENTS,
  type ServiceName,
} from './environments.ts';
export { QUEUES, type QueueSettings } from './queues.ts';
export { renderAll } from './render-all.ts';
export { describeMigrations } from './render-jobs.ts';
export { describeService } from './render-service.ts';
export { smokeTest } from './smoke-test.ts';
