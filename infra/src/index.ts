export { QUEUES, QUEUE_NAMES, type QueueName, type QueueProfile, type QueueSettings } from './queues.ts';
