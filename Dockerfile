# One recipe for the three services: docker build --build-arg APP=api .   (or dispatcher, test-runner)
# The emulator, for docker-compose alone: docker build --target cloud-tasks-emulator .
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
ARG APP=api

# --- what is built with; none of it is in an image that runs ---
FROM ${NODE_IMAGE} AS build
WORKDIR /repository
COPY . .
# The lock file decides, and no package's own script runs: esbuild's program comes as a package.
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund --workspace=tools/build
ARG APP
RUN node --disable-warning=ExperimentalWarning tools/build/src/main.ts "${APP}"

# --- Node alone: what runs has no use for package managers and headers, and an intruder would ---
FROM ${NODE_IMAGE} AS trimmed
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /usr/local/share/doc /usr/local/share/man /opt/yarn* \
  /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg
FROM scratch AS node-alone
COPY --from=trimmed / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# --- what each service needs beside Node ---
FROM node-alone AS base-api
FROM node-alone AS base-dispatcher
FROM node-alone AS base-test-runner
# The sandbox, the languages it offers, and an init that reaps what a killed sandbox leaves behind.
RUN apt-get update \
  && apt-get install -y --no-install-recommends bubblewrap python3 tini \
  && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["/usr/bin/tini", "--"]

# --- the emulator runs from its sources: it is a tool, and no image of a release ---
FROM ${NODE_IMAGE} AS cloud-tasks-emulator
WORKDIR /repository
COPY . .
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund --workspace=tools/cloud-tasks-emulator \
  && install -d -o 1000 -g 1000 /data
USER 1000:1000
CMD ["node", "--disable-warning=ExperimentalWarning", "tools/cloud-tasks-emulator/src/main.ts"]

# --- a service ---
FROM base-${APP} AS service
ARG APP
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="agent-registry ${APP}" \
  org.opencontainers.image.description="The ${APP} of the agent registry" \
  org.opencontainers.image.revision="${COMMIT}" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=build /repository/dist/${APP}/ ./
# A number, so that a platform can see that it is not root. Nothing is written but to /tmp: the root may be read-only.
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Half of the container's memory for the heap, whatever it is given: the rest is for buffers, code and threads. What requests leave is
# collected from spaces of 4 MiB instead of Node's 16, so that it stays less long.
# Node itself handles SIGTERM: requests under way finish, and the process ends within 10 s.
CMD ["node", "--max-old-space-size-percentage=50", "--max-semi-space-size=4", "main.js"]
