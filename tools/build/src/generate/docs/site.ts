import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '@agent-registry/schemas';
import { buildDocument } from '../openapi/build-document.ts';
import { facts } from './facts.ts';
import { escapeHtml } from './html.ts';
import { type Group, layout } from './layout.ts';
import { renderGuide } from './markdown.ts';
import type { OpenApi } from './openapi-types.ts';
import type { Page } from './page.ts';
import { endpointsOf, referencePages } from './reference.ts';

/** The guides in the order in which they are read; each is a file of apps/api/docs. */
const GUIDES = [
  'quickstart',
  'signing',
  'criteria',
  'jobs',
  'money',
  'webhooks',
  'being-found',
  'clients',
  'errors',
  'limits',
  'reputation',
  'checking',
  'threat-model',
  'operators',
] as const;
const SEARCHED_CHARS = 300;

/** A file of `apps/api/docs`, as text. */
function readSource(name: string): string {
  return readFileSync(new URL(`../../../../../apps/api/docs/${name}`, import.meta.url), 'utf8');
}

/** What is served at `/docs` and beneath, by path: pages, style sheet, script and the index that the script searches. */
export function buildSite(): Readonly<Record<string, string>> {
  const document = buildDocument() as unknown as OpenApi;
  const guides = GUIDES.map((name) => renderGuide(`/docs/${name}`, readSource(`${name}.md`), facts));
  const reference = referencePages(document);
  const groups: Group[] = [
    { title: 'Guides', links: guides },
    { title: 'Reference', links: reference },
  ];
  const start = startPage(document);
  const pages = [start, ...guides, ...reference];
  return {
    ...Object.fromEntries(pages.map((page) => [page.path, layout(page, groups)])),
    '/docs/search.json': JSON.stringify(searchIndex(pages)),
    '/docs/site.css': readSource('base.css') + readSource('site.css'),
    '/docs/site.js': readSource('site.js'),
  };
}

/** The start, and an index in which each anchor of the former single page leads to its new place. */
function startPage(document: OpenApi): Page {
  const page = renderGuide('/docs', readSource('index.md'), facts);
  const endpoints = endpointsOf(document).map(
    ({ method, path, operation }) =>
      `<li><span class="method ${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</span> <a id="${operation.operationId}" href="/docs/reference/${operation.tags[0]?.toLowerCase()}#${operation.operationId}"><code>${escapeHtml(path).replaceAll('/', '/<wbr>')}</code></a></li>`,
  );
  const errors = Object.keys(ERROR_CODES).map(
    (code) => `<li><a id="${code}" href="/docs/errors#${code}"><code>${code}</code></a></li>`,
  );
  const moved = [
    ['authentication', '/docs/signing', 'Signing'],
    ['states', '/docs/jobs#states', 'States of a job'],
    ['events', '/docs/reference/events', 'Events'],
    ['schemas', '/docs/reference/schemas', 'Schemas'],
  ].map(([id, path, title]) => `<li><a id="${id}" href="${path}">${title}</a></li>`);
  const index = `<h2 id="endpoints">Every endpoint</h2><ul class="index">${endpoints.join('')}</ul>
<h2 id="errors">Every refusal</h2><ul class="index">${errors.join('')}</ul>
<h2 id="more">And</h2><ul class="index">${moved.join('')}</ul>`;
  return { ...page, main: page.main + index };
}

function searchIndex(
  pages: readonly Page[],
): readonly (readonly [title: string, path: string, text: string])[] {
  return pages.flatMap(({ path, entries }) =>
    entries.map(
      ({ title, id, text }) =>
        [title, id === undefined ? path : `${path}#${id}`, text.slice(0, SEARCHED_CHARS)] as const,
    ),
  );
}
