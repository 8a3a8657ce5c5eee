import { z } from 'zod';
import { uuid } from '../common.ts';
import type { ErrorCode } from '../errors.ts';

export const RATE_CATEGORIES = ['discovery', 'read', 'write', 'job', 'registration', 'log'] as const;
export type RateCategory = (typeof RATE_CATEGORIES)[number];

/**
 * Who may call: `open` anybody (a signature, if sent, is verified) · `signed` any active agent · `owner` the agent
 * named by `:agent_id` · `operator` holders of an operator key.
 */
export type Access = 'open' | 'signed' | 'owner' | 'operator';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Contract {
  /** Unique, camelCase: the name the contract is exported by, and the operationId of OpenAPI. */
  readonly id: string;
  readonly method: Method;
  /** With `:name` parameters, without `/v1`. */
  readonly path: string;
  /** Other paths the same endpoint is served under, for existing clients. */
  readonly aliases?: readonly string[];
  readonly tag: string;
  /** One line, for lists. */
  readonly summary: string;
  /** What it does, what it needs and what follows, in a few sentences of Markdown. */
  readonly description: string;
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
  /** Whether the answer may be awaited, by `Prefer: wait=N`. */
  readonly waits?: boolean;
  /** For how long a caller may go on using an answer without asking again, where a stale one does no harm. */
  readonly maxAgeSeconds?: number;
  /** The response holds a secret, so it is sealed where it is stored under an idempotency key. */
  readonly secret?: boolean;
  readonly example?: unknown;
}

/** A contract as it is written: its method, path and parameters are said by its route. */
interface Definition extends Omit<Contract, 'id' | 'method' | 'path' | 'params' | 'status' | 'errors'> {
  /** Each `:name_id` in it is a UUID, any other name a text. */
  readonly route: `${Method} /${string}`;
  /** 200 unless given. */
  readonly status?: Contract['status'];
  /** None unless given. */
  readonly errors?: readonly ErrorCode[];
}

type NamesIn<Path> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
type Routed<Route> = Route extends `${infer M extends Method} ${infer Path}`
  ? { readonly method: M; readonly path: Path } & ([NamesIn<Path>] extends [never]
      ? unknown
      : { readonly params: z.ZodObject<Record<NamesIn<Path>, typeof uuid>> })
  : never;

/** A call by a party of a job. */
export const party = { access: 'signed', tag: 'Jobs' } as const;

/** The usual accesses with their rate categories. */
export const openRead = { access: 'open', rate: 'read' } as const;
export const signedRead = { access: 'signed', rate: 'read' } as const;
export const ownerRead = { access: 'owner', rate: 'read' } as const;
export const ownerWrite = { access: 'owner', rate: 'write' } as const;

/** A call of an operator's. */
export const operatorCall = { tag: 'Operators', access: 'operator', rate: null } as const;
/** Why an operator changes something. */
export const note = z.string().min(1).max(2048).describe('Why, for the audit trail');

const PARAM_CHARS_MAX = 300;
const text = z.string().min(1).max(PARAM_CHARS_MAX);
const DEFAULTS = { status: 200, errors: [] } as const;

/** Makes a contract of its definition; its precise types are kept. */
export function contract<const D extends Definition>({ route, ...rest }: D) {
  const [method = '', path = ''] = route.split(' ');
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => [
    name,
    (name.endsWith('_id') ? uuid : text).describe(`The ${name.replace('_id', '')}`),
  ]);
  const params = names.length === 0 ? {} : { params: z.object(Object.fromEntries(names)) };
  const made = { ...DEFAULTS, method, path, ...params, ...rest };
  return made as unknown as Omit<typeof DEFAULTS, keyof D> & Omit<D, 'route'> & Routed<D['route']>;
}

export type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
export type ParamsOf<C extends Contract> = Parsed<C['params']>;
export type QueryOf<C extends Contract> = Parsed<C['query']>;
export type BodyOf<C extends Contract> = Parsed<C['body']>;
export type ResponseOf<C extends Contract> = Parsed<C['response']>;
