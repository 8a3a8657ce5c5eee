import { type AccountName, accountEmail } from './accounts.ts';
import { type Environment, type ServiceName, sqlConnectionName } from './environments.ts';
import { COMMIT_LABEL, COMMIT_SHA, type EnvEntry, imageOf, toEnv } from './render-service.ts';
import { databaseVariables, plainVariables } from './services.ts';

const timeoutSeconds = 600;

interface Job {
  readonly name: string;
  readonly account: AccountName;
  /** Whose image holds the program. */
  readonly image: ServiceName;
  readonly command: readonly string[];
  readonly env: readonly EnvEntry[];
}

/** A Cloud Run job that reaches the database and is tried once: what fails here wants a person. */
const describeJob = ({ name, account, image, command, env }: Job, environment: Environment) => ({
  apiVersion: 'run.googleapis.com/v1',
  kind: 'Job',
  metadata: { name, labels: { 'cloud.googleapis.com/location': environment.region } },
  spec: {
    template: {
      metadata: {
        labels: { [COMMIT_LABEL]: COMMIT_SHA },
        annotations: {
          'run.googleapis.com/execution-environment': 'gen2',
          'run.googleapis.com/cloudsql-instances': sqlConnectionName(environment),
        },
      },
      spec: {
        taskCount: 1,
        template: {
          spec: {
            serviceAccountName: accountEmail(account, environment),
            maxRetries: 0,
            timeoutSeconds,
            containers: [
              {
                image: imageOf(image, environment),
                command,
                env,
                resources: { limits: { cpu: '1', memory: '512Mi' } },
              },
            ],
          },
        },
      },
    },
  },
});

/** Brings the schema up to date, once for each deploy. */
export const describeMigrations = (environment: Environment) =>
  describeJob(
    {
      name: 'migrations',
      account: 'registry-migrations',
      image: 'api',
      command: ['node', 'migrate.js'],
      env: toEnv(databaseVariables(environment, 'registry_owner'), 'migrations'),
    },
    environment,
  );

/** Seals agents' webhook secrets anew after the signing key has been replaced. A person runs it. */
export const describeReseal = (environment: Environment) =>
  describeJob(
    {
      name: 'reseal-secrets',
      account: 'registry-dispatcher',
      image: 'dispatcher',
      command: ['node', 'reseal-secrets.js'],
      env: toEnv(plainVariables('dispatcher', environment), 'dispatcher'),
    },
    environment,
  );
