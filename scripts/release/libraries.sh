#!/usr/bin/env bash
# Compiles the libraries that a release holds for one target, static, into one prefix.
#
#   libraries.sh ZIG_TARGET CRATES WORK
#
# CRATES is what scripts/fetch_crates.py made of crates.list. WORK/prefix has the result, and WORK/prefix/stamp says of what;
# with the same stamp nothing is done. No path of this machine reaches an object: the compiler is a name on PATH, and it
# maps the folders itself, for OpenSSL keeps the command line of its compiler as text.
set -euo pipefail
target=$1 crates=$(realpath "$2")
mkdir -p "$3"
work=$(realpath "$3")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
prefix=$work/prefix
jobs=${TENON_JOBS:-$(nproc)}
zig=${TENON_ZIG:-$(command -v zig)}
# OpenSSL keeps the time of its build. It is not that of a commit: the result serves the next ones, too.
export SOURCE_DATE_EPOCH=0 ZERO_AR_DATE=1

stamp=$(cat "$here/crates.list" "$here/libraries.sh" "$root/cmake/bundled/CMakeLists.txt" | sha256sum)-$target-$("$zig" version)
if [ "$(cat "$prefix/stamp" 2>/dev/null || true)" = "$stamp" ]; then
  echo "libraries: $target is there"
  exit 0
fi
rm -rf "$work"
mkdir -p "$work/bin" "$prefix"

# tool NAME ARGUMENTS: a program of one word, as configure scripts want it.
tool() {
  printf '#!/bin/sh\nexec "%s" %s "$@"\n' "$zig" "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}
# OpenSSL's files are named from where it is built.
relative=$(realpath -m --relative-to="$work/openssl" "$crates")
# OpenSSL asks macOS for random bytes by headers that zig does not have.
own=$root/share/macos-headers/system system_headers=
case $target in *-macos*) system_headers="-isystem $own -ffile-prefix-map=$own=/headers" ;; esac
tool release-cc "cc -target $target $system_headers -g0 -ffunction-sections -fdata-sections -fno-sanitize=undefined \
-ffile-prefix-map=$crates=/sources -ffile-prefix-map=$relative=/sources -ffile-prefix-map=$work=/build"
tool release-ar ar
tool release-ranlib ranlib
PATH=$work/bin:$PATH
# No package of this machine is one of the target.
export PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig PKG_CONFIG_PATH=

system=Linux
case $target in *-macos*) system=Darwin ;; esac
processor=${target%%-*}
[ "$system-$processor" != Darwin-aarch64 ] || processor=arm64

# Small before fast, and without the tables of exceptions, which C does not throw.
small="-Os -fno-asynchronous-unwind-tables -fno-unwind-tables"

# by_cmake NAME SOURCE OPTIONS: configures, builds and installs.
by_cmake() {
  local name=$1 source=$2
  shift 2
  echo "libraries: $name for $target"
  {
    cmake -S "$source" -B "$work/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE="$small -DNDEBUG" \
      -DCMAKE_SYSTEM_NAME=$system -DCMAKE_SYSTEM_PROCESSOR="$processor" -DCMAKE_C_COMPILER="$work/bin/release-cc" \
      -DCMAKE_AR="$work/bin/release-ar" -DCMAKE_RANLIB="$work/bin/release-ranlib" -DCMAKE_INSTALL_NAME_TOOL=/bin/false \
      -DCMAKE_FIND_ROOT_PATH="$prefix" -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
      -DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=ONLY -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
      -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_POSITION_INDEPENDENT_CODE=ON "$@" &&
      cmake --build "$work/$name" -j "$jobs" && cmake --install "$work/$name"
  } >"$work/$name.log" 2>&1 || failed "$name"
}

failed() {
  tail -n 40 "$work/$1.log" >&2
  echo "libraries: $1 failed for $target; all of it: $work/$1.log" >&2
  exit 1
}

# What is left out is what no certificate, signature or server here uses. no-module puts the old ciphers of PKCS#12
# files into the library, where they are found without a file.
build_openssl() {
  echo "libraries: OpenSSL for $target"
  local name
  case $target in
    x86_64-linux*) name=linux-x86_64 ;;
    aarch64-linux*) name=linux-aarch64 ;;
    aarch64-macos*) name=darwin64-arm64-cc ;;
    x86_64-macos*) name=darwin64-x86_64-cc ;;
    *) echo "libraries: no OpenSSL for $target" >&2 && exit 1 ;;
  esac
  mkdir -p "$work/openssl"
  (
    cd "$work/openssl"
    CC=release-cc AR=release-ar RANLIB=release-ranlib perl "$crates/openssl-src/openssl/Configure" "$name" \
      --prefix=/usr --openssldir=/etc/ssl --libdir=lib no-shared no-module no-tests no-apps no-docs no-engine no-dso \
      no-async no-dtls no-quic no-ssl3 no-comp no-srp no-psk no-idea no-seed no-camellia no-aria no-sm2 no-sm3 no-sm4 no-gost \
      no-mdc2 no-whirlpool no-bf no-cast no-rmd160 no-ml-dsa no-ml-kem no-slh-dsa no-cmp no-ui-console no-uplink \
      no-ec2m no-argon2 no-blake2 no-ct no-md4 no-rc4 no-rc5 no-ocb no-siv no-tls1 no-tls1_1 no-dsa no-multiblock \
      no-autoload-config no-afalgeng no-capieng no-padlockeng no-siphash no-sctp no-srtp no-nextprotoneg no-rfc3779 \
      $small -fPIC
    # Code for AVX-512 is 700 kB, and nothing here encrypts much: for an old assembler the generators leave it out.
    scheme=elf
    [ $system = Linux ] || scheme=macosx
    printf '#!/bin/sh\necho "GNU assembler version 2.20"\n' >"$work/bin/release-old-as"
    chmod +x "$work/bin/release-old-as"
    for generator in "$crates"/openssl-src/openssl/crypto/{aes,bn,modes}/asm/*-avx{512,ifma}.pl; do
      [ "$processor" = x86_64 ] && [ -e "$generator" ] || continue
      folder=${generator%/asm/*}
      made=crypto/${folder##*/}/$(basename "$generator" .pl).s
      mkdir -p "${made%/*}"
      CC=release-old-as perl "$generator" $scheme "$made" || exit 1
    done
    make -j "$jobs" build_generated && make -j "$jobs" libcrypto.a libssl.a || exit 1
    mkdir -p "$prefix/lib" "$prefix/include"
    cp libcrypto.a libssl.a "$prefix/lib/"
    cp -r "$crates/openssl-src/openssl/include/openssl" "$prefix/include/"
    cp -r include/openssl "$prefix/include/"
  ) >"$work/openssl.log" 2>&1 || failed openssl
}

build_archive() {
  by_cmake archive "$crates/libarchive2-sys/libarchive" -DENABLE_TEST=OFF -DENABLE_TAR=OFF -DENABLE_CPIO=OFF -DENABLE_CAT=OFF \
    -DENABLE_UNZIP=OFF -DENABLE_OPENSSL=OFF -DENABLE_MBEDTLS=OFF -DENABLE_NETTLE=OFF -DENABLE_LIBB2=OFF -DENABLE_LZ4=OFF \
    -DENABLE_LZO=OFF -DENABLE_LIBXML2=OFF -DENABLE_EXPAT=OFF -DENABLE_WIN32_XMLLITE=OFF -DENABLE_PCREPOSIX=OFF \
    -DENABLE_PCRE2POSIX=OFF -DENABLE_LIBGCC=OFF -DENABLE_CNG=OFF -DENABLE_XATTR=OFF -DENABLE_ACL=OFF -DENABLE_ICONV=OFF \
    -DENABLE_WERROR=OFF -DPOSIX_REGEX_LIB=NONE -DBUILD_SHARED_LIBS=OFF -DENABLE_ZLIB=ON -DENABLE_BZip2=ON -DENABLE_LZMA=ON \
    -DENABLE_ZSTD=ON
}

build_curl() {
  # The crate leaves the documentation out, which the build file goes through.
  rm -rf "$work/curl-source"
  cp -r "$crates/curl-sys/curl" "$work/curl-source"
  mkdir -p "$work/curl-source/docs"
  touch "$work/curl-source/docs/CMakeLists.txt"
  by_cmake curl "$work/curl-source" -DBUILD_CURL_EXE=OFF -DBUILD_SHARED_LIBS=OFF -DBUILD_STATIC_LIBS=ON -DHTTP_ONLY=ON \
    -DBUILD_LIBCURL_DOCS=OFF -DBUILD_MISC_DOCS=OFF -DENABLE_CURL_MANUAL=OFF -DBUILD_TESTING=OFF -DCURL_USE_OPENSSL=ON \
    -DOPENSSL_USE_STATIC_LIBS=ON -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH2=OFF -DUSE_NGHTTP2=OFF -DUSE_LIBIDN2=OFF \
    -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF -DCURL_ZLIB=OFF -DCURL_DISABLE_LDAP=ON -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none \
    -DCURL_CA_FALLBACK=OFF -DENABLE_UNIX_SOCKETS=OFF -DCURL_DISABLE_WEBSOCKETS=ON -DCURL_DISABLE_ALTSVC=ON \
    -DCURL_DISABLE_NETRC=ON -DCURL_DISABLE_INSTALL=OFF -DCURL_DISABLE_SRP=ON -DCURL_DISABLE_KERBEROS_AUTH=ON \
    -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_NEGOTIATE_AUTH=ON -DCURL_DISABLE_COOKIES=ON -DCURL_DISABLE_HSTS=ON \
    -DCURL_DISABLE_DOH=ON -DCURL_DISABLE_MIME=ON -DCURL_DISABLE_FORM_API=ON -DCURL_DISABLE_HEADERS_API=ON \
    -DCURL_DISABLE_BINDLOCAL=ON -DCURL_DISABLE_SHUFFLE_DNS=ON -DCURL_DISABLE_PARSEDATE=ON -DBUILD_EXAMPLES=OFF
}

by_cmake small "$root/cmake/bundled" -DCRATES="$crates"
build_openssl
build_archive
if [ $system = Linux ]; then
  build_curl
else
  # The library is the system's and is loaded; its interface is the same.
  mkdir -p "$prefix/include"
  cp -r "$crates/curl-sys/curl/include/curl" "$prefix/include/"
fi
printf '%s' "$stamp" >"$prefix/stamp"
