# shellcheck shell=bash
# Programs for Guichet to start itself: the system's if it has them, else Debian's, unpacked in private, so that no
# system service is left running and no root is needed. Sourced, never run.

ensure_redis() { ensure_private redis-server redis-server redis-cli redis-check-aof; }
ensure_sipp() { ensure_private sip-tester sipp; }
ensure_speech() { ensure_private espeak-ng espeak-ng; } # makes the prompts of flows that nobody has recorded

ensure_private() { # PACKAGE PROGRAM...: leaves the programs on the PATH; the first one is what is looked for
    local package=$1 folder
    shift
    command -v "$1" >/dev/null && return
    # One cache may serve several systems (a home folder, a container): each has its own libraries.
    folder="$CACHE/$package-$(. /etc/os-release && echo "$ID$VERSION_ID")-$(uname -m)"
    PATH=$folder/guichet-bin:$PATH
    starts "$1" && return
    check_space "$CACHE" 200
    say "$1 from Debian, unpacked in $folder"
    (
        flock 9
        starts "$1" && exit
        unpack_private "$folder" "$package" || exit
        mkdir "$folder/guichet-bin"
        for name; do
            starter "$name" >"$folder/guichet-bin/$name"
            chmod +x "$folder/guichet-bin/$name"
        done
    ) 9>"$CACHE/$package.lock" || exit
    starts "$1" || die "the $1 that was unpacked does not start." "apt-get install $package, then start again"
}

starts() { # PROGRAM: is it there, and are its libraries? (SIPp has no option that ends with 0)
    local code=0
    "$1" --version >/dev/null 2>&1 </dev/null || code=$?
    ((code != 126 && code != 127))
}

starter() { # NAME: a script that finds the unpacked libraries
    cat <<STARTER
#!/bin/sh
root=\$(dirname "\$(dirname "\$(readlink -f "\$0")")")
LD_LIBRARY_PATH=\$(echo "\$root"/usr/lib/*-linux-gnu)\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
ESPEAK_DATA_PATH=\$(echo "\$root"/usr/lib/*-linux-gnu) # where espeak-ng finds its voices; others pass it over
export LD_LIBRARY_PATH ESPEAK_DATA_PATH
exec "\$root/usr/bin/$1" "\$@"
STARTER
}
