# shellcheck shell=bash
# What comes from Debian: installed by apt where it must be in the system, unpacked in private where it need not.
# Sourced, never run. Starts no service.

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

need_apt() { # WHAT
    command -v apt-get >/dev/null ||
        die "$1 is missing and this system has no apt to get it with." "install $1 by hand, or use Debian 12 or 13"
}

apt_install() { # PACKAGE...
    local out="$CACHE/apt.out"
    need_apt "$*"
    ((EUID == 0)) || command -v sudo >/dev/null ||
        die "$* missing; installing takes root, and there is no sudo." "as root: apt-get install $*"
    say "apt-get install $*"
    # An update that fails for one source of many is no reason to stop: the install itself tells.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >"$out" 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends install "$@" >>"$out" 2>&1 ||
        apt_failed "$out" "$*"
}

apt_failed() { # FILE PACKAGES
    tail_of "$1"
    if grep -q 'not have enough free space\|No space left' "$1"; then
        die "the disk is full: $2 could not be installed." "free some space and start again"
    elif grep -q 'Could not get lock\|Unable to lock' "$1"; then
        die "another apt is at work." "wait for it to end and start again"
    elif grep -q 'Unable to locate package\|has no installation candidate' "$1"; then
        die "apt knows no $2, or could not reach its mirror." "check the network (apt-get update tells) and apt's sources"
    fi
    die "apt could not get $2." "see above, or run: apt-get update && apt-get install $2"
}

unpack_private() ( # FOLDER PACKAGE...: packages and what they need beyond this system, without root
    folder=$1 out="$CACHE/apt.out"
    shift
    need_apt "$*"
    work=$(mktemp -d "$CACHE/unpack.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/root"
    own=(
        -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work" -o "Dir::Cache::archives=$work/archives"
        -o Debug::NoLocking=1 -o APT::Sandbox::User= -o Acquire::Languages=none
    )
    apt-get -q "${own[@]}" update >"$out" 2>&1 || true
    apt-get -qy "${own[@]}" --no-install-recommends --download-only install "$@" >>"$out" 2>&1 ||
        apt_failed "$out" "$*"
    shopt -s nullglob
    debs=("$work"/archives/*.deb)
    ((${#debs[@]})) || die "dpkg has $* as installed, yet it is not on the PATH." "put /usr/bin on the PATH, or reinstall it"
    for deb in "${debs[@]}"; do
        dpkg-deb -x "$deb" "$work/root" || die "could not unpack $(basename "$deb")." "free some disk space and start again"
    done
    rm -rf "$folder"
    mv "$work/root" "$folder" # at once: a folder that is there is whole
)
