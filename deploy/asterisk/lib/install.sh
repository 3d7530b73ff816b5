# shellcheck shell=bash
# Fetch Asterisk and all it links against from Debian, verify by apt's own signatures, unpack privately.
# Read by ../private. Never runs a maintainer script, never writes outside $PREFIX.

SUITE=${GUICHET_SUITE:-forky}
WANTED=(asterisk asterisk-modules asterisk-core-sounds-en-gsm asterisk-core-sounds-fr-gsm)
SPACE_MB=500

tool() { command -v "$1" > /dev/null || die "$1 is missing: $2." "Mend: $3"; }

mirror() {  # the archive this machine's apt takes its own release from
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get update --print-uris 2> /dev/null | sed -n "s#^'\(.*\)/dists/$codename/InRelease'.*#\1#p" | head -n 1
}

keyring() {
  local path
  for path in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    [[ -r $path ]] && echo "$path" && return
  done
  die "Debian's archive keyring is missing: packages could not be verified." "Mend: apt-get install debian-archive-keyring"
}

private_apt() {  # sets APT: an apt that knows one suite and an empty system, and keeps this machine's proxy
  local apt=$PREFIX/apt mirror=${GUICHET_MIRROR:-$(mirror)} key
  [[ -n $mirror ]] || die "found no Debian mirror in this machine's apt configuration." "Mend: set GUICHET_MIRROR to one."
  key=$(keyring)
  mkdir -p "$apt"/{lists/partial,archives/partial,etc}
  : > "$apt/status"
  apt-config dump 2> /dev/null | grep -E '^Acquire::(http|https)::' > "$apt/etc/apt.conf" || true
  echo "deb [arch=$ARCH signed-by=$key] $mirror $SUITE main" > "$apt/etc/sources.list"
  # Valid-Until is not asked for: a lab machine's clock may be ahead, and the signature is still checked.
  APT=(env "APT_CONFIG=$apt/etc/apt.conf" apt-get
    -o "Dir::Etc::main=-" -o "Dir::Etc::parts=-" -o "Dir::Etc::preferencesparts=-" -o "Dir::Etc::preferences=-"
    -o "Dir::Etc::sourcelist=$apt/etc/sources.list" -o "Dir::Etc::sourceparts=-"
    -o "Dir::State=$apt" -o "Dir::State::lists=$apt/lists" -o "Dir::State::status=$apt/status"
    -o "Dir::Cache=$apt" -o "Dir::Cache::archives=$apt/archives" -o "Dir::Log=$apt"
    -o "Acquire::Languages=none" -o "Acquire::Check-Valid-Until=false" -o "Acquire::Retries=2"
    -o "APT::Architecture=$ARCH" -o "APT::Architectures=$ARCH" -o "APT::Sandbox::User="
    -o "APT::Update::Error-Mode=any" -o "Debug::NoLocking=1" -o "pkgCacheGen::ForceEssential=," -qq)
}

explain() {  # explain WHAT LOG: apt failed; say so with the mend that its words call for
  local mend="see the lines above; run it again once the archive can be reached."
  tail -n 4 "$2" >&2
  if grep -qiE 'NO_PUBKEY|Missing key|not signed' "$2"; then mend="apt-get install --only-upgrade debian-archive-keyring"
  elif grep -qiE 'does not have a Release file|404' "$2"; then mend="set GUICHET_SUITE to a suite that carries Asterisk $MAJOR, or GUICHET_MIRROR to a full mirror."
  elif grep -qiE '40[13]|407|Forbidden|Unauthorized' "$2"; then mend="the mirror refused: check apt's proxy and credentials, or set GUICHET_MIRROR."
  elif grep -qiE 'No space left' "$2"; then mend="free $SPACE_MB MB under $PREFIX, or set GUICHET_CACHE."
  elif grep -qiE 'resolve|connect|timed out|unreachable' "$2"; then mend="no way to the mirror: check the network, or set GUICHET_MIRROR."; fi
  die "$1 failed." "Mend: $mend"
}

fetch() {  # sets DEBS: what Asterisk needs on an empty system, less packages that only serve maintainer scripts
  local log=$PREFIX/apt/log list file version files=()
  "${APT[@]}" update 2> "$log" || explain "reading the package lists of $SUITE" "$log"
  list=$("${APT[@]}" --no-install-recommends --print-uris install "${WANTED[@]}" 2> "$log") || explain "finding Asterisk in $SUITE" "$log"
  while read -r file; do
    case $file in
      asterisk-config_* | libperl*) ;;
      lib* | gcc-*-base_* | asterisk* | zlib1g_*) files+=("$file") ;;
    esac
  done < <(awk '{print $2}' <<< "$list")
  version=$(printf '%s\n' "${files[@]}" | sed -n 's/^asterisk_\([0-9]*%3a\)\?\([^_]*\)_.*/\2/p')
  [[ $version == "$MAJOR".* ]] || die "$SUITE carries Asterisk ${version:-(none)}, Guichet is made for $MAJOR." "Mend: set GUICHET_SUITE to a suite that carries $MAJOR."
  mkdir -p "$PREFIX/debs"
  DEBS=()
  local missing=()
  for file in "${files[@]}"; do
    DEBS+=("$PREFIX/debs/$file")
    [[ -s $PREFIX/debs/$file ]] || missing+=("${file%%_*}")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  echo "asterisk: fetching ${#missing[@]} packages"
  (cd "$PREFIX/debs" && "${APT[@]}" download "${missing[@]}" 2> "$log") || explain "fetching packages" "$log"
}

unpack() {
  local new=$ROOT.new deb d sounds
  rm -rf "$new" && mkdir -p "$new"
  for deb in "${DEBS[@]}"; do
    dpkg-deb -x "$deb" "$new" || { rm -f "$deb"; die "${deb##*/} does not unpack." "Mend: check free space, then run it again."; }
  done
  for d in lib lib64 bin sbin; do  # Debian is usr-merged; an unpacked tree is not
    [[ -d $new/$d && ! -L $new/$d ]] || continue
    mkdir -p "$new/usr/$d" && cp -a "$new/$d/." "$new/usr/$d/" && rm -rf "${new:?}/$d"
    ln -s "usr/$d" "$new/$d"
  done
  sounds=$new/usr/share/asterisk/sounds  # Debian makes these links with update-alternatives
  for d in "$sounds"/??_*; do d=${d##*/}; ln -sfn "$d" "$sounds/${d:0:2}"; done
  mkdir -p "$PREFIX/moh" && python3 "$HERE/lib/hold.py" > "$PREFIX/moh/hold.wav"
  rm -rf "$ROOT" && mv "$new" "$ROOT"
}

install() {
  mkdir -p "$PREFIX" 2> /dev/null || true
  [[ -w $PREFIX ]] || die "cannot write to $PREFIX." "Mend: set GUICHET_CACHE to a folder of yours."
  tool flock "two installs at once would meet" "apt-get install util-linux"
  exec 9> "$PREFIX/lock"
  flock -n 9 || { echo "asterisk: another install is under way, waiting for it"; flock 9; }
  local asked="$ARCH $SUITE ${WANTED[*]}"
  if installed && [[ $(cat "$PREFIX/asked" 2> /dev/null) == "$asked" ]]; then
    echo "asterisk: $(head -n 1 "$PREFIX/manifest") is installed"; return
  fi
  tool apt-get "Asterisk comes from Debian packages" "use Debian 12 or 13."
  tool dpkg-deb "Asterisk comes from Debian packages" "use Debian 12 or 13."
  tool python3 "it makes the music on hold" "apt-get install python3"
  local free; free=$(df --output=avail -m "$PREFIX" | tail -n 1)
  [[ $free -ge $SPACE_MB ]] || die "$SPACE_MB MB are needed under $PREFIX, $((free)) are free." "Mend: free some, or set GUICHET_CACHE to another disk."
  private_apt
  fetch
  rm -f "$PREFIX/manifest"
  unpack
  local version; version=$(asterisk -V 2>&1) || die "the unpacked Asterisk does not run: $version" "Mend: this kernel may be too old; Debian 12 or newer is needed."
  { echo "$version"; (cd "$PREFIX/debs" && sha256sum "${DEBS[@]##*/}"); } > "$PREFIX/manifest.new"
  echo "$asked" > "$PREFIX/asked"
  mv "$PREFIX/manifest.new" "$PREFIX/manifest"
  compare
  echo "asterisk: $version installed"
}

compare() {  # a note, not an error: Debian's signature vouches for packages, this list says which ones were tried
  local other
  other=$(grep -E "_(all|$ARCH)\.deb$" "$PREFIX/manifest" | grep -cvxF -f "$HERE/packages.sha256" || true)
  [[ $other -eq 0 ]] || echo "asterisk: $other packages are not those Guichet was last tried with (packages.sha256): Debian has published others since"
}
