const secretNames = new Set(['currentKey', 'acceptedKeys', 'password', 'hash', 'seeds']);
const mask = '***';

const maskText = (value: string): string =>
  value.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, `$1${mask}@`).replace(/\?.*$/s, `?${mask}`);

const maskValue = (name: string, value: unknown): unknown => {
  if (secretNames.has(name)) return Array.isArray(value) ? value.map(() => mask) : mask;
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map((item) => maskValue(name, item));
  if (typeof value === 'object' && value !== null) return maskedSummary(value);
  return value;
};

/** A configuration as it may be logged: secrets, and the user and parameters of every URL, are replaced by `***`. */
export const maskedSummary = (config: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).map(([name, value]) => [name, maskValue(name, value)]));
