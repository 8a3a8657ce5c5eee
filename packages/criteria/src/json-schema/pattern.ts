import { RE2JS } from 're2js';
import { type Run, spend } from './run.ts';

/** ECMA-262 counts more characters as white space than RE2 does. */
const space = '\\s\\v\\p{Z}\\x{FEFF}';
const notSpaceRanges =
  '\\x00-\\x08\\x0E-\\x1F!-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}\\x{2030}-\\x{205E}' +
  '\\x{2060}-\\x{2FFF}\\x{3001}-\\x{FEFE}\\x{FF00}-\\x{10FFFF}';

/** Long names of general categories, of which RE2 knows the short ones. */
const categories: Readonly<Record<string, string>> = {
  Letter: 'L',
  Cased_Letter: 'LC',
  Uppercase_Letter: 'Lu',
  Lowercase_Letter: 'Ll',
  Titlecase_Letter: 'Lt',
  Modifier_Letter: 'Lm',
  Other_Letter: 'Lo',
  Mark: 'M',
  Nonspacing_Mark: 'Mn',
  Spacing_Mark: 'Mc',
  Enclosing_Mark: 'Me',
  Number: 'N',
  Decimal_Number: 'Nd',
  digit: 'Nd',
  Letter_Number: 'Nl',
  Other_Number: 'No',
  Punctuation: 'P',
  punct: 'P',
  Connector_Punctuation: 'Pc',
  Dash_Punctuation: 'Pd',
  Open_Punctuation: 'Ps',
  Close_Punctuation: 'Pe',
  Initial_Punctuation: 'Pi',
  Final_Punctuation: 'Pf',
  Other_Punctuation: 'Po',
  Symbol: 'S',
  Math_Symbol: 'Sm',
  Currency_Symbol: 'Sc',
  Modifier_Symbol: 'Sk',
  Other_Symbol: 'So',
  Separator: 'Z',
  Space_Separator: 'Zs',
  Line_Separator: 'Zl',
  Paragraph_Separator: 'Zp',
  Other: 'C',
  Control: 'Cc',
  Format: 'Cf',
};

const part = /\\([pP])\{(?:(?:General_Category|gc|Script|sc)=)?(\w+)\}|\\[\s\S]|[[\]]/g;

/**
 * Spells a pattern of ECMA-262 as RE2 where they differ in spelling or in what is white space: `\s`, `\S`, `\p{Letter}`,
 * `\p{Script=Greek}`, `\u00e9`, `\cA`, `[]`, `[^]`. What RE2 has no word for stays as it is, and does not compile.
 */
export function toRe2(pattern: string): string {
  let inClass = false;
  const spelled = pattern.replace(part, (found, p: string | undefined, name: string | undefined) => {
    if (name !== undefined) return `\\${p}{${Object.hasOwn(categories, name) ? categories[name] : name}}`;
    if (found === '\\s') return inClass ? space : `[${space}]`;
    if (found === '\\S') return inClass ? notSpaceRanges : `[^${space}]`;
    if (found === '[' || found === ']') inClass = found === '[';
    return found;
  });
  return RE2JS.translateRegExp(spelled);
}

/** A search for the pattern in linear time, its work counted by the length of the text and the size of the program. */
export function compilePattern(pattern: string): (run: Run, text: string) => boolean {
  const compiled = RE2JS.compile(toRe2(pattern));
  const size = compiled.programSize();
  return (run, text) => {
    spend(run, 1 + Math.ceil((text.length * size) / 8));
    return compiled.test(text);
  };
}
