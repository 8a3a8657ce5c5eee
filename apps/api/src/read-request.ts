import {
  type Contract,
  type FieldError,
  parseJsonBody,
  RegistryError,
  readBodyMembers,
  readQueryMembers,
  storableText,
  unstorable,
} from '@agent-registry/schemas';
import { sha256Hex } from '@agent-registry/signing';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ApiRequest } from './endpoint.ts';
import type { Admitted } from './middleware/admit.ts';
import { decodeBody } from './middleware/raw-body.ts';

const ERRORS_SHOWN_MAX = 20;
const MESSAGE_CHARS_MAX = 300;
const PATH_CHARS_MAX = 300;

/**
 * Checks a request against its contract.
 *
 * @throws RegistryError not_found for a path that cannot name anything; unknown_field or validation_failed for a query or a body;
 *   malformed_request, unsupported_media_type.
 */
export function readRequest(
  contract: Contract,
  req: Request,
  res: Response,
  admitted: Admitted,
  address: string,
): ApiRequest<Contract> {
  const hasBody = contract.method === 'POST' || contract.method === 'PATCH';
  const bodyText = hasBody ? decodeBody(req, res, admitted.body) : '';
  const json = hasBody ? parseJsonBody(bodyText) : undefined;
  const hungUp = new AbortController();
  res.once('close', () => hungUp.abort());
  return {
    params: readParams(contract, req) as never,
    query: readQuery(contract, req) as never,
    body: (hasBody ? readBody(contract, json) : undefined) as never,
    bodyText,
    bodyHash: sha256Hex(admitted.body),
    caller: admitted.caller as never,
    header: (name) => {
      const value = req.headers[name];
      return typeof value === 'string' ? value : undefined;
    },
    address,
    path: (req.originalUrl.split('?', 1)[0] ?? '').replace(/^\/v1(?=\/)/, ''),
    gone: hungUp.signal,
  };
}

function readParams(contract: Contract, req: Request): unknown {
  if (contract.params === undefined) return undefined;
  const result = contract.params.safeParse(req.params);
  if (!result.success) throw new RegistryError('not_found', 'There is nothing here.');
  return result.data;
}

function readQuery(contract: Contract, req: Request): unknown {
  const query: Record<string, unknown> = { ...req.query };
  const { unknown } = readQueryMembers(contract, query);
  if (unknown.length > 0) throw refuse('unknown_field', unknown, 'query');
  if (contract.query === undefined) return undefined;
  const errors = Object.entries(query).flatMap(([path, value]): FieldError[] => {
    const message = typeof value === 'string' ? unstorable(value) : 'may be given once only';
    return message === null ? [] : [{ path, message }];
  });
  if (errors.length > 0) throw refuse('validation_failed', errors, 'query');
  return check(contract.query, query, 'query');
}

function readBody(contract: Contract, json: unknown): unknown {
  const { value, unknown } = readBodyMembers(contract, json);
  if (unknown.length > 0) throw refuse('unknown_field', unknown, 'body');
  return contract.body === undefined ? undefined : check(contract.body, value, 'body');
}

function check(schema: z.ZodType, value: unknown, what: 'body' | 'query'): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refuse('validation_failed', result.error.issues.map(describe), what);
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
