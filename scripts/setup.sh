# Shared by scripts/serve and scripts/test: find or install what the program needs.
#
# Sourced by bash from the top folder of the checkout. Each step looks first and acts
# only when something is missing, so that a second start takes seconds. A step that was
# cut off (kill -9, power) leaves no stamp behind and is done again from its beginning.

OLDEST_PYTHON="3.11"
OLDEST_POSTGRESQL=15
OLDEST_NODE=18
SETUP_LOG="build/setup.log"

say() { printf '%s\n' "$*"; }

die() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# --- Debian packages ---------------------------------------------------------------

# Run a command with the rights of root, or say what the administrator has to run.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        sudo "$@"
    else
        return 126
    fi
}

# Print the newest PostgreSQL of this machine that has PostGIS, or fail.
find_postgis() {
    local folder version best=""
    for folder in /usr/lib/postgresql/*/bin; do
        version="${folder#/usr/lib/postgresql/}"
        version="${version%/bin}"
        case "$version" in *[!0-9]*) continue ;; esac
        [ -x "$folder/initdb" ] || continue
        [ -f "/usr/share/postgresql/$version/extension/postgis.control" ] || continue
        [ -f "/usr/lib/postgresql/$version/lib/postgis-3.so" ] || continue
        [ "$version" -ge "$OLDEST_POSTGRESQL" ] || continue
        if [ -z "$best" ] || [ "$version" -gt "$best" ]; then best="$version"; fi
    done
    [ -n "$best" ] && printf '%s\n' "$best"
}

# Print the newest PostgreSQL version that the package archive offers with PostGIS.
offered_postgis() {
    apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' |
        sed -n 's/^postgresql-\([0-9]*\)-postgis-3 .*/\1/p' | sort -n | tail -n 1
}

# Is this interpreter new enough, and can it make an environment?
python_fits() {
    "$1" - "$OLDEST_PYTHON" 2>/dev/null <<'PYTHON'
import sys
import ensurepip, venv
wanted = tuple(int(part) for part in sys.argv[1].split("."))
sys.exit(sys.version_info[:2] < wanted)
PYTHON
}

# Print the Python to use. The distribution's own comes first: every user can run it.
find_python() {
    local candidate
    for candidate in "${JINGTU_PYTHON:-}" /usr/bin/python3 python3 python3.13 \
        python3.12 python3.11; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
        if python_fits "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

find_chromium() {
    local candidate
    for candidate in "${JINGTU_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
        command -v "$candidate"
        return 0
    done
    return 1
}

node_fits() {
    local version
    version="$(node --version 2>/dev/null)" || return 1
    version="${version#v}"
    [ "${version%%.*}" -ge "$OLDEST_NODE" ] && command -v npm >/dev/null
}

cjk_font_exists() {
    local found
    found="$(find -L /usr/share/fonts /usr/local/share/fonts "${HOME:-/root}/.fonts" \
        "${HOME:-/root}/.local/share/fonts" -name 'NotoS*CJK*' -print -quit \
        2>/dev/null)" || true
    [ -n "$found" ]
}

# Does this need (python, database, font, curl, certificates, node, chromium, ogr2ogr)
# hold?
need_is_met() {
    case "$1" in
    python) find_python >/dev/null ;;
    database) find_postgis >/dev/null ;;
    font) cjk_font_exists ;;
    curl) command -v curl >/dev/null ;;
    certificates) [ -e /etc/ssl/certs/ca-certificates.crt ] ;;
    node) node_fits ;;
    chromium) find_chromium >/dev/null ;;
    ogr2ogr) command -v ogr2ogr >/dev/null ;;
    esac
}

# Print the Debian packages that meet a need.
packages_for() {
    local version
    case "$1" in
    python) say python3 python3-venv ;;
    database)
        version="$(offered_postgis)"
        [ "${version:-0}" -ge "$OLDEST_POSTGRESQL" ] || return 1
        say "postgresql-$version" "postgresql-$version-postgis-3"
        ;;
    font) say fonts-noto-cjk ;;
    curl) say curl ;;
    certificates) say ca-certificates ;;
    node) node --version >/dev/null 2>&1 && say npm || say nodejs npm ;;
    chromium) say chromium ;;
    ogr2ogr) say gdal-bin ;;
    esac
}

# The same in words, for a machine on which we cannot install.
need_in_words() {
    case "$1" in
    python) say "Python $OLDEST_PYTHON or newer with venv (Debian, Ubuntu: python3 python3-venv)" ;;
    database) say "PostgreSQL $OLDEST_POSTGRESQL or newer with PostGIS 3 (Debian 12: postgresql-15" \
        "postgresql-15-postgis-3; Ubuntu 24.04: -16; Debian 13: -17)," \
        "or set JINGTU_DATABASE_URL to a database that has PostGIS" ;;
    font) say "a Chinese font for certificates (Debian, Ubuntu: fonts-noto-cjk)" ;;
    curl) say "curl, for the request printed at the end (curl)" ;;
    certificates) say "the certificates of public authorities (ca-certificates)" ;;
    node) say "Node.js $OLDEST_NODE or newer with npm (Debian 12 or newer: nodejs npm)" ;;
    chromium) say "Chromium for the browser tests (Debian: chromium); or JINGTU_CHROMIUM=its path" ;;
    ogr2ogr) say "ogr2ogr, which an import is measured beside (Debian, Ubuntu: gdal-bin)" ;;
    esac
}

# Stop with the list of what is missing. Needs that only a part of the program has
# (font, curl, certificates) are a warning.
refuse_missing() {
    local reason="$1" need fatal=""
    shift
    printf '\n%s\nMissing:\n' "$reason" >&2
    for need in "$@"; do
        printf '  - %s\n' "$(need_in_words "$need")" >&2
        case "$need" in font | curl | certificates) ;; *) fatal=yes ;; esac
    done
    [ -z "$fatal" ] || die "Install these (as root), then start again."
    say "Going on without them."
}

# The server package makes and starts a cluster of its own unless told not to before.
keep_stray_cluster_away() {
    local file=/etc/postgresql-common/createcluster.conf
    grep -qsE '^[[:space:]]*create_main_cluster[[:space:]]*=' "$file" && return 0
    say "  (set create_main_cluster = false in $file: no server but ours is started)"
    as_root sh -c "mkdir -p '${file%/*}' && echo 'create_main_cluster = false' >> '$file'"
}

# Run apt-get without questions; its output goes to the log.
apt_quietly() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=300 "$@" >>"$APT_LOG" 2>&1
}

# Read the package lists; another apt at work is waited for.
update_package_lists() {
    local deadline=$((SECONDS + 300))
    until apt_quietly update; do
        grep -q 'Could not get lock' "$APT_LOG" && [ "$SECONDS" -lt "$deadline" ] ||
            return 1
        : >"$APT_LOG"
        sleep 2
    done
}

# Install the packages of the needs that are not met.
meet_needs() {
    local need packages=() missing=()
    for need in "$@"; do need_is_met "$need" || missing+=("$need"); done
    [ "${#missing[@]}" -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        refuse_missing "This machine has no apt to install packages with." "${missing[@]}"
        return 0
    fi
    if ! as_root true; then
        refuse_missing "Packages can only be installed by root or with sudo." "${missing[@]}"
        return 0
    fi

    APT_LOG="$(mktemp)"
    say "Reading the list of Debian packages ..."
    update_package_lists || {
        tail -n 5 "$APT_LOG" >&2
        say "Not every list could be read (network? clock? a stale source?); going on."
    }
    for need in "${missing[@]}"; do
        # shellcheck disable=SC2207  # package names hold no spaces
        packages+=($(packages_for "$need")) || refuse_missing \
            "The package archive of this distribution does not offer all we need." "$need"
    done
    case " ${missing[*]} " in *" database "*) keep_stray_cluster_away ;; esac
    say "Installing Debian packages: ${packages[*]} ..."
    apt_quietly install --no-install-recommends "${packages[@]}" || {
        tail -n 15 "$APT_LOG" >&2
        die "apt-get could not install them (all of it: $APT_LOG)."
    }
    rm -f "$APT_LOG"
    for need in "${missing[@]}"; do
        need_is_met "$need" || refuse_missing \
            "The packages were installed, but this is still missing." "$need"
    done
}

# --- what is built inside the checkout ---------------------------------------------

# Stop unless we may write to this folder of the checkout.
require_writable() {
    local folder="$1" what="$2"
    while [ ! -e "$folder" ]; do folder="$(dirname "$folder")"; done
    [ -w "$folder" ] && return 0
    die "$what must be built, but $(id -un) may not write to
$PWD/${folder#./} (it belongs to $(stat -c %U "$folder")).
Start as that user, or from a checkout of your own."
}

# One set-up at a time in a checkout. The lock falls with the processes that hold it.
lock_setup() {
    mkdir -p build
    exec 9>build/setup.lock
    flock -n 9 && return 0
    say "Another set-up works in this checkout; waiting for its end ..."
    flock 9
}

unlock_setup() { exec 9>&-; }

# What the environment must match to be used: pinned packages, Python, this place.
environment_stamp() {
    sha256sum requirements.lock pyproject.toml
    .venv/bin/python -c 'import sys; print(sys.version, sys.prefix)' 2>/dev/null || true
    printf '%s\n' "$PWD"
}

environment_is_ready() {
    [ -x .venv/bin/jingtu ] && [ -f .venv/jingtu-stamp ] &&
        [ "$(environment_stamp)" = "$(cat .venv/jingtu-stamp)" ] &&
        .venv/bin/python -c '' 2>/dev/null
}

# A stop signal ends the step under way too, not only this shell. The shell is asked for
# it: the signal may come before a variable holds its number.
stop_step() {
    local step
    for step in $(jobs -p); do kill "$step" 2>/dev/null || true; done
    say "Stopped."
    exit 143
}
trap stop_step INT TERM HUP

# Run a command so that a stop signal can end it (bash would wait for its end first).
run_step() {
    local code=0
    "$@" 9>&- &
    wait "$!" || code=$?
    return "$code"
}

# Run one step of the build; show the end of its output only when it fails.
run_logged() {
    local what="$1"
    shift
    run_step "$@" >>"$SETUP_LOG" 2>&1 && return 0
    tail -n 20 "$SETUP_LOG" >&2
    die "$what failed (the whole output: $PWD/$SETUP_LOG). Free disk: $(df -h --output=avail . | tail -n 1 | tr -d ' ')."
}

# A stamped environment is brought up to date; one that was never finished, or that
# came from another folder or Python, is built anew.
build_environment() {
    local python folder_line
    environment_is_ready && return 0
    require_writable .venv "The Python environment"
    require_writable build "The Python environment"
    lock_setup
    if environment_is_ready; then unlock_setup; return 0; fi

    python="$(find_python)"
    : >"$SETUP_LOG"
    folder_line="$(tail -n 1 .venv/jingtu-stamp 2>/dev/null || true)"
    if [ "$folder_line" != "$PWD" ] || ! python_fits .venv/bin/python; then
        say "Making a Python environment in .venv with $python ($("$python" -V 2>&1)) ..."
        rm -rf .venv
        run_logged "Making the Python environment" "$python" -m venv .venv
    fi
    rm -f .venv/jingtu-stamp
    say "Installing the pinned Python packages (about 250 MB, only the first time) ..."
    run_logged "Installing the Python packages" .venv/bin/python -m pip install \
        --disable-pip-version-check --no-input --only-binary :all: --require-hashes \
        -r requirements.lock
    run_logged "Installing jingtu itself" .venv/bin/python -m pip install \
        --disable-pip-version-check --no-input --no-deps --no-build-isolation --no-index \
        --editable .
    environment_stamp >.venv/jingtu-stamp.new
    mv .venv/jingtu-stamp.new .venv/jingtu-stamp
    unlock_setup
}

# Digest of everything the built pages depend on.
assets_stamp() {
    find app/frontend app/pages/catalogue -name node_modules -prune -o -type f -print0 |
        LC_ALL=C sort -z |
        xargs -0 sha256sum | sha256sum
}

assets_are_ready() {
    [ -f app/static/.stamp ] && [ "$(assets_stamp)" = "$(cat app/static/.stamp)" ]
}

node_modules_are_ready() {
    [ -f app/frontend/node_modules/.stamp ] &&
        sha256sum --status -c app/frontend/node_modules/.stamp 2>/dev/null
}

install_node_modules() {
    node_modules_are_ready && return 0
    meet_needs node
    require_writable app/frontend "The packages of the pages"
    lock_setup
    if ! node_modules_are_ready; then
        say "Installing the pinned packages of the pages ..."
        run_logged "npm ci" npm --prefix app/frontend ci --ignore-scripts \
            --no-audit --no-fund --no-update-notifier
        sha256sum app/frontend/package-lock.json >app/frontend/node_modules/.stamp
    fi
    unlock_setup
}

build_assets() {
    assets_are_ready && return 0
    install_node_modules
    require_writable app/static "The pages"
    lock_setup
    if ! assets_are_ready; then
        say "Building the pages ..."
        rm -f app/static/.stamp
        run_logged "Building the pages" npm --prefix app/frontend run build
        assets_stamp >app/static/.stamp
    fi
    unlock_setup
}
