// A thread that checks criteria. What strangers wrote is parsed and compiled here, and the service's event loop stays free.
import { parentPort } from 'node:worker_threads';
import { type CriteriaCheck, checkCriteria } from '../check-criteria.ts';
import { createJavascriptCompiler } from '../javascript-compiler.ts';
import { type CheckRequest, READY } from './protocol.ts';

async function check({ value, options }: CheckRequest): Promise<CriteriaCheck> {
  if (options.isProposal !== true) return checkCriteria(value, options);
  let hasJavascript = false;
  const checked = checkCriteria(value, options, () => {
    hasJavascript = true;
    return null;
  });
  // The engine is memory of many megabytes: only a suite that has something to compile is given one.
  return hasJavascript ? checkCriteria(value, options, await createJavascriptCompiler()) : checked;
}

async function answer(request: CheckRequest): Promise<void> {
  parentPort?.postMessage(await check(request));
}

parentPort?.on('message', (request: CheckRequest) => void answer(request));
parentPort?.postMessage(READY);
