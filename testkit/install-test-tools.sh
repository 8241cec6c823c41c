#!/usr/bin/env bash
# Installs what Weir's tests run besides the JVM: kcat, the Python and JavaScript Kafka clients, a newer librdkafka, Git,
# Chromium, Spin.
# System packages come by apt-get, as root or by sudo without a password; where that cannot be, the script says what is
# missing and exits with 1. When everything is there it changes nothing and takes no time.
set -euo pipefail

js_clients="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/src/test-clients/js"
librdkafka="$(dirname "$js_clients")/librdkafka"
# The newest of the JavaScript clients runs on no older one.
node_major_min=20

# The Debian packages of which something is missing, one a line.
missing_packages() {
  command -v git >/dev/null || echo git
  command -v kcat >/dev/null || echo kcat
  # Lets kcat resolve host names as a test says.
  [[ -z "$(LD_PRELOAD=libnss_wrapper.so /bin/true 2>&1)" ]] || echo libnss-wrapper
  command -v timeout >/dev/null || echo coreutils
  [[ -x /usr/bin/python3 ]] || echo python3
  # Debian's Python and its packages, whichever python3 comes first on the PATH.
  /usr/bin/python3 -c 'import confluent_kafka' 2>/dev/null || echo python3-confluent-kafka
  /usr/bin/python3 -c 'import kafka' 2>/dev/null || echo python3-kafka
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  # The dashboard is tested in it.
  [[ -x /usr/bin/chromium || -x /usr/bin/google-chrome ]] || echo chromium
  # Checks the model of the canary's protocol; it writes C.
  command -v spin >/dev/null || echo spin
  command -v cc >/dev/null || echo gcc
  [[ -e /usr/include/stdio.h ]] || echo libc6-dev
  # They build librdkafka.
  command -v make >/dev/null || echo make
  [[ -e /usr/include/openssl/ssl.h ]] || echo libssl-dev
  [[ -e /usr/include/zlib.h ]] || echo zlib1g-dev
}

# Runs apt-get with the rights it needs, or fails.
apt_get() {
  if [[ "$(id -u)" == 0 ]]; then
    DEBIAN_FRONTEND=noninteractive apt-get "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n DEBIAN_FRONTEND=noninteractive apt-get "$@"
  else
    echo "apt-get needs root, or sudo without a password" >&2
    return 1
  fi
}

install_packages() {
  if ! command -v apt-get >/dev/null; then
    echo "there is no apt-get on this system" >&2
    return 1
  fi
  # Its progress is of no interest to whoever runs tests; what goes wrong comes on stderr.
  apt_get update >/dev/null && apt_get install -y --no-install-recommends "$@" >/dev/null
}

install_js_clients() {
  # Left behind only when npm has finished, so that an interrupted run is done again.
  local installed="$js_clients/node_modules/.installed-lock.json"
  if cmp -s "$js_clients/package-lock.json" "$installed"; then
    return
  fi
  echo "installing JavaScript Kafka clients"
  npm ci --prefix "$js_clients" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  cp "$js_clients/package-lock.json" "$installed"
}

# Debian's librdkafka cannot log in to Kafka 4 by SCRAM. The sources of a newer one are in an npm package; what is built of them
# is kept in the user's cache, for the next clone.
install_librdkafka() {
  local sources="$js_clients/node_modules/node-rdkafka/deps/librdkafka"
  local version cache built
  version="$(sed -n 's/^  "librdkafka": "\(.*\)",$/\1/p' "$js_clients/node_modules/node-rdkafka/package.json")"
  cache="${XDG_CACHE_HOME:-$HOME/.cache}/weir-test-tools/librdkafka-$version-$(uname -m)"
  if [[ ! -e "$cache/librdkafka.so.1" ]]; then
    echo "building librdkafka $version"
    built="$(mktemp -d)"
    cp -r "$sources/." "$built"
    if ! (cd "$built" \
      && ./configure --disable-gssapi --disable-curl --disable-zstd --disable-lz4-ext --disable-optimization \
      && make -C src -j"$(nproc)" librdkafka.so.1) >"$built/log" 2>&1; then
      tail -n 20 "$built/log" >&2
      echo "error: librdkafka $version cannot be built; all of the log is in $built/log" >&2
      return 1
    fi
    mkdir -p "$cache"
    # In one step, so that nobody ever finds half of it.
    cp "$built/src/librdkafka.so.1" "$cache/new.$$"
    mv "$cache/new.$$" "$cache/librdkafka.so.1"
    rm -rf "$built"
  fi
  mkdir -p "$librdkafka"
  cmp -s "$cache/librdkafka.so.1" "$librdkafka/librdkafka.so.1" || cp "$cache/librdkafka.so.1" "$librdkafka/"
}

mapfile -t missing < <(missing_packages)
if ((${#missing[@]} > 0)); then
  echo "installing ${missing[*]}"
  install_packages "${missing[@]}" || true
  mapfile -t missing < <(missing_packages)
fi
if ((${#missing[@]} > 0)); then
  echo "error: Weir's tests need these packages (named as in Debian), which are missing: ${missing[*]}" >&2
  exit 1
fi

node_version="$(node --version)"
node_major="${node_version#v}"
node_major="${node_major%%.*}"
if ((node_major < node_major_min)); then
  echo "error: Weir's tests need Node.js $node_major_min or newer, found $node_version ($(command -v node))" >&2
  exit 1
fi

install_js_clients
install_librdkafka
