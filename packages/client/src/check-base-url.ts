/**
 * The base URL that was given, without slashes at its end.
 *
 * @throws TypeError when it is no http or https URL, or names `/v1`, which every call adds.
 */
export function checkBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new TypeError(
      `baseUrl must be an http or https URL, such as http://localhost:8000, not ${String(baseUrl)}`,
    );
  const path = url.pathname.replace(/\/+$/, '');
  if (path.endsWith('/v1'))
    throw new TypeError(
      `baseUrl must leave out /v1, which every call adds: ${url.origin}${path.slice(0, -'/v1'.length)}`,
    );
  return `${url.origin}${path}`;
}
