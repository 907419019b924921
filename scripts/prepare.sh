# prepare.sh: sourced by scripts/demo and scripts/test: installs what a bare Debian 12 lacks, and builds a preset.
#
# Nothing is installed when nothing is missing, so the second run starts to build at once. Messages go to standard output, one line a step.

PACKAGES="gcc g++ cmake ninja-build python3 libc6-dev llvm-19-dev llvm-19 llvm-19-tools clang-19 lld-19 clang-format-19
  check libsubunit-dev libgmp-dev libdw-dev libutf8proc-dev libxxhash-dev libzstd-dev zlib1g-dev"
GOSRC=golang-1.23-src # from bookworm-backports: the sources of Go's standard library, no compiler

say() { printf '==> %s\n' "$*"; }

requirements() {
  cat <<END
This script installs packages of Debian 12 (bookworm) on amd64; here is another system. What it would need:
  packages (Debian's names):  $(echo $PACKAGES)
  the sources of Go 1.23:     $GOSRC from bookworm-backports, or any Go 1.23 release: set GOROOT to its folder
Then:  cmake --preset release && cmake --build --preset release && ctest --test-dir build/release
END
}

on_debian12() {
  [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] && [ -r /etc/os-release ] &&
    (. /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ])
}

have_package() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"; }

# Runs a step with its output in a log file, which is shown only if the step fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || {
    local rc=$?
    tail -n 40 "$log"
    echo "failed: $* (all of its output is in $log)" >&2
    return $rc
  }
}

# The line or stanza that names bookworm among the machine's own sources, with the suite replaced by its backports.
backports_source() {
  local f
  for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -r "$f" ] && awk '$1 == "deb" {
      for (i = 2; i <= NF && $i ~ /^\[/ && $i !~ /\]$/; i++) ;
      for (; i <= NF; i++) if ($i == "bookworm") {
        line = $1; for (j = 2; j < i; j++) line = line " " $j
        print line " bookworm-backports main"; exit }
    }' "$f"
  done | head -n 1
}

backports_stanza() {
  local f
  for f in /etc/apt/sources.list.d/*.sources; do
    [ -r "$f" ] && awk 'BEGIN { RS = ""; FS = "\n" }
      !done && /(^|\n)Types:[^\n]*deb/ && /(^|\n)Suites:([^\n]* )?bookworm( |\n|$)/ {
        for (i = 1; i <= NF; i++) {
          if ($i ~ /^Suites:/) print "Suites: bookworm-backports"
          else if ($i ~ /^Components:/) print "Components: main"
          else if ($i ~ /^Types:/) print "Types: deb"
          else if ($i !~ /^#/) print $i
        }
        done = 1
      }' "$f"
  done
}

add_backports() {
  local line stanza
  line=$(backports_source)
  if [ -n "$line" ]; then
    say "adding bookworm-backports to apt's sources, on this machine's own mirror"
    echo "$line" | as_root tee /etc/apt/sources.list.d/goc-backports.list >/dev/null
  else
    stanza=$(backports_stanza)
    if [ -z "$stanza" ]; then
      echo "apt's sources name no mirror of bookworm: add bookworm-backports yourself, or set GOROOT to a Go 1.23" >&2
      return 1
    fi
    say "adding bookworm-backports to apt's sources, on this machine's own mirror"
    echo "$stanza" | as_root tee /etc/apt/sources.list.d/goc-backports.sources >/dev/null
  fi
}

have_gosrc() { [ -n "${GOROOT:-}" ] || have_package $GOSRC || [ -d /usr/share/go-1.23/src/fmt ] || [ -d /usr/lib/go-1.23/src/fmt ]; }

has_candidate() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'; }

install_missing() {
  local p missing=
  for p in $PACKAGES; do
    have_package "$p" || missing="$missing $p"
  done
  if [ -z "$missing" ] && have_gosrc; then
    return 0
  fi
  on_debian12 || {
    requirements
    return 1
  }
  have_gosrc || missing="$missing $GOSRC"
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "installing packages needs root, and sudo is not there: run this script as root once, or install:$missing" >&2
    return 1
  fi
  local log
  log=$(mktemp /tmp/goc-install.XXXXXX)
  say "reading the lists of packages"
  quietly "$log" apt update || return 1
  if ! have_gosrc && ! has_candidate $GOSRC; then
    add_backports || return 1
    quietly "$log" apt update || return 1
  fi
  say "installing:$missing"
  quietly "$log" apt install --no-install-recommends $missing || return 1
  rm -f "$log"
}

# Builds one preset; the first time it is configured too.
build() {
  local dir=build/$1
  mkdir -p "$dir"
  say "building $dir"
  if [ ! -f "$dir/build.ninja" ]; then
    quietly "$dir/configure.log" cmake --preset "$1" || return 1
  fi
  quietly "$dir/build.log" cmake --build --preset "$1"
}
