# shellcheck shell=bash disable=SC2034
# The unpacked tree: where it is, and how a program from another Debian runs on this one.
# Read by ../private; changes nothing on disk.

die() { printf 'asterisk: %s\n' "$@" >&2; exit 1; }

[[ -n ${GUICHET_CACHE:-}${XDG_CACHE_HOME:-}${HOME:-} ]] || die "HOME is not set." "Mend: set GUICHET_CACHE to a folder of yours."
PREFIX=${GUICHET_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/guichet}/asterisk
ROOT=$PREFIX/root
MAJOR=22

case $(uname -m) in
  x86_64) ARCH=amd64 TRIPLET=x86_64-linux-gnu LOADER=ld-linux-x86-64.so.2 ;;
  aarch64) ARCH=arm64 TRIPLET=aarch64-linux-gnu LOADER=ld-linux-aarch64.so.1 ;;
  *) die "no Asterisk for this processor ($(uname -m))." "Mend: use a machine with amd64 or arm64." ;;
esac
LIB=$ROOT/usr/lib/$TRIPLET

command_line() {  # sets COMMAND: the unpacked binary under the loader and the libraries that came with it
  COMMAND=("$LIB/$LOADER" --library-path "$LIB:$LIB/asterisk" "$ROOT/usr/sbin/asterisk")
}

asterisk() { command_line; "${COMMAND[@]}" "$@"; }

installed() { [[ -s $PREFIX/manifest && -x $ROOT/usr/sbin/asterisk ]]; }

versions() {
  installed || die "not installed." "Mend: private install"
  cat "$PREFIX/manifest"
}
