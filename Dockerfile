# syntax=docker/dockerfile:1
FROM node:22-slim AS browser-files
WORKDIR /files
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM python:3.11-slim AS packages
RUN python -m venv /venv
COPY requirements/production.txt /tmp/production.txt
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/production.txt

FROM python:3.11-slim AS assembled
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 DAYBOOK_STATIC=/app/collected
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=browser-files /files/node_modules /tmp/node_modules
# Neither address is called: settings only want to know that they are given.
RUN python -m config.frontend /tmp/node_modules \
    && python -m config.translations \
    && DATABASE_URL=postgres://build/build REDIS_URL=redis://build DAYBOOK_VAR=/tmp/var python manage.py collectstatic --noinput

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DAYBOOK_STATIC=/app/collected DAYBOOK_VAR=/data
RUN useradd --system --uid 10001 --home-dir /data daybook && install --directory --owner daybook /data
COPY --from=packages /venv /venv
COPY --from=assembled /app /app
WORKDIR /app
USER daybook
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
