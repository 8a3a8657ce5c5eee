import { z } from 'zod';
import { list, text } from './variables.ts';

const minKeyBytes = 32;
const maxAcceptedKeys = 10;
const tooShort = `must be at least ${minKeyBytes} bytes of text`;

const isLongEnough = (key: string): boolean => Buffer.byteLength(key) >= minKeyBytes;

export const signing = z
  .object({
    PLATFORM_SIGNING_KEY: text().refine(isLongEnough, tooShort),
    PLATFORM_SIGNING_KEYS_ACCEPTED: list(maxAcceptedKeys)
      .refine((keys) => keys.every(isLongEnough), `${tooShort} each`)
      .default([]),
  })
  .transform((env) => ({
    currentKey: env.PLATFORM_SIGNING_KEY,
    acceptedKeys: env.PLATFORM_SIGNING_KEYS_ACCEPTED,
  }));
