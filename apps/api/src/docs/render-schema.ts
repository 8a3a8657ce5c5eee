import { escapeHtml, inline } from './html.ts';
import type { Parameter, Schema } from './openapi-types.ts';

/** A schema's type in a few words: `string (uuid)`, `array of Job`, `"a" | "b"`. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = escapeHtml(schema.$ref.split('/').at(-1));
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return escapeHtml(JSON.stringify(schema.const));
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => escapeHtml(JSON.stringify(value))).join(' | <wbr>');
  }
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array')
    return `array of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  const format = schema.format === undefined ? '' : ` (${escapeHtml(schema.format)})`;
  return schema.type === undefined ? 'any JSON' : `${escapeHtml(schema.type)}${format}`;
}

/** The members of an object, as a table; nothing for what has none. */
export function propertyTable(schema: Schema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    row(name, property, schema.required?.includes(name) === true),
  );
  return table(rows);
}

export function parameterTable(parameters: readonly Parameter[]): string {
  return table(
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

function row(name: string, schema: Schema, required: boolean, where?: string): string {
  const place = where === undefined ? '' : ` <small>${escapeHtml(where)}</small>`;
  const notes = [schema.description ?? '', ...bounds(schema)].filter((note) => note !== '').join(' · ');
  const mark = required ? '<span class="must" title="required">required</span>' : '';
  return `<tr><th><code>${escapeHtml(name)}</code>${place}</th><td>${typeOf(schema)} ${mark}</td><td>${inline(notes)}</td></tr>`;
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

function table(rows: readonly string[]): string {
  return rows.length === 0 ? '' : `<table><tbody>${rows.join('')}</tbody></table>`;
}
