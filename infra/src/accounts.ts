// Who the parts are, and what each may do.
import type { Environment, ServiceName } from './environments.ts';
import type { SecretName } from './secrets.ts';
import { secretsOf } from './secrets.ts';

export const ACCOUNT_NAMES = [
  'registry-api',
  'registry-dispatcher',
  'registry-test-runner',
  'registry-tasks',
  'registry-migrations',
  'registry-deploy',
] as const;
export type AccountName = (typeof ACCOUNT_NAMES)[number];

export interface Account {
  readonly purpose: string;
  /** Roles on the whole project. */
  readonly projectRoles: readonly string[];
  /** Whether it creates tasks: enqueuer on each queue, and the right to attach the tasks account's token. */
  readonly createsTasks: boolean;
  /** Whether it writes the transparency log's batches: it may create objects in their bucket and read them, no more. */
  readonly writesAnchor: boolean;
  readonly secrets: readonly SecretName[];
  /** Accounts whose services it may deploy. */
  readonly deploysAs: readonly AccountName[];
}

const SQL = 'roles/cloudsql.client';
const none = { projectRoles: [], createsTasks: false, writesAnchor: false, secrets: [], deploysAs: [] };

export const ACCOUNTS: Readonly<Record<AccountName, Account>> = {
  'registry-api': {
    ...none,
    purpose: 'runs the api',
    projectRoles: [SQL],
    createsTasks: true,
    secrets: secretsOf('api'),
  },
  'registry-dispatcher': {
    ...none,
    purpose: 'runs the dispatcher and calls the test-runner',
    projectRoles: [SQL],
    createsTasks: true,
    writesAnchor: true,
    secrets: secretsOf('dispatcher'),
  },
  'registry-test-runner': { ...none, purpose: 'runs the test-runner; may do nothing at all' },
  'registry-tasks': { ...none, purpose: 'Cloud Tasks and Cloud Scheduler call the dispatcher in its name' },
  'registry-migrations': {
    ...none,
    purpose: 'runs the migrations',
    projectRoles: [SQL],
    secrets: secretsOf('migrations'),
  },
  'registry-deploy': {
    ...none,
    purpose: 'runs Cloud Build; cannot change who may call what',
    projectRoles: [
      'roles/run.developer',
      'roles/artifactregistry.writer',
      'roles/logging.logWriter',
      'roles/browser', // Reads the project's number.
    ],
    deploysAs: ['registry-api', 'registry-dispatcher', 'registry-test-runner', 'registry-migrations'],
  },
};

/** Who may call each service. Two of them are for one account alone. */
export const INVOKERS: Readonly<Record<ServiceName, 'allUsers' | AccountName>> = {
  api: 'allUsers',
  dispatcher: 'registry-tasks',
  'test-runner': 'registry-dispatcher',
};

export const accountEmail = (account: AccountName, { project }: Environment): string =>
  `${account}@${project}.iam.gserviceaccount.com`;
