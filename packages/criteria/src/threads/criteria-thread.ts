// A thread that checks criteria. What strangers wrote is parsed and compiled here, and the service's event loop stays free.
import { parentPort } from 'node:worker_threads';
import { checkCriteria } from '../check-criteria.ts';
import { type CheckRequest, READY } from './protocol.ts';

parentPort?.on('message', ({ value, options }: CheckRequest) => {
  parentPort?.postMessage(checkCriteria(value, options));
});
parentPort?.postMessage(READY);
