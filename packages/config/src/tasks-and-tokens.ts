import { z } from 'zod';
import { list, matching, origin, url } from './variables.ts';

const email = /^[^\s@,]+@[^\s@,]+$/;
const maxEmails = 20;

/** Where tasks are created, and whose token Cloud Tasks attaches when it calls the dispatcher. */
export const tasks = z
  .object({
    TASKS_PROJECT: matching(/^[a-z0-9:.-]{1,64}$/, 'a project id'),
    TASKS_LOCATION: matching(/^[a-z0-9-]{1,64}$/, 'a region').default('us-west1'),
    TASKS_API_ENDPOINT: matching(/^(https?:\/\/)?[A-Za-z0-9.-]+:\d{1,5}$/, 'HOST:PORT').optional(),
    TASKS_SERVICE_ACCOUNT: matching(email, 'an e-mail address'),
    DISPATCHER_URL: origin(),
  })
  .transform((env) => ({
    project: env.TASKS_PROJECT,
    location: env.TASKS_LOCATION,
    apiEndpoint: env.TASKS_API_ENDPOINT?.replace(/^https:\/\//, '') ?? null,
    serviceAccount: env.TASKS_SERVICE_ACCOUNT,
    dispatcherUrl: env.DISPATCHER_URL,
  }));

/** Whose tokens a private service accepts. The audience is the service's own address, never a path of it. */
export const oidc = z
  .object({
    OIDC_ISSUER: url('http:', 'https:').default('https://accounts.google.com'),
    OIDC_JWKS_URL: url('http:', 'https:').default('https://www.googleapis.com/oauth2/v3/certs'),
    OIDC_AUDIENCE: origin(),
    OIDC_ALLOWED_EMAILS: list(maxEmails).refine(
      (emails) => emails.length > 0 && emails.every((address) => email.test(address)),
      'must be e-mail addresses, at least one',
    ),
    OIDC_SIGNATURE: z
      .enum(['verify', 'checked-by-platform'], { error: 'must be verify or checked-by-platform' })
      .default('verify'),
  })
  .transform((env) => ({
    issuer: env.OIDC_ISSUER,
    jwksUrl: env.OIDC_JWKS_URL,
    audience: env.OIDC_AUDIENCE,
    allowedEmails: env.OIDC_ALLOWED_EMAILS,
    signature: env.OIDC_SIGNATURE,
  }));

/** Where a service gets its own identity tokens: the metadata server, or locally the emulator's issuer. */
export type IdTokenConfig = { kind: 'metadata' } | { kind: 'emulator'; tokenUrl: string; email: string };

export const idTokens = z
  .object({
    ID_TOKEN_URL: url('http:', 'https:').optional(),
    ID_TOKEN_EMAIL: matching(email, 'an e-mail address').optional(),
  })
  .transform((env, context): IdTokenConfig => {
    if (env.ID_TOKEN_URL === undefined) return { kind: 'metadata' };
    if (env.ID_TOKEN_EMAIL === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['ID_TOKEN_EMAIL'],
        message: 'is missing: ID_TOKEN_URL needs it',
      });
    }
    return { kind: 'emulator', tokenUrl: env.ID_TOKEN_URL, email: env.ID_TOKEN_EMAIL ?? '' };
  });

export const testRunnerUrl = z.object({ TEST_RUNNER_URL: origin() }).transform((env) => env.TEST_RUNNER_URL);
