import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** A file of the repository, by its path there. */
export const readText = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

export const readYaml = (path: string): unknown => parse(readText(path));

const ajv = new Ajv2020({ allErrors: true, strict: false });

/** What a schema says against a document; nothing when it fits. */
export const problemsOf = (schema: object, document: unknown): string[] => {
  const validate = ajv.compile(schema);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};
