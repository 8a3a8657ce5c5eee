export {
  ENVIRONMENT_NAMES,
  ENVIRONMENTS,
  type EnvironmentName,
  SERVICE_NAMES,
  type ServiceName,
} from './environments.ts';
export { QUEUES, type QueueProfile, type QueueSettings } from './queues.ts';
export { renderAll } from './render-all.ts';
export { describeMigrations } from './render-jobs.ts';
export { describeService, type EnvEntry } from './render-service.ts';
export { type SmokeResult, smokeTest } from './smoke-test.ts';
