# shellcheck shell=bash
# How ./run and ./test speak, and what they check of the machine first. Sourced, never run; changes nothing.

say() { printf '· %s\n' "$*" >&2; }

die() { # WHAT MEND...: what is missing or in the way, and how to mend it
    local what=$1 mend
    shift
    printf '\n%s: %s\n' "${PROGRAM:-guichet}" "$what" >&2
    for mend in "$@"; do printf '  Mend: %s\n' "$mend" >&2; done
    exit 1
}

tail_of() { # FILE: the last lines of what a tool said, indented
    tail -n 6 "$1" | cut -c 1-200 | sed 's/^/    /' >&2
}

cache_folder() { # where downloads that outlive a clone are kept
    if [[ -n ${GUICHET_CACHE:-} ]]; then
        printf '%s\n' "$GUICHET_CACHE"
    elif [[ -n ${XDG_CACHE_HOME:-} ]]; then
        printf '%s\n' "$XDG_CACHE_HOME/guichet"
    elif [[ -n ${HOME:-} && -w ${HOME:-} ]]; then
        printf '%s\n' "$HOME/.cache/guichet"
    else
        printf '%s\n' "$ROOT/.cache/guichet"
    fi
}

check_machine() {
    [[ $(uname -s) == Linux ]] ||
        die "Guichet runs on Linux; this is $(uname -s)." "use Debian 12 or 13, a container or a virtual machine of it"
    case $(uname -m) in
        x86_64 | aarch64) ;;
        *) die "no locked wheels for $(uname -m)." "use an x86_64 or aarch64 machine" ;;
    esac
    [[ -w $ROOT ]] ||
        die "$ROOT cannot be written by $(id -un)." "clone into a folder of yours, or: sudo chown -R $(id -un) '$ROOT'"
    mkdir -p "$CACHE" 2>/dev/null || true
    [[ -w $CACHE ]] || die "$CACHE cannot be written by $(id -un)." "set GUICHET_CACHE to a folder that can"
}

check_space() { # FOLDER MEGABYTES
    local free
    free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
    ((free >= $2)) ||
        die "$free MB free on the disk of $1; $2 MB are needed." "free some space, or move the clone (and GUICHET_CACHE) to another disk"
}

check_port() { # NUMBER
    if ! [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] || (($1 > 65535)); then
        die "'$1' is not a port." "give --port a number from 1 to 65535"
    fi
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
        die "port $1 is taken: something listens on it." "end it (ss -ltnp 'sport = :$1' names it), or: ./run --port $(($1 + 1))"
    fi
}
