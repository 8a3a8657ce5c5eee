# The variables of production, to be sourced. Made from infra/src/environments.ts.
export ENVIRONMENT='production'
export PROJECT='agent-registry-production'
export REGION='us-west1'
export DOMAIN=''
export SQL='agent-registry-production'
export SQL_TIER='db-custom-1-3840'
export SQL_CONNECTIONS='200'
export REPOSITORY='agent-registry'
export CONNECTOR='agent-registry-connector'
export ISOLATED_NETWORK='test-runner-isolated'
export GITHUB_OWNER='OWNER'
export GITHUB_NAME='agent-registry'
APIS=(artifactregistry.googleapis.com cloudbuild.googleapis.com cloudscheduler.googleapis.com cloudtasks.googleapis.com compute.googleapis.com iamcredentials.googleapis.com monitoring.googleapis.com redis.googleapis.com run.googleapis.com secretmanager.googleapis.com sqladmin.googleapis.com storage.googleapis.com vpcaccess.googleapis.com)
gcloud config set project "$PROJECT"
