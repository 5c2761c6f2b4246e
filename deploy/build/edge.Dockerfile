# nginx; its configuration is mounted, so nothing of the image's own is used but the program.
ARG BASE=nginx:1.28-bookworm
FROM ${BASE}
USER root
RUN mkdir -p /var/lib/yewu/status && chown 999:999 /var/lib/yewu/status
USER 10001:10001
