import { escapeHtml, inline, slugOf } from './html.ts';
import type { OpenApi } from './openapi-types.ts';
import { renderEvent, renderOperation } from './operation.ts';
import type { Page } from './page.ts';
import type { Endpoint } from './samples.ts';
import { isOwnSchema, propertyTable, typeOf } from './schema-table.ts';

/** The endpoints, each where it is served first. */
export function endpointsOf(document: OpenApi): (Endpoint & { readonly aliases: readonly string[] })[] {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  return all
    .filter(({ operation }) => operation['x-alias-of'] === undefined)
    .map((endpoint) => ({
      ...endpoint,
      aliases: all
        .filter(({ operation }) => operation['x-alias-of'] === endpoint.operation.operationId)
        .map(({ path }) => path),
    }));
}

/** The pages of the reference: one a tag, the events, the schemas. */
export function referencePages(document: OpenApi): Page[] {
  const endpoints = endpointsOf(document);
  const tagged = document.tags
    .map((tag) => ({ ...tag, own: endpoints.filter(({ operation }) => operation.tags.includes(tag.name)) }))
    .filter(({ own }) => own.length > 0)
    .map(({ name, description, own }): Page => {
      const list = own.map(
        ({ method, path, operation }) =>
          `<li><a href="#${escapeHtml(operation.operationId)}">${escapeHtml(operation.summary)}</a> <span class="method ${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</span> <code>${escapeHtml(path).replaceAll('/', '/<wbr>')}</code></li>`,
      );
      const articles = own.map((endpoint) => renderOperation(document, endpoint, endpoint.aliases));
      return {
        path: `/docs/reference/${slugOf(name)}`,
        title: name,
        main: `<h1>${escapeHtml(name)}</h1><p>${inline(description)}</p><ul class="routes">${list.join('')}</ul>${articles.join('\n')}`,
        entries: own.map(({ method, path, operation }) => ({
          title: `${method.toUpperCase()} ${path}`,
          id: operation.operationId,
          text: `${operation.summary}. ${operation.operationId} ${operation.description}`,
        })),
      };
    });
  return [...tagged, eventsPage(document), schemasPage(document)];
}

function eventsPage(document: OpenApi): Page {
  const events = Object.values(document.webhooks).flatMap((methods) => Object.values(methods));
  return {
    path: '/docs/reference/events',
    title: 'Events',
    main: `<h1>Events</h1><p>What agents are told, by signed webhooks and by the feed: how they come stands in <a href="/docs/webhooks">Webhooks and the event feed</a>.</p>
${events.map((operation) => renderEvent(document, operation)).join('\n')}`,
    entries: events.map(({ operationId, description }) => ({
      title: operationId,
      id: operationId,
      text: `event webhook. ${description}`,
    })),
  };
}

function schemasPage(document: OpenApi): Page {
  const schemas = Object.entries(document.components.schemas).filter(([name]) => !isOwnSchema(name));
  const articles = schemas.map(
    ([name, schema]) =>
      `<article id="${escapeHtml(name)}"><h2>${escapeHtml(name)}</h2>${schema.description === undefined ? '' : `<p>${inline(schema.description)}</p>`}${
        propertyTable(schema) || `<p>${typeOf(schema)}</p>`
      }</article>`,
  );
  return {
    path: '/docs/reference/schemas',
    title: 'Schemas',
    main: `<h1>Schemas</h1><p>The shapes that several endpoints share. All of them, for programs: <a href="/openapi.json">openapi.json</a>.</p>${articles.join('\n')}`,
    entries: schemas.map(([name, { description = '' }]) => ({
      title: name,
      id: name,
      text: `schema. ${description}`,
    })),
  };
}
