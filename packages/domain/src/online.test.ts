import { expect, test } from '@jest/globals';
import { isOnline } from './online.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds);
const TEN_MINUTES = 600_000;

test.each([
  ['was never seen', null, null, false],
  ['was seen just under 10 minutes ago', ago(TEN_MINUTES - 1), null, true],
  ['was seen 10 minutes ago', ago(TEN_MINUTES), null, false],
  ['has an endpoint that answered just under 10 minutes ago', null, ago(TEN_MINUTES - 1), true],
  ['has an endpoint that answered 10 minutes ago', ago(TEN_MINUTES), ago(TEN_MINUTES), false],
  ['was seen long ago and has an endpoint that answers', ago(10 * TEN_MINUTES), NOW, true],
])(
  'an active agent that %s is online or not: %p, %p → %p',
  (_how, last_seen, endpoint_answered_at, online) => {
    expect(isOnline({ status: 'active', last_seen, endpoint_answered_at }, NOW)).toBe(online);
  },
);

test.each(['suspended', 'deactivated'])(
  'an agent that is %s is not online, however lately it was seen',
  (status) => {
    expect(isOnline({ status, last_seen: NOW, endpoint_answered_at: NOW }, NOW)).toBe(false);
  },
);
