import { SERVICE_NAMES, type ServiceName } from '../environments.ts';
import type { Serving } from './serving.ts';

/** What becomes of an app's image: made anew, or the serving one under the new commit's name. */
export type ImagePlan =
  | { readonly how: 'build'; readonly why: string }
  | { readonly how: 'retag'; readonly image: string };

/** The apps that differ between a commit and this one; null when that commit cannot be had. */
export type FindAffected = (commit: string) => Promise<ReadonlySet<ServiceName> | null>;

async function planImage(
  service: ServiceName,
  serving: Serving | null,
  findAffected: FindAffected,
): Promise<ImagePlan> {
  if (serving === null) return { how: 'build', why: 'nothing is serving' };
  if (serving.commit === null) return { how: 'build', why: 'the serving revision does not name its commit' };
  if (serving.image === null) return { how: 'build', why: 'the serving image is unknown' };
  const affected = await findAffected(serving.commit);
  if (affected === null) return { how: 'build', why: `commit ${serving.commit} cannot be had` };
  if (affected.has(service)) return { how: 'build', why: `changed since ${serving.commit}` };
  return { how: 'retag', image: serving.image };
}

/** One plan for each app, so that all three images exist under the new commit. */
export async function planImages(
  serving: Readonly<Record<ServiceName, Serving | null>>,
  findAffected: FindAffected,
): Promise<Record<ServiceName, ImagePlan>> {
  const plans = SERVICE_NAMES.map(
    async (name) => [name, await planImage(name, serving[name], findAffected)] as const,
  );
  return Object.fromEntries(await Promise.all(plans)) as Record<ServiceName, ImagePlan>;
}
