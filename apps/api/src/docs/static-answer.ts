import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { RequestHandler } from 'express';
import { chooseEncoding, type Encoding } from './choose-encoding.ts';

const CACHE_SECONDS = 300;
const BROTLI_QUALITY = 9;
const ETAG_CHARS = 22;

const compress: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
  identity: async (bytes) => bytes,
};

/** Serves a text that never changes while the service runs: compressed once, with an ETag for each coding, so that 304 can say the rest. */
export function staticAnswer(contentType: string, text: string): RequestHandler {
  const bytes = Buffer.from(text);
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, ETAG_CHARS);
  const made = new Map<Encoding, Promise<Buffer>>();
  return async (req, res) => {
    const encoding = chooseEncoding(req.headers['accept-encoding']);
    const body = made.get(encoding) ?? compress[encoding](bytes);
    made.set(encoding, body);
    res.set('Cache-Control', `public, max-age=${CACHE_SECONDS}`).set('ETag', `"${digest}-${encoding}"`);
    res.vary('Accept-Encoding').type(contentType);
    if (encoding !== 'identity') res.set('Content-Encoding', encoding);
    res.send(await body);
  };
}
