import { z } from 'zod';
import { agent } from './agent.ts';
import type { Contract } from './contracts/contract.ts';
import type { FieldError } from './errors.ts';
import { listing } from './listing.ts';
import { nearestName } from './nearest-name.ts';
import { storableText } from './storable-text.ts';

const ERRORS_MAX = 20;
const PATH_CHARS_MAX = 300;

/**
 * Members that are taken and ignored, because existing clients send them: to a registration what other registries ask for, to
 * a change of a profile or a listing whatever GET answers of it.
 */
export const IGNORED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  registerAgent: ['registration_token', 'moltbook_identity_token'],
  updateAgent: Object.keys(agent.shape),
  updateListing: Object.keys(listing.shape),
};

/** The same deeper within a body. ARD lets a query bind prefixes for its filters, none of which is known here. */
const IGNORED_WITHIN: Readonly<Record<string, readonly string[]>> = { searchArd: ['query.@context'] };

const NO_MEMBERS = z.object({});

/** A value with what its schema says of members applied, or the members that the schema does not know. */
export interface KnownMembers {
  readonly value: unknown;
  readonly unknown: readonly FieldError[];
}

/**
 * Reads a request's body by the two rules that hold for every member of every contract: a name that the schema does not know
 * is an error that names the nearest known one, and null for an optional member means absent, unless the schema gives null a
 * meaning of its own. Free JSON of a stranger's (requirements, criteria, results, terms) is left as it is.
 */
export function readBodyMembers(contract: Contract, body: unknown): KnownMembers {
  const ignored = [IGNORED_MEMBERS, IGNORED_WITHIN].flatMap((members) => members[contract.id] ?? []);
  return read(contract.body ?? NO_MEMBERS, body, ignored);
}

/** The same for a query; an endpoint without a query takes no parameters. */
export function readQueryMembers(contract: Contract, query: unknown): KnownMembers {
  return read(contract.query ?? NO_MEMBERS, query, []);
}

function read(schema: z.ZodType, value: unknown, ignored: readonly string[]): KnownMembers {
  const unknown: FieldError[] = [];
  return { value: visit(schema, value, { path: '', ignored, unknown }), unknown };
}

interface Place {
  readonly path: string;
  readonly ignored: readonly string[];
  readonly unknown: FieldError[];
}

function visit(schema: z.ZodType, value: unknown, place: Place): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const element = inner.element as z.ZodType;
    return value.map((item, index) => visit(element, item, under(place, String(index))));
  }
  if (!(inner instanceof z.ZodObject) || !isRecord(value)) return value;
  const shape: Readonly<Record<string, z.ZodType>> = inner.shape;
  const isOpen = inner.def.catchall !== undefined;
  const kept: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) {
    const member = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (member !== undefined) {
      if (item !== null || !meansAbsent(member)) kept.push([name, visit(member, item, under(place, name))]);
    } else if (isOpen) kept.push([name, item]);
    else if (!place.ignored.includes(pathTo(place.path, name))) refuse(place, name, Object.keys(shape));
  }
  return Object.fromEntries(kept);
}

function meansAbsent(member: z.ZodType): boolean {
  return member.safeParse(undefined).success && !member.safeParse(null).success;
}

function refuse({ path, unknown }: Place, name: string, known: readonly string[]): void {
  if (unknown.length >= ERRORS_MAX) return;
  unknown.push({ path: storableText(pathTo(path, name), PATH_CHARS_MAX), message: describe(name, known) });
}

function describe(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== null) return `is unknown: did you mean ${nearest}?`;
  return known.length === 0
    ? 'is unknown: nothing is taken here'
    : `is unknown: known are ${known.join(', ')}`;
}

function under(place: Place, name: string): Place {
  return { ...place, path: pathTo(place.path, name) };
}

function pathTo(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrap(schema.def.innerType as z.ZodType);
  return schema instanceof z.ZodPipe ? unwrap(schema.def.in as z.ZodType) : schema;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
