// A thread that checks criteria. What strangers wrote is parsed and compiled here, and the service's event loop stays free.
import { parentPort } from 'node:worker_threads';
import { checkCriteria } from '../check-criteria.ts';
import { createJavascriptCompiler } from '../javascript-compiler.ts';
import { type CheckRequest, READY } from './protocol.ts';

async function answer({ value, options }: CheckRequest): Promise<void> {
  const compile = options.isProposal === true ? await createJavascriptCompiler() : null;
  parentPort?.postMessage(checkCriteria(value, options, compile));
}

parentPort?.on('message', (request: CheckRequest) => void answer(request));
parentPort?.postMessage(READY);
