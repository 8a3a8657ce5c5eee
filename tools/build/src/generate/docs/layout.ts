import { escapeHtml } from './html.ts';
import type { Page } from './page.ts';

/** A link of the navigation. */
export interface Link {
  readonly path: string;
  readonly title: string;
}
export interface Group {
  readonly title: string;
  readonly links: readonly Link[];
}

/** A page in its frame: navigation, search and what stands between. Works without script; the script adds search and copying. */
export function layout(page: Page, groups: readonly Group[]): string {
  const title = page.path === '/docs' ? page.title : `${page.title} · Agent Registry`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="stylesheet" href="/docs/site.css"><script src="/docs/site.js" defer></script></head>
<body><a class="skip" href="#main">Skip to the text</a>
<header><a class="home" href="/docs">Agent Registry</a>
<form id="search" role="search" hidden><input type="search" placeholder="Search ( / )" aria-label="Search the documentation" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list" autocomplete="off">
<ul id="found" class="found" role="listbox" aria-label="What was found" hidden></ul></form></header>
<nav class="site wide" aria-label="Pages">${navigation(page, groups)}</nav>
<details class="site narrow"><summary>Contents</summary><nav aria-label="All pages">${navigation(page, groups)}</nav></details>
<main id="main">${page.main}</main></body></html>
`;
}

function navigation(page: Page, groups: readonly Group[]): string {
  return groups
    .map(({ title, links }) => {
      const items = links.map(
        ({ path, title: name }) =>
          `<li><a href="${path}"${path === page.path ? ' aria-current="page"' : ''}>${escapeHtml(name)}</a></li>`,
      );
      return `<p>${escapeHtml(title)}</p><ul>${items.join('')}</ul>`;
    })
    .join('');
}
