import { ERROR_CODES } from '@agent-registry/schemas';
import { escapeHtml, inline } from './html.ts';
import type { OpenApi, Parameter, Schema } from './openapi-types.ts';

/** Bodies and answers of one operation and events, which stand there, not among the schemas. */
export const isOwnSchema = (name: string): boolean => /(?:Request|Response|Event)$/.test(name);

/** The schema itself, or the one that it refers to. */
export function resolve(document: OpenApi, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return document.components.schemas[nameOf(schema.$ref)] ?? schema;
}

export const nameOf = (ref: string): string => ref.split('/').at(-1) ?? '';

/** A schema's type in a few words: `string (uuid)`, `array of Job`, `"a" | "b"`. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = escapeHtml(nameOf(schema.$ref));
    return isOwnSchema(name) ? name : `<a href="/docs/reference/schemas#${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return escapeHtml(JSON.stringify(schema.const));
  if (schema.enum !== undefined)
    return schema.enum.map((value) => escapeHtml(JSON.stringify(value))).join(' | <wbr>');
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return [...new Set(several.map(typeOf))].join(' or ');
  if (schema.type === 'array')
    return `array of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  const format = schema.format === undefined ? '' : ` (${escapeHtml(schema.format)})`;
  if (schema.type === undefined) return 'any JSON';
  return `${[schema.type].flat().map(escapeHtml).join(' or ')}${format}`;
}

/** The members of an object, as a table; nothing for what has none. */
export function propertyTable(schema: Schema): string {
  return fields(propertyRows(schema, ''));
}

/** Members of members follow them, by their path, as far as they have no schema of their own. */
function propertyRows(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {})
    .filter(([, { description }]) => description !== 'Ignored')
    .flatMap(([name, property]) => {
      const path = `${prefix}${name}`;
      const inner = property.items ?? property;
      return [
        row(path, property, schema.required?.includes(name) === true),
        ...propertyRows(inner, property.items === undefined ? `${path}.` : `${path}[].`),
      ];
    });
}

export function parameterTable(parameters: readonly Parameter[]): string {
  return fields(
    parameters.map(({ name, required, description, schema, in: where }) =>
      row(
        name,
        { ...schema, ...(description === undefined ? {} : { description }) },
        required === true,
        where,
      ),
    ),
  );
}

/** Text in which the codes of refusals lead to their remedies. */
export function withCodes(text: string): string {
  return inline(text).replaceAll(/<code>([a-z_]+)<\/code>/g, (whole, code: string) =>
    Object.hasOwn(ERROR_CODES, code) ? `<a href="/docs/errors#${code}">${whole}</a>` : whole,
  );
}

function row(name: string, schema: Schema, required: boolean, where?: string): string {
  const place = where === undefined ? '' : ` <small>${escapeHtml(where)}</small>`;
  const notes = [schema.description ?? '', ...bounds(schema)].filter((note) => note !== '').join(' · ');
  const mark = required ? ' <small class="must">required</small>' : '';
  return `<tr><th scope="row"><code>${escapeHtml(name)}</code>${place}${mark}</th><td>${typeOf(schema)}</td><td>${inline(notes)}</td></tr>`;
}

function bounds(schema: Schema): string[] {
  const { minimum, maximum, maxLength, maxItems, default: initial } = schema;
  return [
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(maxItems === undefined ? [] : [`at most ${maxItems}`]),
    ...(minimum === undefined || maximum === undefined ? [] : [`${minimum} to ${maximum}`]),
    ...(initial === undefined ? [] : [`default \`${JSON.stringify(initial)}\``]),
  ];
}

function fields(rows: readonly string[]): string {
  return rows.length === 0 ? '' : `<table class="fields"><tbody>${rows.join('\n')}</tbody></table>`;
}
