import { readDispatcherConfig } from '@agent-registry/config';
import { runService } from '@agent-registry/service-kit';
import { createContext } from './context.ts';
import { createServer } from './server.ts';

await runService({ name: 'dispatcher', readConfig: readDispatcherConfig, createContext, createServer });
