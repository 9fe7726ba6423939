# syntax=docker/dockerfile:1
#
# The program is compiled from a minified bundle (.ci/compile.ts), with a frozen lock and exactly
# the permissions of the task `run`. The last stage holds it, glibc and certificates, and nothing
# else: no shell, no package manager, no user that could become root.

FROM --platform=$BUILDPLATFORM denoland/deno:debian-2.9.6 AS build
WORKDIR /work
COPY deno.json deno.lock ./
COPY .ci .ci
COPY src src
COPY examples examples
ARG TARGETARCH
RUN case "$TARGETARCH" in \
      amd64) target=x86_64-unknown-linux-gnu ;; \
      arm64) target=aarch64-unknown-linux-gnu ;; \
      *) echo "Cannot build for architecture: received \"$TARGETARCH\"" >&2; exit 1 ;; \
    esac \
 && COMPILE_TARGET="$target" deno run --frozen --allow-all .ci/compile.ts

FROM gcr.io/distroless/cc-debian12:nonroot
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="wasabi-s3-operator" \
      org.opencontainers.image.description="Kubernetes operator for Wasabi and other S3-compatible storage" \
      org.opencontainers.image.licenses="Unlicense" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
# V8's heap follows the container's limit; one arena of malloc saves some megabytes.
ENV DENO_USE_CGROUPS=1 \
    DENO_NO_UPDATE_CHECK=1 \
    MALLOC_ARENA_MAX=1 \
    NO_COLOR=1
COPY --from=build /work/dist/wasabi-s3-operator /usr/local/bin/wasabi-s3-operator
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/wasabi-s3-operator"]
CMD ["run"]
