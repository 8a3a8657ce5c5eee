import { countEventsOfJob, listEventsOfJob } from '@agent-registry/db';
import { contracts, type WebhookEvent } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { time } from '../../present/time.ts';
import { partyOf } from './party-of.ts';

export const listJobEvents = reading({
  contract: contracts.listJobEvents,
  async read(context, { params, query, caller }) {
    const { job } = await partyOf(context, params.job_id, caller.agentId);
    return keysetPage({
      name: 'events',
      request: query,
      rows: (page) => listEventsOfJob(context.db, job.job_id, page),
      count: (limit) => countEventsOfJob(context.db, job.job_id, limit),
      position: (event) => ({ at: event.created_at, id: event.event_id }),
      present: (events) =>
        events.map((event) => ({
          ...(JSON.parse(event.body) as WebhookEvent),
          event_id: event.event_id,
          created_at: time(event.created_at),
        })),
    });
  },
});
