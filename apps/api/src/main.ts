import { readApiConfig } from '@agent-registry/config';
import { runService } from '@agent-registry/service-kit';
import { createContext } from './create-context.ts';
import { answerMalformed } from './middleware/errors.ts';
import { createServer } from './server.ts';

await runService({ name: 'api', readConfig: readApiConfig, createContext, createServer, answerMalformed });
