import { domainToASCII, domainToUnicode } from 'node:url';

/** What RFC 5892 leaves to labels, with its exceptions; the characters that only stand in some contexts are among them. */
const permitted =
  /^[-\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\u0F0B\u3007\u06FD\u06FE\u00B7\u0375\u05F3\u05F4\u30FB\u200C\u200D]+$/u;
const excepted = /[\u0640\u07FA\u302E\u302F\u3031-\u3035\u303B]/;
const viramas =
  '\\u{94D}\\u{9CD}\\u{A4D}\\u{ACD}\\u{B4D}\\u{BCD}\\u{C4D}\\u{CCD}\\u{D4D}\\u{DCA}\\u{E3A}\\u{EBA}\\u{F84}\\u{1039}';

/** Scripts whose letters join, which stand for the joining types of single letters. */
const joining =
  '[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Mandaic}]\\p{M}*';
/** Characters that are written from right to left. */
const rightToLeft =
  /[\u0590-\u06EF\u06FA-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Characters out of the context that RFC 5892, appendix A, wants for them. */
const outOfContext: readonly RegExp[] = [
  /(?<!l)\u00B7|\u00B7(?!l)/,
  /\u0375(?!\p{Script=Greek})/u,
  /(?<!\p{Script=Hebrew})[\u05F3\u05F4]/u,
  new RegExp(`(?<![${viramas}])\\u200D`, 'u'),
  new RegExp(`(?<![${viramas}]|${joining})\\u200C|(?<![${viramas}])\\u200C(?!\\p{M}*${joining})`, 'u'),
];

function isLabel(label: string): boolean {
  if (!permitted.test(label) || excepted.test(label) || /^-|-$|^..--|^\p{M}/u.test(label)) return false;
  if (outOfContext.some((pattern) => pattern.test(label))) return false;
  if (label.includes('\u30FB') && !/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(label)) {
    return false;
  }
  return !(/[\u0660-\u0669]/.test(label) && /[\u06F0-\u06F9]/.test(label));
}

const ascii = /^(?!-)[A-Za-z\d-]{1,63}(?<!-)$/;
const nameChars = 253;

/** An A-label stands for the U-label that it is made from. */
function isALabel(label: string): boolean {
  const unicode = domainToUnicode(label);
  return /[^\0-\x7F]/.test(unicode) && isLabel(unicode) && domainToASCII(unicode) === label.toLowerCase();
}

/** RFC 1123, with A-labels checked by RFC 5890 and, of RFC 5893, that no label begins with a digit where one runs right to left. */
export function isHostname(text: string): boolean {
  if (text.length > nameChars) return false;
  const labels = text.split('.');
  if (!labels.every((label) => ascii.test(label) && (!/^xn--/i.test(label) || isALabel(label)))) return false;
  if (!/xn--/i.test(text)) return true;
  const unicode = labels.map(domainToUnicode);
  return (
    !unicode.some((label) => rightToLeft.test(label)) || !unicode.some((label) => /^\p{Nd}/u.test(label))
  );
}

/** RFC 5890: labels in any script, separated by any of its four dots. */
export function isIdnHostname(text: string): boolean {
  if (text.length > nameChars) return false;
  const labels = text
    .normalize('NFC')
    .toLowerCase()
    .split(/[.\u3002\uFF0E\uFF61]/);
  return isHostname(labels.map(toALabel).join('.'));
}

/** The A-label of a U-label, or a text that is no label. */
function toALabel(label: string): string {
  if (/^[\0-\x7F]*$/.test(label)) return label;
  const encoded = isLabel(label) ? domainToASCII(label) : '';
  return domainToUnicode(encoded) === label ? encoded : '';
}
