# shellcheck shell=bash
# The .venv of this clone, made from a hashed lock by Debian's own python3 and pip. Sourced, never run.
# A stamp with the sum of all it was made from lets a second start do nothing.

MINIMUM=3.11

ensure_venv() { # run | dev
    local lock="$ROOT/requirements.lock" python
    [[ $1 == dev ]] && lock="$ROOT/requirements-dev.lock"
    stamped "$1" "$lock" && return
    (
        flock 9
        stamped "$1" "$lock" && exit
        python=$(find_python) || exit
        make_venv "$python" "$lock"
        sum_of "$lock" >"$ROOT/.venv/guichet-$1.stamp"
        # The dev lock holds every pin of the other one.
        if [[ $1 == dev ]]; then sum_of "$ROOT/requirements.lock" >"$ROOT/.venv/guichet-run.stamp"; fi
    ) 9<"$ROOT/scripts" || exit
}

sum_of() { # LOCK: of all that .venv depends on: its place and its Python too, which a system upgrade may change
    {
        cat "$1" "$ROOT/pyproject.toml"
        printf '%s\n' "$ROOT" "${GUICHET_PYTHON:-}" "$(venv_version "$ROOT/.venv/bin/python")"
    } | sha256sum | cut -d ' ' -f 1
}

stamped() { # run|dev LOCK
    local stamp="$ROOT/.venv/guichet-$1.stamp"
    [[ -f $stamp && $(<"$stamp") == "$(sum_of "$2")" ]]
}

new_enough() { # PYTHON
    "$1" -c "import sys; sys.exit(sys.version_info < (${MINIMUM/./, }))" 2>/dev/null
}

find_python() { # prints a python that can make a venv, by apt if need be
    local name found=
    [[ -z ${GUICHET_PYTHON:-} ]] || command -v "$GUICHET_PYTHON" >/dev/null ||
        die "GUICHET_PYTHON=$GUICHET_PYTHON is no program." "correct it, or unset it to use python3"
    for name in "${GUICHET_PYTHON:-python3}" python3.13 python3.12 python3.11; do
        command -v "$name" >/dev/null || continue
        found=$name
        if new_enough "$name"; then
            "$name" -c 'import venv, ensurepip' 2>/dev/null || apt_install python3-venv
            "$name" -c 'import venv, ensurepip' 2>/dev/null ||
                die "$name cannot make virtual environments." "install its venv module, or set GUICHET_PYTHON=/usr/bin/python3"
            printf '%s\n' "$name"
            return
        fi
    done
    [[ -z $found ]] || die "$("$found" --version 2>&1) is too old: $MINIMUM is needed." \
        "use Debian 12 or newer, or set GUICHET_PYTHON to a newer python"
    apt_install python3 python3-venv
    new_enough python3 || die "apt's $(python3 --version 2>&1) is too old: $MINIMUM is needed." "use Debian 12 or newer"
    printf 'python3\n'
}

make_venv() { # PYTHON LOCK
    local venv="$ROOT/.venv" out="$ROOT/.venv/install.out"
    check_space "$ROOT" 600
    # What the caller's environment says of pip and Python must not steer this one, but for where its index is.
    unset PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_HASHES PYTHONPATH PYTHONHOME VIRTUAL_ENV
    export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
    if [[ -e $venv/unfinished || $(venv_version "$venv/bin/python") != $(venv_version "$1") ]]; then rm -rf "$venv"; fi
    say "Python packages into .venv ($("$1" --version), $(basename "$2"))"
    [[ -d $venv ]] || "$1" -m venv "$venv" || die "could not make $venv." "see above"
    touch "$venv/unfinished"
    rm -f "$venv"/guichet-*.stamp
    local install=("$venv/bin/python" -m pip install -q)
    "${install[@]}" --require-hashes --only-binary :all: -r "$2" >"$out" 2>&1 || pip_failed "$out"
    "${install[@]}" --no-deps --no-build-isolation --no-index -e "$ROOT" >>"$out" 2>&1 || pip_failed "$out"
    rm "$venv/unfinished"
}

venv_version() { "$1" -c 'import sys; print(*sys.version_info[:2])' 2>/dev/null || echo none; }

pip_failed() { # FILE
    tail_of "$1"
    if grep -q 'No space left' "$1"; then
        die "the disk is full." "free 600 MB and start again"
    elif grep -q 'DO NOT MATCH THE HASHES' "$1"; then
        die "a package is not the one that was locked: it was not installed." \
            "try again without your own index (pip config list tells), and report it if it stays"
    elif grep -q 'CERTIFICATE_VERIFY_FAILED' "$1"; then
        die "the package index shows a certificate that pip does not trust (a proxy that looks into TLS?)." \
            "install ca-certificates and your authority, then: PIP_CERT=/etc/ssl/certs/ca-certificates.crt $PROGRAM"
    elif grep -qi 'could not find a version\|no matching distribution' "$1"; then
        die "the package index does not give what the lock names, or cannot be reached." \
            "check the network and proxy (HTTPS_PROXY), or point PIP_INDEX_URL to a mirror you may use"
    fi
    die "pip could not install what the lock names." "see above; the whole story is in .venv/install.out"
}
