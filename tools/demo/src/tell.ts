import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'cyan' | 'yellow';

const nameWidth = 6;

/** Tells the story, a line as each thing happens. */
export interface Narrator {
  chapter(title: string): void;
  /** Somebody does something. */
  says(who: string, what: string): void;
  /** A webhook came in and was verified. */
  heard(who: string, event: string, detail: string): void;
  /** Something turned out as it had to. */
  right(what: string): void;
  wrong(what: string): void;
  note(text: string): void;
  table(headers: readonly string[], rows: readonly (readonly string[])[]): void;
}

const isNumber = (cell: string) => /^[+-]?[\d.]+$/.test(cell);

/** Aligns the columns: those of numbers to the right, under their headers. */
function layOut(headers: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const columns = headers.map((header, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    const width = Math.max(header.length, ...cells.map((cell) => cell.length));
    return { width, toRight: cells.every(isNumber) };
  });
  return [headers, ...rows].map((row) =>
    columns
      .map(({ width, toRight }, index) => row[index]?.[toRight ? 'padStart' : 'padEnd'](width) ?? '')
      .join('   ')
      .trimEnd(),
  );
}

/**
 * Writes to a stream, in colour when it is a terminal and neither NO_COLOR nor NODE_DISABLE_COLORS asks for none.
 */
export function createNarrator(stream: NodeJS.WritableStream): Narrator {
  const paint = (style: Style, text: string) => styleText(style, text, { stream });
  const print = (line: string) => void stream.write(`${line}\n`);
  const column = (who: string) => who.padEnd(nameWidth);
  return {
    chapter: (title) => print(`\n${paint('bold', title)}`),
    says: (who, what) => print(`  ${paint('cyan', column(who))} ${what}`),
    heard: (who, event, detail) => {
      const mark = `${paint('green', '✓')} ${paint('dim', 'signature verified')}`;
      print(
        `  ${column(who)} ${paint('yellow', '⇠')} webhook ${event}${detail === '' ? '' : ` ${detail}`}  ${mark}`,
      );
    },
    right: (what) => print(`  ${paint('green', '✓')} ${what}`),
    wrong: (what) => print(`\n  ${paint('red', '✗')} ${what}`),
    note: (text) => print(`  ${paint('dim', text)}`),
    table: (headers, rows) => {
      const [first = '', ...others] = layOut(headers, rows);
      print(`  ${paint('dim', first)}`);
      for (const line of others) print(`  ${line}`);
    },
  };
}
