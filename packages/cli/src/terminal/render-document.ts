import { styleText } from 'node:util';
import { type Block, type Doc, type Span, type Tone, toned } from './document.ts';
import { cutText, textWidth } from './text-width.ts';
import { visibleText } from './visible-text.ts';

const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  quiet: 'dim',
  strong: 'bold',
};
const CELL_COLUMNS_MAX = 48;
const GAP = '  ';

/** The document as text that ends in a line break; `colour` allows styles, the only escape sequences that it then holds. */
export function renderDocument(doc: Doc, colour: boolean): string {
  return doc
    .flatMap((block) => linesOf(block, colour))
    .map((text) => `${text.trimEnd()}\n`)
    .join('');
}

function linesOf(block: Block, colour: boolean): string[] {
  if (block.kind === 'line') return [block.spans.map((span) => paint(span, plain(span), colour)).join('')];
  if (block.kind === 'fields') {
    const width = Math.max(0, ...block.rows.map(([name]) => textWidth(visibleText(name))));
    return block.rows.map(
      ([name, span]) =>
        paint(toned('quiet', name), pad(visibleText(name), width), colour) +
        GAP +
        paint(span, plain(span), colour),
    );
  }
  const head = block.head.map((text) => toned('strong', text));
  const rows = [head, ...block.rows].map((row) => row.map((span) => ({ span, text: cell(span) })));
  const widths = head.map((_, column) => Math.max(...rows.map((row) => textWidth(row[column]?.text ?? ''))));
  return rows.map((row) =>
    row.map(({ span, text }, column) => paint(span, pad(text, widths[column] ?? 0), colour)).join(GAP),
  );
}

const plain = (span: Span): string => visibleText(typeof span === 'string' ? span : span.text);
const cell = (span: Span): string => cutText(plain(span), CELL_COLUMNS_MAX);
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - textWidth(text)));

function paint(span: Span, text: string, colour: boolean): string {
  if (!colour || typeof span === 'string') return text;
  return styleText(STYLES[span.tone], text, { validateStream: false });
}
