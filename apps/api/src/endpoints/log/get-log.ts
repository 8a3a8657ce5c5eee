import { listLeavesAbout } from '@agent-registry/db';
import { EMPTY_ROOT, type LeafOf } from '@agent-registry/log';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { findPublished, shownLog } from '../../log/published-log.ts';
import { findPublicAgent } from '../agents/find-public-agent.ts';

/** The sweep runs each minute, and takes less than another. */
const MAX_DELAY_SECONDS = 120;
/** Keys of one agent: each was rotated by a signed request, so that more are a program's mistake. */
const KEYS_MAX = 1_000;

export const getLog = reading({
  contract: contracts.getLog,
  async read(context) {
    const { origin, vkeys } = shownLog(context);
    const published = await findPublished(context.db);
    return {
      origin,
      vkeys: [...vkeys],
      size: published?.size ?? 0,
      root: (published?.checkpoint.root ?? EMPTY_ROOT).toString('hex'),
      signed_at: published?.checkpoint.signed_at.toISOString() ?? null,
      max_delay_seconds: MAX_DELAY_SECONDS,
    };
  },
});

export const listAgentKeys = reading({
  contract: contracts.listAgentKeys,
  async read(context, { params, caller }) {
    const agent = await findPublicAgent(context, params.agent_id, caller);
    const [rows, published] = await Promise.all([
      listLeavesAbout(context.db, 'key', `${agent.agent_id}:`, KEYS_MAX),
      findPublished(context.db),
    ]);
    const keys = rows.map(({ leaf, log_index: at }) => {
      const { key, time, reason } = JSON.parse(leaf.toString()) as LeafOf<'key'>;
      const index = at === null ? null : Number(at);
      const isPublished = index !== null && index < (published?.size ?? 0);
      return { key, since: time, reason, log_index: isPublished ? index : null };
    });
    return { keys };
  },
});
