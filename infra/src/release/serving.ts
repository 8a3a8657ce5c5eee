import { COMMIT_LABEL } from '../render-service.ts';

/** What takes a service's traffic. */
export interface Serving {
  readonly revision: string;
  /** The commit it was made from; null when its label does not say. */
  readonly commit: string | null;
  /** Its image by digest, so that a tag that moved cannot mislead; null when the platform does not say. */
  readonly image: string | null;
}

interface Traffic {
  readonly revisionName?: string;
  readonly percent?: number;
  readonly tag?: string;
  readonly url?: string;
}

/** The parts of `gcloud run services describe --format=json` that a release reads. */
export interface DescribedService {
  readonly status?: { readonly url?: string; readonly traffic?: readonly Traffic[] };
}

/** The parts of one entry of `gcloud run revisions list --format=json` that a release reads. */
export interface DescribedRevision {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly imageDigest?: string };
}

const fullCommit = /^[0-9a-f]{40}$/;

/** What serves, or null when the service does not exist or has no traffic yet. */
export function readServing(
  service: DescribedService | null,
  revisions: readonly DescribedRevision[],
): Serving | null {
  const shares = [...(service?.status?.traffic ?? [])].sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0));
  const largest = shares[0];
  if (largest?.revisionName === undefined || (largest.percent ?? 0) === 0) return null;
  const revision = revisions.find(({ metadata }) => metadata.name === largest.revisionName);
  const commit = revision?.metadata.labels?.[COMMIT_LABEL] ?? '';
  return {
    revision: largest.revisionName,
    commit: fullCommit.test(commit) ? commit : null,
    image: revision?.status?.imageDigest ?? null,
  };
}

/** Where a service answers: its own address, and that of the revision that is on trial. */
export function readAddresses(service: DescribedService, tag: string): { url: string; candidateUrl: string } {
  const url = service.status?.url;
  if (url === undefined) throw new Error('the service has no address yet');
  const candidate = service.status?.traffic?.find((share) => share.tag === tag);
  return { url, candidateUrl: candidate?.url ?? url };
}
