import { signHttpRequest } from '@agent-registry/signing';
import type { Scenario } from '../scenario.ts';
import { openSignedGets } from '../signed-gets.ts';

export const signedGetRfc9421: Scenario = {
  name: 'signed-get-rfc9421',
  about: 'the same, signed by RFC 9421, with a nonce',
  needsRedis: true,
  open: (subject) =>
    openSignedGets(subject, {
      label: 'signed GET, RFC 9421',
      floor: { express: 1, verify: 1, select: 1 },
      loads: [8],
      sign: ({ id, privateKey }) => {
        const path = `/v1/agents/${id}`;
        const url = `${subject.stack.apiUrl}${path}`;
        const body = Buffer.alloc(0);
        const headers = signHttpRequest({ method: 'GET', url, body, keyId: id, privateKey, now: new Date() });
        return { method: 'GET', path, headers };
      },
    }),
};
