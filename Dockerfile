# One image for every service of docker-compose.yml; the command decides which it is.
# REQUIREMENTS=web makes an image without the inference engines, for web hosts.

FROM node:20-bookworm-slim AS frontend
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-bookworm AS packages
ARG REQUIREMENTS=inference
COPY requirements/ /requirements/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r "/requirements/${REQUIREMENTS}.txt"

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app reading-room \
    && mkdir -p /app /data \
    && chown reading-room /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py ./
COPY backend/ backend/
COPY inference/ inference/
COPY --from=frontend /app/frontend/dist frontend/dist
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER reading-room
VOLUME /data
