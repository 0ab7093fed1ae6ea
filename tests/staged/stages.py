"""The stages: each is a machine or a project as people have them, before they ask why."""
from stage import C, MODULE, PRINT, Stage, cgo

ZLIB = cgo("#include <zlib.h>\n#cgo LDFLAGS: -lz", "C.zlibVersion()")
SQLITE = cgo("#include <sqlite3.h>\n#cgo LDFLAGS: -lsqlite3", "C.sqlite3_libversion()")
PCAP = cgo("#include <pcap/pcap.h>\n#cgo LDFLAGS: -lpcap", "C.pcap_lib_version()")
LIB_PC = cgo("#cgo pkg-config: {0}\n#include <{1}>", "")
TEST = {"go.mod": MODULE, "main_test.go":
        'package main\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n', "main.go": PRINT}
CXX = {"go.mod": MODULE, "main.go": 'package main\n\n// int two(void);\nimport "C"\n\n'
       'func main() { println(C.two()) }\n',
       "two.cpp": '#include <string>\nextern "C" int two(void) { return (int)std::string("ab").size(); }\n'}
TEST_ARGV = ["go", "test", "./..."]


def pkg_config(name, header, call):
    return cgo(f"#cgo pkg-config: {name}\n#include <{header}>", call)


# Settings of the environment, or of `go env -w`, that are wrong. None needs a network.
SETTINGS = [
    Stage("cc-names-no-program", env={"CC": "no-such-cc"}, quick=True),
    Stage("cc-path-gone", env={"CC": "/opt/toolchain-that-left/bin/gcc"}),
    Stage("cc-written", goenv="CC=no-such-cc\n", quick=True),
    Stage("cc-with-flag-of-another-compiler", env={"CC": "gcc --no-such-flag-of-gcc"}),
    Stage("cxx-names-no-program", files=CXX, env={"CXX": "no-such-cxx"}, quick=True, needs=("g++",)),
    Stage("ar-names-no-program", env={"AR": "no-such-ar", "CC": "no-such-cc"}),
    Stage("goroot-not-there", env={"GOROOT": "/usr/local/go-that-left"}, quick=True),
    Stage("goroot-empty-folder", env={"GOROOT": "{top}/empty"}, before="mkdir {top}/empty"),
    Stage("goroot-written", goenv="GOROOT=/usr/local/go-that-left\n"),
    Stage("goflags-no-flag", env={"GOFLAGS": "mod=vendor"}, quick=True),
    Stage("goflags-unknown-flag", env={"GOFLAGS": "-no-such-flag"}, quick=True),
    Stage("goflags-written", goenv="GOFLAGS=-no-such-flag\n"),
    Stage("goflags-vendor-without-vendor", env={"GOFLAGS": "-mod=vendor"}, files={
        "go.mod": MODULE + "\nrequire example.com/q v1.0.0\n\nreplace example.com/q => ./q\n",
        "main.go": 'package main\n\nimport "example.com/q"\n\nfunc main() { q.Run() }\n',
        "q/go.mod": "module example.com/q\n\ngo 1.21\n", "q/q.go": "package q\n\nfunc Run() {}\n"}, quick=True),
    Stage("vendor-out-of-date", files={
        "go.mod": MODULE + "\nrequire example.com/q v1.0.0\n\nreplace example.com/q => ./q\n",
        "main.go": 'package main\n\nimport "example.com/q"\n\nfunc main() { q.Run() }\n',
        "q/go.mod": "module example.com/q\n\ngo 1.21\n", "q/q.go": "package q\n\nfunc Run() {}\n",
        "vendor/modules.txt": "# example.com/old v1.0.0\n## explicit\n"}),
    Stage("cgo-off", env={"CGO_ENABLED": "0"}, argv=["go", "build", "-o", "/dev/null", "."], quick=True),
    Stage("cgo-off-written", goenv="CGO_ENABLED=0\n", argv=["go", "build", "-o", "/dev/null", "."]),
    Stage("race-without-cgo", files=TEST, env={"CGO_ENABLED": "0"}, argv=["go", "test", "-race", "./..."]),
    Stage("c-shared-without-cgo", files={"go.mod": MODULE, "main.go": PRINT}, env={"CGO_ENABLED": "0"},
          argv=["go", "build", "-buildmode=c-shared", "-o", "/dev/null", "."]),
    Stage("cflags-unknown-option", env={"CGO_CFLAGS": "-O1 --no-such-option"}, quick=True),
    Stage("ldflags-missing-library", env={"CGO_LDFLAGS": "-lno-such-library"}, quick=True),
    Stage("ldflags-wrong-folder", env={"CGO_LDFLAGS": "-L{top}/none -lleft"}),
    Stage("gocache-cannot-be-made", env={"GOCACHE": "/proc/no/cache"}),
    Stage("gocache-relative", env={"GOCACHE": "cache"}),
    Stage("gocache-off", env={"GOCACHE": "off"}),
    Stage("gotmpdir-not-there", env={"GOTMPDIR": "/no/tmp"}, quick=True),
    Stage("tmpdir-not-there", env={"TMPDIR": "/no/tmp"}),
    Stage("gopath-relative", env={"GOPATH": "go"}),
    Stage("goexperiment-unknown", env={"GOEXPERIMENT": "nosuchthing"}),
    Stage("goflags-compiler-unknown", env={"GOFLAGS": "-compiler=nosuch"}),
    Stage("gowork-not-there", env={"GOWORK": "/no/go.work"}),
    Stage("go111module-off", env={"GO111MODULE": "off"}, files={
        "go.mod": MODULE, "main.go": 'package main\n\nimport "example.com/p/q"\n\nfunc main() { q.Run() }\n',
        "q/q.go": "package q\n\nfunc Run() {}\n"}, argv=["go", "build", "-o", "/dev/null", "."]),
    Stage("pkg-config-names-no-program", files=pkg_config("one", "stdio.h", ""), needs=("pkg-config",),
          env={"PKG_CONFIG": "/opt/none/pkg-config", "PKG_CONFIG_PATH": "{top}"},
          before="printf 'Name: one\\nDescription: x\\nVersion: 1\\nCflags:\\nLibs:\\n' >{top}/one.pc"),
    Stage("gotoolchain-unknown", env={"GOTOOLCHAIN": "go1.99.0"}, network=True),
    Stage("goproxy-off", env={"GOPROXY": "off", "GOFLAGS": "-mod=mod", "GOMODCACHE": "{top}/mod"}, network=True,
          files={"go.mod": MODULE + "\nrequire golang.org/x/text v0.14.0\n",
                 "main.go": 'package main\n\nimport _ "golang.org/x/text/language"\n\nfunc main() {}\n'},
          before="GOPROXY= go mod tidy; chmod -R u+w {top}/mod; rm -rf {top}/mod"),
    Stage("goproxy-dead", env={"GOPROXY": "http://127.0.0.1:9", "GOMODCACHE": "{top}/mod"}, network=True,
          files={"go.mod": MODULE + "\nrequire golang.org/x/text v0.14.0\n",
                 "main.go": 'package main\n\nimport _ "golang.org/x/text/language"\n\nfunc main() {}\n'},
          before="GOPROXY= go mod tidy; chmod -R u+w {top}/mod; rm -rf {top}/mod"),
    Stage("refused-cflag", files=cgo("#cgo CFLAGS: -Wno-everything -fno-builtin-malloc -ftrampolines\n"
                                     "static int f(void) { return 1; }", "C.f()")),
    Stage("refused-ldflag", files=cgo("#cgo LDFLAGS: -Wl,--exclude-libs,ALL\nstatic int f(void) { return 1; }", "C.f()"),
          ),
    Stage("two-refused-flags", files=cgo("#cgo CFLAGS: -ftrampolines\n#cgo LDFLAGS: -Wl,--exclude-libs,ALL\n"
                                         "static int f(void) { return 1; }", "C.f()")),
    Stage("cxx-archive-without-library", needs=("g++",), files={
        "go.mod": MODULE, "main.go": 'package main\n\n// #cgo LDFLAGS: ${SRCDIR}/libtwo.a\n// int two(void);\n'
        'import "C"\n\nfunc main() { println(C.two()) }\n'},
        before="printf '#include <iostream>\\nextern \"C\" int two(void) {{ std::cout << 2; return 2; }}\\n' >t.cc; "
               "g++ -c t.cc -o t.o; ar rcs libtwo.a t.o; rm t.cc t.o"),
    Stage("cpath-with-broken-header", env={"CPATH": "{top}/inc"}, before="mkdir {top}/inc; "
          "printf '#error this is the header of another system\\n' >{top}/inc/stdlib.h"),
    Stage("ld-preload-none", env={"CC": "no-such-cc", "CGO_CFLAGS": "-O1 --no-such-option"}),
    Stage("three-wrong-settings", env={"GOROOT": "/no/go", "CC": "no-such-cc", "GOTMPDIR": "/no/tmp"}),
]

SHARED = {**cgo("int one(void);\n#cgo LDFLAGS: -lstagedone", "C.one()"), "main_test.go":
          'package main\n\nimport "testing"\n\nfunc TestOne(t *testing.T) { main() }\n'}
MAKE_SHARED = ("mkdir -p {0}; printf 'int one(void) {{{{ return 1; }}}}\\n' >{{top}}/one.c; "
               "gcc -shared -fPIC -o {0}/libstagedone.so {{top}}/one.c")
LOCAL = "{top}/home/.local"

# What lies where nothing looks for it, or is looked for where nothing lies.
PLACES = [
    Stage("ldflags-linker-not-there", env={"CGO_LDFLAGS": "-O1 -fuse-ld=no-such-linker"}),
    Stage("ldflags-linker-without-program", env={"CGO_LDFLAGS": "-O1 -fuse-ld=mold -B/opt/none"}),
    Stage("gcc-exec-prefix-not-there", env={"GCC_EXEC_PREFIX": "/opt/none/lib/gcc/"}),
    Stage("compiler-path-broken-assembler", env={"COMPILER_PATH": "{top}/bin"},
          before="mkdir {top}/bin; printf '#!/bin/sh\\necho as: bad image >&2\\nexit 1\\n' >{top}/bin/as; "
                 "chmod 755 {top}/bin/as"),
    Stage("cc-launcher-not-there", env={"CC": "no-such-ccache gcc"}),
    Stage("pkg-config-libdir-not-there", env={"PKG_CONFIG_LIBDIR": "/opt/none/pkgconfig"}, needs=("pkg-config",),
          files=pkg_config("zlib", "zlib.h", "C.zlibVersion()")),
    Stage("test-shared-library-not-found", argv=["go", "test", "."], files=SHARED,
          env={"CGO_LDFLAGS": "-L{top}/lib"}, before=MAKE_SHARED.format("{top}/lib")),
    Stage("library-in-home", argv=["go", "build", "-o", "/dev/null", "."], files=SHARED,
          before=MAKE_SHARED.format(LOCAL + "/lib")),
    Stage("pc-file-in-home", files=pkg_config("stagedtwo", "stdio.h", ""), needs=("pkg-config",),
          before=f"mkdir -p {LOCAL}/lib/pkgconfig; printf 'Name: two\\nDescription: x\\nVersion: 1\\nCflags:\\n"
                 f"Libs:\\n' >{LOCAL}/lib/pkgconfig/stagedtwo.pc"),
    # CGO_CPPFLAGS are for C and for C++.
    Stage("header-in-home-of-c-and-cxx", needs=("g++",), files={
        "go.mod": MODULE, "main.go": 'package main\n\n// #include <stagedone.h>\n// int two(void);\nimport "C"\n\n'
        "func main() { println(C.two(), C.STAGED) }\n",
        "two.cpp": '#include <stagedone.h>\n#include <string>\nextern "C" int two(void) '
                   '{ return STAGED + (int)std::string("ab").size(); }\n'},
          before=f"mkdir -p {LOCAL}/include; echo '#define STAGED 1' >{LOCAL}/include/stagedone.h"),
    Stage("header-in-home-of-cxx", needs=("g++",), files={
        **CXX, "two.cpp": '#include <stagedone.h>\nextern "C" int two(void) { return STAGED; }\n'},
          before=f"mkdir -p {LOCAL}/include; echo '#define STAGED 1' >{LOCAL}/include/stagedone.h"),
    Stage("no-home", argv=["env", "-u", "HOME", "-u", "GOCACHE", "-u", "XDG_CACHE_HOME", "go", "build", "-o",
                           "/dev/null", "."]),
    Stage("race-of-goflags-for-386", env={"GOFLAGS": "-race -v", "GOARCH": "386"},
          files={"go.mod": MODULE, "main.go": PRINT}),
    Stage("gowork-folder-gone", argv=["go", "-C", "p", "build", "-o", "/dev/null", "."], files={
        "p/go.mod": MODULE, "p/main.go": PRINT, "go.work": "go 1.21\n\nuse ./p\nuse ./gone\n"},
          quick=True),
    Stage("git-head-broken", argv=["go", "build", "-o", "/dev/null", "."], needs=("git",),
          before="git init -q .; printf x >.git/HEAD"),
    Stage("gosumdb-not-known", network=True, env={"GOSUMDB": "no such db", "GOMODCACHE": "{top}/mod",
                                                  "GOFLAGS": "-mod=mod"},
          files={"go.mod": MODULE + "\nrequire golang.org/x/text v0.14.0\n",
                 "main.go": 'package main\n\nimport _ "golang.org/x/text/language"\n\nfunc main() {}\n'}),
]

# What needs a mount of its own.
MOUNTED = [
    Stage("noexec-tmp", files=TEST, argv=TEST_ARGV,
          before="mkdir {top}/run", env={"GOTMPDIR": "{top}/run"},
          mounts="mount -t tmpfs -o noexec none {top}/run"),
    Stage("read-only-cache", env={"GOCACHE": "{top}/cache"}, before="mkdir {top}/cache",
          mounts="mount --bind {top}/cache {top}/cache; mount -o remount,ro,bind {top}/cache"),
    Stage("read-only-tmp", mounts="mkdir -p {top}/ro; mount --bind {top}/ro /var/tmp; mount -o remount,ro,bind /var/tmp",
          env={"TMPDIR": "/var/tmp"}),
    Stage("full-tmp", env={"GOTMPDIR": "{top}/small"}, before="mkdir {top}/small",
          mounts="mount -t tmpfs -o size=16k none {top}/small"),
    Stage("read-only-modules", env={"GOMODCACHE": "{top}/mod"}, network=True, before="mkdir {top}/mod",
          files={"go.mod": MODULE + "\nrequire golang.org/x/text v0.14.0\n",
                 "go.sum": "golang.org/x/text v0.14.0 h1:ScX5w1eTa3QqT8oi6+ziP7dTV1S2+ALU0bI+0zXKWiQ=\n"
                           "golang.org/x/text v0.14.0/go.mod h1:18ZOQIKpY8NJVqYksKHtTdi31H5itFRjB5/qKTNYzSU=\n",
                 "main.go": 'package main\n\nimport _ "golang.org/x/text/language"\n\nfunc main() {}\n'},
          mounts="mount --bind {top}/mod {top}/mod; mount -o remount,ro,bind {top}/mod"),
]

# With "./..." a package that needs C is left out where there is no compiler, and nothing fails.
ONE = ["go", "build", "-o", "/dev/null", "."]
CC_ONLY, CC_LIBC = ("gcc",), ("gcc", "libc6-dev")
FULL = ("gcc", "g++", "libc6-dev", "pkg-config")

# Debian 12 roots with these packages and what those need, nothing that they recommend.
ROOTS = [
    Stage("root-without-compiler", packages=(), argv=ONE),
    Stage("root-without-libc-headers", packages=CC_ONLY),
    Stage("root-without-compiler-test", packages=(), files={"go.mod": MODULE, "main.go": C, "main_test.go":
          'package main\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n'}, argv=["go", "test", "."],
          env={"CGO_ENABLED": "1"}),
    Stage("root-zlib", packages=CC_LIBC, files=ZLIB),
    Stage("root-sqlite", packages=CC_LIBC, files=SQLITE),
    Stage("root-pcap", packages=CC_LIBC, files=PCAP),
    Stage("root-nothing-and-zlib", packages=(), files=ZLIB, argv=ONE),
    Stage("root-no-pkg-config", packages=CC_LIBC, files=pkg_config("zlib", "zlib.h", "C.zlibVersion()")),
    Stage("root-no-pc-file", packages=FULL, files=pkg_config("libcurl", "curl/curl.h", "C.curl_version()")),
    Stage("root-nothing-and-pkg-config", packages=(), files=pkg_config("sqlite3", "sqlite3.h", "C.sqlite3_libversion()"), argv=ONE),
    Stage("root-two-pc-files", packages=FULL, files=pkg_config("libpng yaml-0.1", "yaml.h", "")),
    Stage("root-no-cxx", packages=CC_LIBC, files=CXX),
    Stage("root-cxx-written-away", packages=CC_LIBC, files=CXX, goenv="CXX=no-such-cxx\n"),
    Stage("root-link-only", packages=CC_LIBC, files=cgo("#cgo LDFLAGS: -lz\nchar *zlibVersion(void);", "C.zlibVersion()")),
    Stage("root-openssl", packages=CC_LIBC, files=cgo("#include <openssl/evp.h>\n#cgo LDFLAGS: -lcrypto", "C.EVP_MD_CTX_new()")),
    Stage("root-two-headers", packages=CC_LIBC, files={**cgo("#include <zlib.h>\n#cgo LDFLAGS: -lz", "C.zlibVersion()"),
          "q/q.go": 'package q\n\n// #include <bzlib.h>\n// #cgo LDFLAGS: -lbz2\nimport "C"\n\nfunc V() { C.BZ2_bzlibVersion() }\n'}),
    Stage("root-cc-clang", packages=CC_LIBC, env={"CC": "clang"}),
    Stage("root-arm64-no-compiler", packages=CC_LIBC, env={"GOARCH": "arm64", "CGO_ENABLED": "1"}),
    Stage("root-arm64-half-installed", packages=(*CC_LIBC, "gcc-aarch64-linux-gnu"),
          env={"GOARCH": "arm64", "CGO_ENABLED": "1", "CC": "aarch64-linux-gnu-gcc"}),
    Stage("root-arm64-cc-not-there", packages=CC_LIBC,
          env={"GOARCH": "arm64", "CGO_ENABLED": "1", "CC": "aarch64-linux-gnu-gcc"}),
    Stage("root-windows-no-mingw", packages=CC_LIBC, env={"GOOS": "windows", "CGO_ENABLED": "1"}),
    Stage("root-386-no-multilib", packages=CC_LIBC, env={"GOARCH": "386", "CGO_ENABLED": "1"}),
    Stage("root-static-sqlite", packages=CC_LIBC, files=SQLITE,
          argv=["go", "build", "-o", "/dev/null", "-ldflags=-extldflags=-static", "."]),
    Stage("root-x11", packages=CC_LIBC, files=cgo("#include <X11/Xlib.h>\n#cgo LDFLAGS: -lX11", "C.XOpenDisplay(nil)")),
    Stage("root-udev-pc", packages=FULL, files=pkg_config("libudev", "libudev.h", "C.udev_new()")),
    Stage("root-usb", packages=FULL, files=pkg_config("libusb-1.0", "libusb.h", "")),
    Stage("root-header-without-table", packages=CC_LIBC, files=cgo("#include <libestr.h>\n#cgo LDFLAGS: -lestr", "C.es_version()")),
    Stage("root-musl", packages=(*CC_LIBC, "musl-tools"), env={"CC": "musl-gcc"},
          files=cgo("#include <zlib.h>\n#cgo LDFLAGS: -lz", "C.zlibVersion()")),
    Stage("root-fortran", packages=CC_LIBC, files={**cgo("#cgo LDFLAGS: -lgfortran\nvoid f_(void);", "C.f_()"),
                                                   "f.f90": "subroutine f()\nend subroutine\n"}),
    Stage("root-swig", packages=CC_LIBC, files={
        "go.mod": MODULE, "main.go": 'package main\n\nimport "example.com/p/one"\n\nfunc main() { println(one.Two()) }\n',
        "one/one.swig": "%module one\n%inline %{ int two(void) { return 1; } %}\n",
        "one/x.go": 'package one\n\nimport "C"\n'}, argv=ONE),
    Stage("root-generate-protoc", packages=CC_LIBC, argv=["go", "generate", "./..."], files={
        "go.mod": MODULE, "main.go": "//go:generate protoc --version\n" + PRINT}),
    Stage("root-riscv64-no-compiler", packages=CC_LIBC, env={"GOARCH": "riscv64", "CGO_ENABLED": "1"}),
    Stage("root-git-stamping", packages=(*CC_LIBC, "git"), before="git init -q .; chown -R 12345:12345 .", argv=["go", "build", "-o", "/tmp/out", "."]),
]

STAGES = SETTINGS + PLACES + MOUNTED + ROOTS
