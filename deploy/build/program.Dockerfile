# Compiles the program inside a container and leaves nothing but it: an image with /yewu and no system around it.
# The first step compiles what we did not write, from manifests alone: it is repeated only when they change.
ARG BUILDER=rust:1.95-bookworm
FROM ${BUILDER} AS compiled
ARG PROFILE=dist
WORKDIR /build
COPY skeleton/ ./
RUN cargo build --locked --package suite --bin yewu --profile ${PROFILE}
COPY sources/ ./
# Newer than the empty files of the skeleton, whatever the clock of who made the archive.
RUN find . -name '*.rs' -exec touch {} + && cargo build --locked --package suite --bin yewu --profile ${PROFILE} \
    && cp target/${PROFILE}/yewu /yewu

FROM scratch
COPY --from=compiled /yewu /yewu
