import { isHostname, isIdnHostname } from './format-hostname.ts';
import { isIpv4, isIpv6, isUri } from './format-uri.ts';

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  const leaps = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (daysOfMonth[month - 1] ?? 0) + Number(leaps);
}

/** RFC 3339; a leap second is the last of a day in UTC. */
function isTime(text: string): boolean {
  const found =
    /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i.exec(text);
  if (found === null) return false;
  const [, hour, minute, second, sign, offsetHour = 0, offsetMinute = 0] = found;
  if (second !== '60') return true;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  return (Number(hour) * 60 + Number(minute) - offset + 2 * 1_440) % 1_440 === 1_439;
}

function isDateTime(text: string): boolean {
  return /^.{10}T/i.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}

const duration =
  /^P(?:\d+W|(?=[\dT])(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)$/;

const localPart = /^(?:[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*|"(?:[ !#-[\]-~]|\\[ -~])*")$/;
const asciiFor = /[\u0080-\u{10FFFF}]/gu;

/** RFC 5321, or RFC 6531 where names may be in any script. */
function isEmail(text: string, isDomain: (text: string) => boolean, anyScript: boolean): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  const domain = text.slice(at + 1);
  if (Buffer.byteLength(local) > 64 || !localPart.test(anyScript ? local.replace(asciiFor, 'x') : local))
    return false;
  if (!domain.startsWith('[')) return isDomain(domain);
  const address = domain.endsWith(']') ? domain.slice(1, -1) : '';
  return isIpv4(address) || (/^IPv6:/i.test(address) && isIpv6(address.slice(5)));
}

const isJsonPointer = (text: string): boolean => /^(?:\/|$)/.test(text) && !/~(?![01])/.test(text);

function isRelativeJsonPointer(text: string): boolean {
  const [prefix] = /^(?:0|[1-9]\d*)/.exec(text) ?? [];
  if (prefix === undefined) return false;
  const rest = text.slice(prefix.length);
  return rest === '#' || isJsonPointer(rest);
}

const expression =
  /\{[+#./;?&=,!@|]?(?:(?:\w|%[\da-f]{2})(?:\.?(?:\w|%[\da-f]{2}))*(?::[1-9]\d{0,3}|\*)?(?:,(?!\})|(?=\})))+\}/gi;

/** RFC 6570. */
function isUriTemplate(text: string): boolean {
  return !/[\0- "<>\\^`{|}\x7F-\x9F]|%(?![\dA-Fa-f]{2})/.test(text.replace(expression, 'x'));
}

/** The longest text that is looked at as a regular expression. */
const regexChars = 1_000;

function isRegex(text: string): boolean {
  if (text.length > regexChars) return false;
  try {
    return new RegExp(text, 'u').unicode;
  } catch {
    return false;
  }
}

interface Format {
  readonly holds: (text: string) => boolean;
  /** Work that a character takes: names in any script are dear. */
  readonly unitsPerChar: number;
}
const cheap = (holds: Format['holds']): Format => ({ holds, unitsPerChar: 2 });
const dear = (holds: Format['holds']): Format => ({ holds, unitsPerChar: 50 });

/** The formats that are asserted. An unknown format is an annotation, as the draft has it. */
export const formats: ReadonlyMap<string, Format> = new Map([
  ['date', cheap(isDate)],
  ['date-time', cheap(isDateTime)],
  ['duration', cheap((text) => duration.test(text))],
  ['email', cheap((text) => isEmail(text, isHostname, false))],
  ['hostname', cheap(isHostname)],
  ['idn-email', dear((text) => isEmail(text, isIdnHostname, true))],
  ['idn-hostname', dear(isIdnHostname)],
  ['ipv4', cheap(isIpv4)],
  ['ipv6', cheap(isIpv6)],
  ['iri', cheap((text) => isUri(text, { relative: false, international: true }))],
  ['iri-reference', cheap((text) => isUri(text, { relative: true, international: true }))],
  ['json-pointer', cheap(isJsonPointer)],
  ['regex', cheap(isRegex)],
  ['relative-json-pointer', cheap(isRelativeJsonPointer)],
  ['time', cheap(isTime)],
  ['uri', cheap((text) => isUri(text, { relative: false, international: false }))],
  ['uri-reference', cheap((text) => isUri(text, { relative: true, international: false }))],
  ['uri-template', cheap(isUriTemplate)],
  ['uuid', cheap((text) => /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text))],
]);
