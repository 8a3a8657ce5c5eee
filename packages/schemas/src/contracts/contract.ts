import type { z } from 'zod';
import type { ErrorCode } from '../errors.ts';

export const RATE_CATEGORIES = ['discovery', 'read', 'write', 'job', 'registration'] as const;
export type RateCategory = (typeof RATE_CATEGORIES)[number];

/**
 * Who may call: `open` anybody (a signature, if sent, is verified) · `signed` any active agent · `owner` the agent
 * named by `:agent_id` · `operator` holders of an operator key.
 */
export type Access = 'open' | 'signed' | 'owner' | 'operator';

export interface Contract {
  /** Unique, camelCase: the operationId of OpenAPI. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `:name` parameters, without `/v1`. */
  readonly path: string;
  /** Other paths the same endpoint is served under, for existing clients. */
  readonly aliases?: readonly string[];
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  readonly rate: RateCategory | null;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType | null;
  readonly status: 200 | 201 | 204;
  /** Further successful answers, such as 202. */
  readonly alsoAnswers?: Readonly<Record<number, z.ZodType>>;
  /** What this endpoint may refuse with, beside what every endpoint may. */
  readonly errors: readonly ErrorCode[];
  /** `required` for operators' money routes, `ignored` for verify. */
  readonly idempotency?: 'optional' | 'required' | 'ignored';
  /** The request may be signed by the key that its `public_key` names, which proves that its sender holds it. */
  readonly signedByNewKey?: boolean;
  /** The response holds a secret, so it is sealed where it is stored under an idempotency key. */
  readonly secret?: boolean;
  readonly example?: unknown;
}

/** Keeps a contract's precise types while checking its shape. */
export function contract<const C extends Contract>(definition: C): C {
  return definition;
}

export type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
export type ParamsOf<C extends Contract> = Parsed<C['params']>;
export type QueryOf<C extends Contract> = Parsed<C['query']>;
export type BodyOf<C extends Contract> = Parsed<C['body']>;
export type ResponseOf<C extends Contract> = Parsed<C['response']>;
/** What a client sends as body, before parsing. */
export type BodyInputOf<C extends Contract> = C['body'] extends z.ZodType ? z.input<C['body']> : undefined;
type Sent<S> = S extends z.ZodType ? z.input<S> : undefined;
/** What a client puts into the path, and into the query, before parsing. */
export type ParamsInputOf<C extends Contract> = Sent<C['params']>;
export type QueryInputOf<C extends Contract> = Sent<C['query']>;
