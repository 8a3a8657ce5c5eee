import { stringify } from 'yaml';
import { ENVIRONMENTS, type Environment, SERVICE_NAMES } from './environments.ts';
import { renderAccounts, renderInvokers } from './render-access.ts';
import { renderEnvironmentFile } from './render-environment-file.ts';
import { describeMigrations, describeReseal } from './render-jobs.ts';
import { renderMonitoring } from './render-monitoring.ts';
import { renderQueues } from './render-queues.ts';
import { describeService } from './render-service.ts';
import { seccompProfile } from './seccomp.ts';

const heading = '# Made by `npm run generate` from infra/src; a change belongs there.\n';
const maxLineWidth = 120;

/** A manifest as the files have it: all text in quotes, for what is filled in later may look like a number, as many a SHA does. */
export const toYaml = (document: object): string =>
  stringify(document, {
    lineWidth: maxLineWidth,
    aliasDuplicateObjects: false,
    defaultKeyType: 'PLAIN',
    defaultStringType: 'QUOTE_DOUBLE',
  });

const renderEnvironment = (environment: Environment): [string, string][] => {
  const at = (file: string): string => `infra/rendered/${environment.name}/${file}`;
  return [
    ...SERVICE_NAMES.map((service): [string, string] => [
      at(`${service}.yaml`),
      heading + toYaml(describeService(service, environment)),
    ]),
    [at('migrations.yaml'), heading + toYaml(describeMigrations(environment))],
    [at('reseal-secrets.yaml'), heading + toYaml(describeReseal(environment))],
    [at('environment.sh'), renderEnvironmentFile(environment)],
    [at('queues.sh'), renderQueues(environment)],
    [at('accounts.sh'), renderAccounts(environment)],
    [at('invokers.sh'), renderInvokers(environment)],
    ...renderMonitoring(environment).map(([file, text]): [string, string] => [at(file), text]),
  ];
};

/** Every file that is made from the tables: its path in the repository, and its text. */
export const renderAll = (
  environments: Readonly<Record<string, Environment>> = ENVIRONMENTS,
): Map<string, string> =>
  new Map([
    ...Object.values(environments).flatMap((environment) => renderEnvironment(environment)),
    ['infra/rendered/seccomp/test-runner.json', `${JSON.stringify(seccompProfile(), null, 2)}\n`],
  ]);
