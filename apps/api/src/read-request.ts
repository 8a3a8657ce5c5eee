import {
  type Contract,
  type FieldError,
  type Parsed,
  RegistryError,
  readBodyMembers,
  readQueryMembers,
  storableText,
  unstorable,
} from '@agent-registry/schemas';
import { sha256Hex } from '@agent-registry/signing';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ApiRequest, Caller, CallerOf } from './api-request.ts';
import type { Admitted } from './middleware/admit.ts';
import { decodeBody, NO_BODY, parseJsonBody } from './middleware/body.ts';

const ERRORS_SHOWN_MAX = 20;
const MESSAGE_CHARS_MAX = 300;
const PATH_CHARS_MAX = 300;

/** A request as it came in, once its caller was admitted. */
export interface Incoming {
  readonly req: Request;
  readonly res: Response;
  readonly admitted: Admitted;
  /** What the caller's address is counted by. */
  readonly address: string;
}

/**
 * Checks a request against its contract.
 *
 * @throws RegistryError not_found for a path that cannot name anything; unknown_field or validation_failed for a query or a body;
 *   malformed_request, unsupported_media_type.
 */
export function readRequest<C extends Contract>(contract: C, incoming: Incoming): ApiRequest<C> {
  const { req, res, admitted, address } = incoming;
  const hasBody = contract.method === 'POST' || contract.method === 'PATCH';
  const sent = hasBody ? parseJsonBody(decodeBody(req, res, admitted.body)) : NO_BODY;
  let hungUp: AbortSignal | null = null;
  return {
    params: parse(contract, 'params', req.params),
    query: parse(contract, 'query', knownQuery(contract, req)),
    body: parse(contract, 'body', hasBody ? knownBody(contract, sent.value) : undefined),
    textOf: sent.textOf,
    bodyBytes: hasBody ? admitted.body.length : 0,
    bodyHash: sha256Hex(admitted.body),
    caller: callerOf(contract, admitted.caller),
    header: (name) => {
      const value = req.headers[name];
      return typeof value === 'string' ? value : undefined;
    },
    address,
    path: (req.originalUrl.split('?', 1)[0] ?? '').replace(/^\/v1(?=\/)/, ''),
    get gone() {
      hungUp ??= hangUpOf(res);
      return hungUp;
    },
  };
}

/** Aborted when the response is over. An abort makes an error with its stack, so only who waits for one pays it. */
function hangUpOf(res: Response): AbortSignal {
  if (res.closed) return AbortSignal.abort();
  const hungUp = new AbortController();
  res.once('close', () => hungUp.abort());
  return hungUp.signal;
}

type Part = 'params' | 'query' | 'body';

/** What a contract's schema makes of a part of a request; undefined where the contract has none. */
function parse<C extends Contract, P extends Part>(contract: C, part: P, value: unknown): Parsed<C[P]>;
function parse(contract: Contract, part: Part, value: unknown): unknown {
  const result = contract[part]?.safeParse(value);
  if (result === undefined || result.success) return result?.data;
  if (part === 'params') throw new RegistryError('not_found', 'There is nothing here.');
  throw refuse('validation_failed', result.error.issues.map(describe), part);
}

/** The caller, as the contract's access promises it. */
function callerOf<C extends Contract>(contract: C, caller: Caller): CallerOf<C>;
function callerOf({ access, signedByNewKey = false }: Contract, caller: Caller): Caller {
  const kinds: readonly (string | undefined)[] = {
    operator: ['operator'],
    owner: ['agent'],
    signed: ['agent'],
    open: ['agent', undefined, ...(signedByNewKey ? ['key'] : [])],
  }[access];
  if (kinds.includes(caller?.kind)) return caller;
  throw new Error(`invariant: a request admitted by ${caller?.kind} where access is ${access}`);
}

/** The query's parameters, each known, storable and given once. */
function knownQuery(contract: Contract, req: Request): unknown {
  const query: Record<string, unknown> = { ...req.query };
  const { unknown } = readQueryMembers(contract, query);
  if (unknown.length > 0) throw refuse('unknown_field', unknown, 'query');
  const errors = Object.entries(query).flatMap(([path, value]): FieldError[] => {
    const message = typeof value === 'string' ? unstorable(value) : 'may be given once only';
    return message === null ? [] : [{ path, message }];
  });
  if (errors.length > 0) throw refuse('validation_failed', errors, 'query');
  return query;
}

function knownBody(contract: Contract, json: unknown): unknown {
  const { value, unknown } = readBodyMembers(contract, json);
  if (unknown.length > 0) throw refuse('unknown_field', unknown, 'body');
  return value;
}

function describe(issue: z.core.$ZodIssue): FieldError {
  // A union says "invalid input"; its branches say what would have been right.
  const inner = issue.code === 'invalid_union' ? issue.errors.flat()[0] : undefined;
  const said = storableText(inner?.message ?? issue.message, MESSAGE_CHARS_MAX);
  const message = said.endsWith('received undefined') ? 'is required' : said;
  const path = [...issue.path, ...(inner?.path ?? [])].map(String).join('.');
  return { path: storableText(path, PATH_CHARS_MAX), message };
}

function refuse(
  code: 'unknown_field' | 'validation_failed',
  errors: readonly FieldError[],
  what: string,
): RegistryError {
  const [first] = errors;
  const where = first === undefined || first.path === '' ? `The ${what}` : first.path;
  return new RegistryError(code, `${where}: ${first?.message ?? 'not acceptable'}`, {
    errors: errors.slice(0, ERRORS_SHOWN_MAX),
  });
}
