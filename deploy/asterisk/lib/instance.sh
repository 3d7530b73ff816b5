# shellcheck shell=bash
# One running instance: fill its configuration, start it, talk to it, end it.
# Read by ../private. Ends only the process that it recorded in DIR/pid and that still is this instance.

secret() {  # secret FILE: the password in it, made once, readable by its owner alone
  [[ -s $1 ]] || (umask 077 && od -An -N16 -tx1 /dev/urandom | tr -d ' \n' > "$1.new" && mv "$1.new" "$1")
  cat "$1"
}

port() { [[ $2 =~ ^[0-9]{1,5}$ && $2 -gt 0 && $2 -lt 65536 ]] || die "$1=$2 is not a port."; }

address() {
  [[ $2 =~ ^[A-Za-z0-9.-]+:[0-9]{1,5}$ ]] || die "$1=$2 is not an address." "Mend: write it as HOST:PORT."
}

fill() {  # fill TEMPLATE: the file with its placeholders replaced
  local text key
  text=$(< "$1")
  for key in "${!VALUES[@]}"; do text=${text//"@$key@"/"${VALUES[$key]}"}; done
  printf '%s\n' "$text"
}

configure() {  # configure DIR HOST
  local dir=$1 host=$2 etc=$1/etc template
  [[ $dir =~ ^[A-Za-z0-9._/+\ -]+$ ]] || die "the path $dir has signs that Asterisk's configuration cannot hold." "Mend: choose a plainer DIR."
  [[ ${#dir} -le 85 ]] || die "the path $dir is too long for a Unix socket." "Mend: choose a DIR of at most 85 characters."
  [[ $host =~ ^[0-9.]+$ ]] || die "$host is not an IPv4 address."
  port SIP_PORT "${SIP_PORT:=5060}"; port AMI_PORT "${AMI_PORT:=5038}"
  port AMI_TLS_PORT "${AMI_TLS_PORT:=5039}"
  port RTP_START "${RTP_START:=10000}"; port RTP_END "${RTP_END:=19999}"
  address AGI "${AGI:=127.0.0.1:4573}"; address AGENTS "${AGENTS:=$host:5070}"
  mkdir -p "$etc" "$dir"/{lib,spool/tmp,run,secrets,log/cel-custom}
  chmod 700 "$etc" "$dir/secrets"
  local tls=no
  [[ -s $dir/secrets/ami.crt && -s $dir/secrets/ami.key ]] && tls=yes
  local -A VALUES=(
    [DIR]=$dir [HOST]=$host [SIP_PORT]=$SIP_PORT [AMI_PORT]=$AMI_PORT [AMI_TLS]=$tls [AMI_TLS_PORT]=$AMI_TLS_PORT [AGI]=$AGI [AGENTS]=$AGENTS
    [RTP_START]=$RTP_START [RTP_END]=$RTP_END [MODULES]=$LIB/asterisk/modules [MOH]=$PREFIX/moh
    [DATA]=$ROOT/usr/share/asterisk [AMI_SECRET]=$(secret "$dir/secrets/ami")
    [AGI_SECRET]=$(secret "$dir/secrets/agi")
    [SECRET_1001]=$(secret "$dir/secrets/1001") [SECRET_1002]=$(secret "$dir/secrets/1002"))
  for template in "${GUICHET_ETC:-$HERE/etc}"/*.conf; do
    (umask 077 && fill "$template" > "$etc/${template##*/}")
  done
}

start() {  # start DIR HOST
  installed || die "Asterisk is not installed." "Mend: private install"
  mkdir -p "$1" || die "cannot make $1."
  local dir pid from i; dir=$(cd "$1" && pwd -P)
  ! running "$dir" || die "an Asterisk already runs in $dir (process $(< "$dir/pid"))." "Mend: private stop $dir"
  configure "$dir" "$2"
  rm -f "$dir/run/asterisk.ctl"
  touch "$dir/log/messages"
  from=$(($(wc -l < "$dir/log/messages") + 1))
  command_line
  # A session of its own: a Ctrl-C at the terminal must not cut calls before Guichet has let go of them.
  setsid "${COMMAND[@]}" -C "$dir/etc/asterisk.conf" -f > "$dir/log/console" 2>&1 < /dev/null 9>&- &
  pid=$!
  echo "$pid" > "$dir/pid"
  for ((i = 0; i < 200; i++)); do
    sleep 0.1
    kill -0 "$pid" 2> /dev/null || { tail -n 5 "$dir/log/console" "$dir/log/messages" >&2 || true; die "Asterisk ended while starting." "Mend: see the lines above and $dir/log."; }
    if asterisk -C "$dir/etc/asterisk.conf" -rx 'core waitfullybooted' 2> /dev/null | grep -q 'fully booted'; then
      complaints "$dir" "$from"
      echo "asterisk: process $pid, SIP $2:$SIP_PORT, AMI $2:$AMI_PORT, secrets in $dir/secrets"
      return
    fi
  done
  kill -KILL "$pid"
  die "Asterisk did not come up within 20 s." "Mend: see $dir/log."
}

complaints() {  # complaints DIR FROM: a port that is taken is only a line in Asterisk's log; make it an error
  local faults
  faults=$(tail -n "+$2" "$1/log/messages" | grep -a ' ERROR\[' | cut -c1-300 | head -n 3) || return 0
  finish "$1" KILL
  die "Asterisk started with errors:" "$faults" "Mend: a port in use? choose others with SIP_PORT, AMI_PORT. Else see $1/log/messages."
}

running() {  # whether the recorded process is alive and still is this instance
  local pid; pid=$(cat "$1/pid" 2> /dev/null) && [[ -n $pid && -r /proc/$pid/cmdline ]] || return 1
  tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | grep -qF -- "-C $1/etc/asterisk.conf"
}

finish() {  # finish DIR SIGNAL
  [[ -d $1 ]] || die "there is no $1."
  local dir pid i; dir=$(cd "$1" && pwd -P)
  running "$dir" || { echo "asterisk: not running in $dir"; return; }
  pid=$(< "$dir/pid")
  kill "-$2" "$pid"
  for ((i = 0; i < 100; i++)); do running "$dir" || return 0; sleep 0.05; done
  kill -KILL "$pid"
}

cli() {  # cli DIR COMMAND…
  local dir; dir=$(cd "$1" && pwd -P) || die "there is no $1."
  running "$dir" || die "no Asterisk runs in $dir."
  shift
  asterisk -C "$dir/etc/asterisk.conf" -rx "$*"
}
