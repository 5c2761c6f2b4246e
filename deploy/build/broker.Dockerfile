# RabbitMQ under the number that the official image gives its user, also where a distribution's package chose another.
ARG BASE=rabbitmq:4.1
FROM ${BASE}
USER root
RUN [ "$(id -u rabbitmq)" = 999 ] || { groupmod -g 999 rabbitmq && usermod -u 999 -g 999 rabbitmq; }
RUN mkdir -p /var/lib/rabbitmq /var/log/rabbitmq /etc/rabbitmq \
    && chown -R 999:999 /var/lib/rabbitmq /var/log/rabbitmq && chmod 700 /var/lib/rabbitmq
# Some packages put a wrapper on the path that insists on being root; the server itself does not.
RUN for folder in /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin; do \
      [ ! -d "$folder" ] || for tool in "$folder"/*; do ln -sf "$tool" "/usr/local/bin/$(basename "$tool")"; done; done
ENV PATH=/usr/local/bin:/opt/rabbitmq/sbin:/opt/erlang/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
USER 999:999
