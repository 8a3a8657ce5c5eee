#!/usr/bin/env bash
# Postgres runs this once, on an empty volume: the three roles as a deployment has them, each with its own password.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set=owner="$OWNER_PASSWORD" --set=api="$API_PASSWORD" --set=dispatcher="$DISPATCHER_PASSWORD" <<'SQL'
CREATE ROLE registry_owner LOGIN PASSWORD :'owner';
CREATE ROLE registry_api LOGIN PASSWORD :'api';
CREATE ROLE registry_dispatcher LOGIN PASSWORD :'dispatcher';
CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT USAGE, CREATE ON SCHEMA public TO registry_owner;
SQL
