# The service alone: API, pages and job worker. It holds no database: give it one with
# PostGIS by JINGTU_DATABASE_URL (compose.yaml does).

# --- pages ---------------------------------------------------------------------------
FROM node:22-bookworm-slim AS pages
WORKDIR /srv/jingtu/app/frontend
COPY app/frontend/package.json app/frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY app/frontend ./
COPY app/pages/catalogue ../pages/catalogue
RUN npm run build

# --- Python packages, pinned by digest -----------------------------------------------
FROM python:3.12-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /srv/jingtu
COPY requirements.lock requirements-runtime.lock ./
RUN pip install --only-binary :all: --require-hashes -r requirements-runtime.lock
# The entry point and the version of jingtu itself; its code stays in /srv/jingtu.
COPY pyproject.toml README.md ./
RUN sed -n '/^setuptools==/,/[^\\]$/p' requirements.lock > build.lock \
    && pip install --require-hashes -r build.lock \
    && pip install --no-deps --no-build-isolation --no-index --editable . \
    && pip uninstall --yes setuptools

# --- what runs -----------------------------------------------------------------------
FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-cjk libexpat1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home jingtu \
    && install -d -o jingtu -g jingtu -m 750 /var/lib/jingtu
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    JINGTU_DATA_DIR=/var/lib/jingtu \
    JINGTU_HOST=0.0.0.0 \
    JINGTU_PORT=8000
WORKDIR /srv/jingtu
COPY --from=packages /opt/venv /opt/venv
COPY pyproject.toml README.md ./
COPY app app
COPY parcels parcels
COPY screening screening
COPY migrations migrations
COPY data/samples data/samples
COPY --from=pages /srv/jingtu/app/static app/static
USER jingtu
VOLUME /var/lib/jingtu
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["jingtu", "serve"]
