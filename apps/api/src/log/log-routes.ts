import { gzipSync } from 'node:zlib';
import { listSequencedLeaves, readLogHashes } from '@agent-registry/db';
import {
  encodeEntries,
  LEVEL_MAX,
  readTilePath,
  TILE_WIDTH,
  type Tile,
  tileWidth,
} from '@agent-registry/log';
import { RegistryError } from '@agent-registry/schemas';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../middleware/admit.ts';
import { limitRate } from '../middleware/rate-limit.ts';
import { findPublished, type PublishedLog, proveLeaves, rangeOf, shownLog } from './published-log.ts';

const CHECKPOINT = 'public, max-age=2';
/** A tile never changes: a partial one is another resource than the full one. */
const FOREVER = 'public, max-age=31536000, immutable';
const INDEX = /^(0|[1-9]\d{0,15})$/;

type Serve = (published: PublishedLog, req: Request, res: Response) => Promise<unknown>;

/** The paths of C2SP tlog-tiles, which answer no JSON, and one entry with its proof. */
export function logRoutes(context: ApiContext): Router {
  const router = Router();
  const serve = (path: string | RegExp, answer: Serve) => router.get(path, counted(context, answer));
  serve('/log/checkpoint', async ({ note }, _req, res) =>
    res.type('text/plain; charset=utf-8').set('Cache-Control', CHECKPOINT).send(note),
  );
  serve(/^\/log\/tile\/entries\/(.+)$/, async ({ size }, req, res) => {
    const tile = readTile(0, pathOf(req, 0), size);
    const { first, end } = rangeOf(tile, tile.width);
    const rows = await listSequencedLeaves(context.db, first, end);
    sendOctets(res, encodeEntries(rows.map(({ leaf }) => leaf)), req.acceptsEncodings('gzip') === 'gzip');
  });
  serve(/^\/log\/tile\/(\d)\/(.+)$/, async ({ size }, req, res) => {
    const tile = readTile(Number(pathOf(req, 0)), pathOf(req, 1), size);
    const [hashes = []] = await readLogHashes(context.db, [rangeOf(tile, tile.width)]);
    sendOctets(res, Buffer.concat(hashes), false);
  });
  serve(/^\/log\/entries\/([^/]+)$/, async (published, req, res) => {
    const index = INDEX.test(pathOf(req, 0)) ? Number(pathOf(req, 0)) : published.size;
    if (index >= published.size) throw absent();
    const [rows, proofs] = await Promise.all([
      listSequencedLeaves(context.db, index, index + 1),
      proveLeaves(context.db, published, [index]),
    ]);
    const leaf = rows[0]!.leaf.toString();
    res.set('Cache-Control', CHECKPOINT).json({ index, leaf, proof: proofs.get(index) });
  });
  return router;
}

/** Counts the request in the category of the log, and looks up what is published. */
function counted(context: ApiContext, answer: Serve): RequestHandler {
  return async (req, res) => {
    await limitRate(context, res, 'log', addressOf(context, req));
    shownLog(context);
    const published = await findPublished(context.db);
    if (published === null) throw absent();
    await answer(published, req, res);
  };
}

function pathOf(req: Request, place: number): string {
  return String((req.params as Record<string, string>)[place] ?? '');
}

/** @throws RegistryError not_found for what no published tile is called. */
function readTile(level: number, path: string, size: number): Tile {
  const read = readTilePath(path);
  if (read === null || level > LEVEL_MAX) throw absent();
  const has = tileWidth(size, { level, tile: read.tile });
  // A partial tile goes on being there once more of it is.
  if (has === 0 || read.width > has || read.width > TILE_WIDTH) throw absent();
  return { level, ...read };
}

function sendOctets(res: Response, octets: Buffer, zipped: boolean): void {
  res.type('application/octet-stream').set('Cache-Control', FOREVER).set('Vary', 'Accept-Encoding');
  if (zipped) res.set('Content-Encoding', 'gzip').send(gzipSync(octets));
  else res.send(octets);
}

/** What is not published may come: nobody keeps that it was not there. */
function absent(): RegistryError {
  return new RegistryError('not_found', 'There is nothing of this name in the published log.');
}
