# Prometheus under the number of the official image's user.
ARG BASE=prom/prometheus:v2.53.4
FROM ${BASE}
USER root
RUN mkdir -p /prometheus && chown 65534:65534 /prometheus
USER 65534:65534
