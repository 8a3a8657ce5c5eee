export function isIpv4(text: string): boolean {
  const parts = text.split('.', 5);
  return (
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  );
}

export function isIpv6(text: string): boolean {
  if (text.length > 45) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const endsInIpv4 = text.endsWith(last) && isIpv4(last);
  if (endsInIpv4) groups.splice(-1, 1, '0', '0');
  if (!groups.every((group) => /^[\dA-Fa-f]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length <= 7 : groups.length === 8;
}

const parts = /^(?:([^:/?#]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/;
const international =
  '\\u{A0}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFEF}\\u{10000}-\\u{DFFFD}\\u{E1000}-\\u{EFFFD}';
const privateUse = '\\u{E000}-\\u{F8FF}\\u{F0000}-\\u{FFFFD}\\u{100000}-\\u{10FFFD}';

/** Finds a character that the part of a URI may not have. */
const outside = (allowed: string): RegExp =>
  new RegExp(`[^-\\w.~!$&'()*+,;=%${allowed}]|%(?![\\dA-Fa-f]{2})`, 'u');

const strays = [false, true].map((anyScript) => {
  const more = anyScript ? international : '';
  return {
    userinfo: outside(`:${more}`),
    name: outside(more),
    path: outside(`:@\\/${more}`),
    query: outside(`:@\\/?${more}${anyScript ? privateUse : ''}`),
    fragment: outside(`:@\\/?${more}`),
  };
});

const authorityParts = /^(?:([^@]*)@)?(\[[^\]]*\]|[^:@]*)(?::\d*)?$/;

function isAuthority(text: string, stray: { readonly userinfo: RegExp; readonly name: RegExp }): boolean {
  const found = authorityParts.exec(text);
  if (found === null) return false;
  const [, userinfo = '', host = ''] = found;
  if (stray.userinfo.test(userinfo)) return false;
  if (!host.startsWith('[')) return !stray.name.test(host);
  const literal = host.slice(1, -1);
  return isIpv6(literal) || /^v[\dA-Fa-f]+\.[-\w.~!$&'()*+,;=:]+$/i.test(literal);
}

/** RFC 3986, or RFC 3987 where characters may be of any script; with `relative`, a reference. */
export function isUri(
  text: string,
  options: { readonly relative: boolean; readonly international: boolean },
): boolean {
  const found = parts.exec(text);
  const stray = strays[Number(options.international)];
  if (found === null || stray === undefined) return false;
  const [, scheme, authority, path = '', query = '', fragment = ''] = found;
  if (scheme === undefined ? !options.relative : !/^[A-Za-z][-A-Za-z\d+.]*$/.test(scheme)) return false;
  if (authority !== undefined && !isAuthority(authority, stray)) return false;
  return !stray.path.test(path) && !stray.query.test(query) && !stray.fragment.test(fragment);
}
