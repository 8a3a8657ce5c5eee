import MarkdownIt from 'markdown-it';
import { codeBlock } from './highlight.ts';
import { slugOf, textOf } from './html.ts';
import type { Entry, Page } from './page.ts';

const TITLES: Readonly<Record<string, string>> = {
  sh: 'Terminal',
  ts: 'TypeScript',
  py: 'Python',
  js: 'JavaScript',
  json: 'JSON',
  http: 'HTTP',
  output: 'Result',
};

/** Blocks of Markdown that stand for what the code itself knows: `<!-- fact: name -->`; and `{{name}}` within a line. */
export interface Facts {
  readonly blocks: Readonly<Record<string, () => string>>;
  readonly words: Readonly<Record<string, string>>;
}

/** A guide as a page. The first line is its title; each heading of the second rank is found by the search. */
export function renderGuide(path: string, source: string, facts: Facts): Page {
  const markdown = createMarkdown();
  const text = source.replaceAll(/\{\{(\w+)\}\}/g, (_: string, name: string) => known(facts.words, name));
  const body = markdown
    .render(text)
    .replaceAll(/<!-- fact: (\w+) -->/g, (_: string, name: string) => known(facts.blocks, name)());
  const title = textOf(/<h1[^>]*>(.*?)<\/h1>/s.exec(body)?.[1] ?? path);
  const headings = [...body.matchAll(/<h2 id="([^"]+)">(.*?)<\/h2>/gs)];
  const contents = headings.map(([, id = '', name = '']) => `<li><a href="#${id}">${textOf(name)}</a></li>`);
  const list =
    contents.length < 3
      ? ''
      : `<nav class="contents" aria-label="On this page"><ul>${contents.join('')}</ul></nav>`;
  return { path, title, main: body.replace('</h1>', `</h1>${list}`), entries: entriesOf(title, body) };
}

function known<T>(record: Readonly<Record<string, T>>, name: string): T {
  const found = record[name];
  if (found === undefined) throw new RangeError(`there is no fact ${name}`);
  return found;
}

function entriesOf(title: string, body: string): Entry[] {
  const [intro = '', ...sections] = body.split(/(?=<h2 id=)/);
  return [
    { title, text: textOf(intro) },
    ...sections.map((section) => {
      const [, id = '', name = ''] = /<h2 id="([^"]+)">(.*?)<\/h2>/s.exec(section) ?? [];
      return { title: `${title}: ${textOf(name)}`, id, text: textOf(section) };
    }),
  ];
}

function createMarkdown() {
  const markdown = new MarkdownIt({ html: true });
  markdown.renderer.rules.fence = (tokens, index) => {
    const { content = '', info = '' } = tokens[index] ?? {};
    const [language = ''] = info.split(' ');
    const title = TITLES[language];
    const caption = title === undefined ? '' : `<figcaption>${title}</figcaption>`;
    return `<figure class="code${language === 'output' ? ' output' : ''}">${caption}${codeBlock(content.trimEnd(), language)}</figure>\n`;
  };
  markdown.renderer.rules.heading_open = (tokens, index) =>
    `<${tokens[index]?.tag} id="${slugOf(tokens[index + 1]?.content ?? '')}">`;
  markdown.renderer.rules.table_open = () => '<div class="scroll" tabindex="0"><table>';
  markdown.renderer.rules.table_close = () => '</table></div>';
  return markdown;
}
