import { z } from 'zod';
import { list, matching, text } from './variables.ts';

const KEYS_MAX = 4;
const origin = matching(/^[^\s+]{1,200}$/, 'a name without blanks or plus, such as registry.example/log');
const seed = /^[0-9a-f]{64}$/;
const isAnchor = (value: string) => /^(?:gs:\/\/[a-z0-9][\w.-]+(?:\/[\w./-]+)?|\/.+)$/.test(value);

/** What the dispatcher signs the transparency log with; null where none of it is set, and leaves wait. */
export const signedLog = z
  .object({
    ENV: text(64).default('development'),
    LOG_ORIGIN: origin.optional(),
    LOG_SIGNING_KEYS: list(KEYS_MAX)
      .refine((keys) => keys.every((key) => seed.test(key)), 'must be 64 lower-case hex digits each')
      .optional(),
    LOG_ANCHOR: text().refine(isAnchor, 'must be gs://<bucket>/<prefix> or an absolute path').optional(),
  })
  .superRefine((env, context) => {
    const isSet = [env.LOG_ORIGIN, env.LOG_SIGNING_KEYS?.[0], env.LOG_ANCHOR].map(
      (value) => value !== undefined,
    );
    const isProduction = env.ENV === 'production';
    if (!isProduction && !isSet.includes(true)) return;
    for (const [at, name] of (['LOG_ORIGIN', 'LOG_SIGNING_KEYS', 'LOG_ANCHOR'] as const).entries())
      if (!isSet[at]) context.addIssue({ code: 'custom', path: [name], message: 'is missing' });
    // A local directory is lost with its machine.
    if (isProduction && isSet[2] && !env.LOG_ANCHOR?.startsWith('gs://'))
      context.addIssue({
        code: 'custom',
        path: ['LOG_ANCHOR'],
        message: 'must be gs://<bucket>/<prefix> in production',
      });
  })
  .transform(({ LOG_ORIGIN, LOG_SIGNING_KEYS, LOG_ANCHOR }) =>
    LOG_ORIGIN === undefined || LOG_SIGNING_KEYS === undefined || LOG_ANCHOR === undefined
      ? null
      : { origin: LOG_ORIGIN, seeds: LOG_SIGNING_KEYS, anchor: LOG_ANCHOR },
  );

/** What the api shows of the log: its name, and the keys that it is verified with. Null where it shows none. */
export const shownLog = z
  .object({
    LOG_ORIGIN: origin.optional(),
    LOG_VKEYS: list(KEYS_MAX).optional(),
  })
  .superRefine((env, context) => {
    const { LOG_ORIGIN: name, LOG_VKEYS: vkeys = [] } = env;
    if ((name === undefined) !== (vkeys.length === 0))
      context.addIssue({
        code: 'custom',
        path: ['LOG_VKEYS'],
        message: 'must be set where LOG_ORIGIN is, and only there',
      });
    if (!vkeys.every((vkey) => vkey.startsWith(`${name}+`)))
      context.addIssue({
        code: 'custom',
        path: ['LOG_VKEYS'],
        message: 'must be <LOG_ORIGIN>+<id>+<key> each',
      });
  })
  .transform(({ LOG_ORIGIN, LOG_VKEYS }) =>
    LOG_ORIGIN === undefined || LOG_VKEYS === undefined ? null : { origin: LOG_ORIGIN, vkeys: LOG_VKEYS },
  );
