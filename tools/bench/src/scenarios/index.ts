import type { Scenario } from '../scenario.ts';
import { balance } from './balance.ts';
import { discovery } from './discovery.ts';
import { discoveryMillion } from './discovery-million.ts';
import { eventFeed } from './event-feed.ts';
import { health } from './health.ts';
import { lifecycle } from './lifecycle.ts';
import { lifecycleVerdict } from './lifecycle-verdict.ts';
import { log } from './log.ts';
import { oneClient } from './one-client.ts';
import { runner } from './runner.ts';
import { signedGet } from './signed-get.ts';
import { signedGetRfc9421 } from './signed-get-rfc9421.ts';
import { soak } from './soak.ts';
import { verdicts } from './verdicts.ts';
import { webhooks } from './webhooks.ts';
import { webhooksHanging } from './webhooks-hanging.ts';

/** In the order in which they are run: what does without Redis comes while it is not yet trusted. */
export const scenarios: readonly Scenario[] = [
  health,
  signedGet,
  runner,
  discovery,
  signedGetRfc9421,
  balance,
  lifecycle,
  lifecycleVerdict,
  oneClient,
  verdicts,
  log,
  eventFeed,
  webhooks,
  webhooksHanging,
  discoveryMillion,
  soak,
];
