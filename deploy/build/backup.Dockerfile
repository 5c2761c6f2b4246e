# What makes backups and restores them: Postgres' own programs and age, and the program itself, because what was restored is worth
# something only when its invariants hold. It is the very program that the services run, taken out of their image.
ARG BASE=yewu-postgres:1
ARG PROGRAM=yewu:1
FROM ${PROGRAM} AS program
FROM ${BASE}
USER root
COPY --from=program /usr/local/bin/yewu /usr/local/bin/yewu
# What new volumes take their owner from.
RUN mkdir -p /var/lib/yewu/scratch /var/lib/yewu/postgres /var/lib/yewu/attachments \
    && chown 999:999 /var/lib/yewu/scratch /var/lib/yewu/postgres \
    && chown 10001:10001 /var/lib/yewu/attachments
USER 999:999
