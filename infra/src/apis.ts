/** The services of Google Cloud that the registry is made of, by the names that `gcloud services enable` takes. */
export const APIS = [
  'artifactregistry',
  'cloudbuild',
  'cloudscheduler',
  'cloudtasks',
  'compute',
  'iamcredentials',
  'monitoring',
  'redis',
  'run',
  'secretmanager',
  'sqladmin',
  'storage',
  'vpcaccess',
].map((name) => `${name}.googleapis.com`);
