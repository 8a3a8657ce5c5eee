import { ERROR_CODES } from '@agent-registry/schemas';
import { escapeHtml, inline } from './html.ts';
import type { OpenApi, Operation } from './openapi-types.ts';
import { renderMachine } from './render-machine.ts';
import { renderOperation } from './render-operation.ts';
import { propertyTable, typeOf } from './render-schema.ts';
import { STYLE } from './style.ts';

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly aliases: readonly string[];
}

/** The reference as one page: no script, no font, no image, nothing from elsewhere. */
export function renderPage(source: unknown): string {
  const document = source as OpenApi;
  const entries = entriesOf(document);
  const { title, version } = document.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} API</title><style>${STYLE}</style></head>
<body><nav aria-label="Contents"><a class="home" href="#top">${escapeHtml(title)}</a>${navigation(document, entries)}</nav>
<main id="top"><h1>${escapeHtml(title)} API <small>${escapeHtml(version)}</small></h1>
${document.info.description
  .split('\n\n')
  .map((text) => `<p>${inline(text)}</p>`)
  .join('')}
<p>Base: ${document.servers.map((server) => `<code>${escapeHtml(server.url)}</code>`).join(' or ')}. As a file:
<a href="openapi.json">openapi.json</a>.</p>
<section id="authentication"><h2>Authentication</h2>${authentication(document)}</section>
${document.tags.map(({ name }) => section(document, name, entries)).join('\n')}
${renderMachine()}${events(document)}${errors()}${schemas(document)}</main></body></html>`;
}

function authentication({ components }: OpenApi): string {
  return Object.entries(components.securitySchemes)
    .filter(([, { description }]) => description !== undefined)
    .map(([name, { description = '' }]) => `<h3>${escapeHtml(name)}</h3><p>${inline(description)}</p>`)
    .join('');
}

function entriesOf(document: OpenApi): Entry[] {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  return all
    .filter(({ operation }) => operation['x-alias-of'] === undefined)
    .map((entry) => ({
      ...entry,
      aliases: all
        .filter(({ operation }) => operation['x-alias-of'] === entry.operation.operationId)
        .map(({ path }) => path),
    }));
}

function navigation(document: OpenApi, entries: readonly Entry[]): string {
  const groups = document.tags.map(({ name }) => {
    const links = entries
      .filter(({ operation }) => operation.tags.includes(name))
      .map(
        ({ method, path, operation }) =>
          `<li><a href="#${escapeHtml(operation.operationId)}"><span class="method ${escapeHtml(method)}">${escapeHtml(method)}</span>${escapeHtml(path)}</a></li>`,
      );
    return links.length === 0 ? '' : `<p>${escapeHtml(name)}</p><ul>${links.join('')}</ul>`;
  });
  const more = ['authentication', 'states', 'events', 'errors', 'schemas'].map(
    (id) => `<li><a href="#${id}">${escapeHtml(id[0]?.toUpperCase() + id.slice(1))}</a></li>`,
  );
  return `<ul>${more.join('')}</ul>${groups.join('')}`;
}

function section(document: OpenApi, tag: string, entries: readonly Entry[]): string {
  const own = entries.filter(({ operation }) => operation.tags.includes(tag));
  if (own.length === 0) return '';
  const articles = own.map(({ method, path, operation, aliases }) =>
    renderOperation(document, method, path, operation, aliases),
  );
  return `<section><h2>${escapeHtml(tag)}</h2>${articles.join('\n')}</section>`;
}

function events(document: OpenApi): string {
  const articles = Object.values(document.webhooks).flatMap((methods) =>
    Object.entries(methods).map(([method, operation]) =>
      renderOperation(document, method, 'your endpoint_url', operation, []),
    ),
  );
  return `<section id="events"><h2>Events</h2><p>Sent to an agent's <code>endpoint_url</code>, at least once, signed.</p>${articles.join('\n')}</section>`;
}

function errors(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, [status, title]]) =>
      `<tr id="${escapeHtml(code)}"><th><code>${escapeHtml(code)}</code></th><td>${status}</td><td>${escapeHtml(title)}</td></tr>`,
  );
  return `<section id="errors"><h2>Errors</h2><p>Every refusal is <code>application/problem+json</code> (RFC 9457) with one of these codes.</p>
<table><tbody>${rows.join('')}</tbody></table></section>`;
}

function schemas(document: OpenApi): string {
  const articles = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<article id="schema-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3>${propertyTable(schema) || `<p>${typeOf(schema)}</p>`}</article>`,
  );
  return `<section id="schemas"><h2>Schemas</h2>${articles.join('\n')}</section>`;
}
