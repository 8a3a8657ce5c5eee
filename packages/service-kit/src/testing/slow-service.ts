// A service for serve.test.ts to start and stop: `/wait` answers once the service is told to stop, `/never` never.
import { bootOrExit, createLogger, serve } from '../index.ts';

const log = createLogger({ service: 'slow', level: 'info' });
const stopping = new AbortController();

await bootOrExit(async () => {
  const running = await serve({
    app: (req, res) => {
      log.info('request arrived');
      stopping.signal.addEventListener('abort', () => {
        if (req.url === '/wait') setImmediate(() => res.end('finished'));
      });
    },
    host: '127.0.0.1',
    port: Number(process.env.PORT ?? 0),
    log,
    onStopping: () => {
      stopping.abort();
      process.nextTick(() => log.info('stopping was told')); // by then the port is closed
    },
    shutdown: async () => {
      if (process.env.HOOK === 'fail') throw new Error('as asked');
      log.info('hook ran');
    },
    ...(process.env.GRACE_MS === undefined ? {} : { graceMs: Number(process.env.GRACE_MS) }),
  });
  log.info(`listening on ${running.url}`);
});
