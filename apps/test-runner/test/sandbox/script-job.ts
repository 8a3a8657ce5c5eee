import type { ScriptJob, ScriptLimits } from '../../src/backend.ts';
import { attackLimits } from './attack-limits.ts';

/** A script without a deliverable, for bash unless said otherwise. */
export const scriptJob = (
  source: string,
  limits: Partial<ScriptLimits> = {},
  runtime: ScriptJob['runtime'] = 'bash:5',
): ScriptJob => ({
  runtime,
  script: Buffer.from(source),
  deliverableJson: Buffer.from('null'),
  limits: { ...attackLimits, ...limits },
});
