# Postgres with what backups need beside it (age encrypts them). The user's number is the official image's, also where the
# packages of a distribution chose another.
ARG BASE=postgres:15-bookworm
FROM ${BASE}
USER root
RUN command -v age >/dev/null || { apt-get update && apt-get install -y --no-install-recommends age && rm -rf /var/lib/apt/lists/*; }
RUN [ "$(id -u postgres)" = 999 ] || { groupmod -g 999 postgres && usermod -u 999 -g 999 postgres; }
# What new volumes take their owner from.
RUN mkdir -p /var/lib/postgresql/data /var/lib/yewu/archive /var/lib/yewu/backup /var/lib/yewu/status \
    && chown -R 999:999 /var/lib/postgresql /var/lib/yewu && chmod 700 /var/lib/postgresql/data
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
USER 999:999
