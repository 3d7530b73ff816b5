# shellcheck shell=bash
# A redis-server for Guichet to start itself: the system's if there is one, else Debian's, unpacked in private, so that no
# system service is left running. Sourced, never run.

ensure_redis() { # leaves redis-server on the PATH
    command -v redis-server >/dev/null && return
    local folder
    # One cache may serve several systems (a home folder, a container): each has its own libraries.
    folder="$CACHE/redis-$(. /etc/os-release && echo "$ID$VERSION_ID")-$(uname -m)"
    PATH=$folder/guichet-bin:$PATH
    "$folder/guichet-bin/redis-server" --version >/dev/null 2>&1 && return
    check_space "$CACHE" 200
    say "Redis from Debian, unpacked in $folder"
    (
        flock 9
        [[ -x $folder/guichet-bin/redis-server ]] && "$folder/guichet-bin/redis-server" --version >/dev/null 2>&1 && exit
        unpack_private "$folder" redis-server || exit
        mkdir "$folder/guichet-bin"
        for name in redis-server redis-cli redis-check-aof; do
            redis_starter "$name" >"$folder/guichet-bin/$name"
            chmod +x "$folder/guichet-bin/$name"
        done
    ) 9>"$CACHE/redis.lock" || exit
    "$folder/guichet-bin/redis-server" --version >/dev/null ||
        die "the redis-server that was unpacked does not start." "apt-get install redis-server, then start again"
}

redis_starter() { # NAME: a script that finds the unpacked libraries
    cat <<STARTER
#!/bin/sh
root=\$(dirname "\$(dirname "\$(readlink -f "\$0")")")
LD_LIBRARY_PATH=\$(echo "\$root"/usr/lib/*-linux-gnu)\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH
exec "\$root/usr/bin/$1" "\$@"
STARTER
}
