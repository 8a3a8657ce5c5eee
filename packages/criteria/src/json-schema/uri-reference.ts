interface Parts {
  readonly scheme: string | undefined;
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: string | undefined;
}

const split = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/;

function parse(uri: string): Parts {
  const [, scheme, authority, path = '', query] = split.exec(uri) ?? [];
  return { scheme, authority, path, query };
}

/** RFC 3986, 5.2.4, over whole segments. */
function removeDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') {
      if (kept.length > 1 || (kept.length === 1 && kept[0] !== '')) kept.pop();
    } else if (segment !== '.') {
      kept.push(segment);
      continue;
    }
    if (last) kept.push('');
  }
  return kept.join('/');
}

function mergePaths(base: Parts, path: string): string {
  if (base.authority !== undefined && base.path === '') return `/${path}`;
  return base.path.slice(0, base.path.lastIndexOf('/') + 1) + path;
}

/**
 * Resolves a URI reference against a base, by RFC 3986, 5.2; as text, with no normalisation and no lookup of any kind.
 *
 * @returns the target without its fragment, and the fragment as written, or null where there is none
 */
export function resolveReference(base: string, reference: string): { uri: string; fragment: string | null } {
  const hash = reference.indexOf('#');
  const fragment = hash === -1 ? null : reference.slice(hash + 1);
  const given = parse(hash === -1 ? reference : reference.slice(0, hash));
  const from = parse(base);
  let { scheme, authority, path, query } = given;
  if (scheme === undefined) {
    scheme = from.scheme;
    if (authority === undefined) {
      authority = from.authority;
      if (path === '') {
        path = from.path;
        query ??= from.query;
      } else path = removeDotSegments(path.startsWith('/') ? path : mergePaths(from, path));
    } else path = removeDotSegments(path);
  } else path = removeDotSegments(path);
  const before =
    (scheme === undefined ? '' : `${scheme}:`) + (authority === undefined ? '' : `//${authority}`);
  return { uri: before + path + (query === undefined ? '' : `?${query}`), fragment };
}
