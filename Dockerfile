# syntax=docker/dockerfile:1
# The bot on its CPU model: docker build -t likeness . && docker run --env-file .env -v likeness:/data likeness

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY commands commands
COPY locales locales
COPY pipeline pipeline
COPY scripts scripts
COPY src src
RUN npm run build

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force \
    && rm -rf node_modules/onnxruntime-node/bin/napi-v6/darwin node_modules/onnxruntime-node/bin/napi-v6/win32

FROM node:24-bookworm-slim
# The letters of names on contact sheets.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-dejavu-core fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
# The program sets the third of these itself; here it holds for whatever else is run in the image.
ENV NODE_ENV=production LIKENESS_DATA=/data ORT_DISABLE_TELEMETRY=1 LIKENESS_METRICS_PORT=9464
WORKDIR /app
RUN install -d -o node -g node -m 700 /data
COPY package.json LICENSE ./
COPY locales locales
COPY models models
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Ctrl-C and `docker stop` reach the program itself, which delivers the album that is being made before it ends.
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["serve"]
