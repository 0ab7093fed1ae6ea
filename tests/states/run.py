#!/usr/bin/env python3
"""tenon doctor in Debian 12 systems that have one thing wrong each, held against what go does there.

usage: run.py --tenon FILE [--only s11,s40] [--results FILE]

Needs root, debootstrap, Go at /usr/local/go and overlay mounts. The system is made once
(~/.cache/tenon-states/bookworm); each state is an overlay of it that is thrown away. In a state
`tenon doctor` runs first, then `go build ./... && go test ./...` with the same environment. A
state is right when doctor's exit code is 0 exactly if go succeeds, and the finding that is expected
is there. Exit codes: 0 all right, 1 some are not, 3 the system cannot be made.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tenon-states"
DEBIAN_GO = "/usr/bin:/bin:/usr/sbin:/sbin"
PACKAGES = "gcc,g++,git,pkg-config,ca-certificates"
# The name of the state stands in the C code: with what another state left in the cache, a machine looks healthy.
C_FILE = "package main\n\n// #include <stdlib.h>\n// static int one(void) { return sizeof(\"STATE\") > 1; }\nimport \"C\"\n\nfunc One() int { return int(C.one()) }\n\nfunc main() { println(One()) }\n"
TEST = "package main\n\nimport \"testing\"\n\nfunc TestOne(t *testing.T) { One() }\n"
MISSING = ("package main\n\nimport _ \"example.org/lib\"\n", "require example.org/lib v1.0.0\n")


@dataclass
class State:
    name: str
    cause: str = ""                  # slug that has to be among the findings; empty: no error
    setup: str = ""                  # shell, in the system, as root
    env: dict = field(default_factory=dict)
    go: str = "1.20"                 # go line
    more: str = ""                   # further lines of go.mod
    files: dict = field(default_factory=dict)
    user: str = ""                   # "1000:1000"
    before: str = ""                 # of both commands: ulimit
    path: str = "/usr/local/go/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    packages: str = ""               # of Debian, on top of the base system
    said: str = ""                   # in the output
    not_said: str = ""


LACKS = {"files": {"b.go": MISSING[0]}, "more": MISSING[1]}
VENDOR = {"files": {"b.go": "package main\n\nimport _ \"example.org/lib\"\n", "lib/go.mod": "module example.org/lib\n",
                    "lib/l.go": "package lib\n"},
          "more": "require example.org/lib v1.0.0\n\nreplace example.org/lib => ./lib\n"}
STATES = [
    State("s01 bare Debian", "go/not-installed", path="/usr/bin:/bin"),
    State("s02 Go 1.19 of Debian, no gcc", "cc/not-installed", "rm -f /usr/bin/gcc* /usr/bin/*-linux-gnu-gcc* /usr/bin/cc",
          packages="golang-go", path=DEBIAN_GO, go="1.19", said="cgo is on", not_said="cgo is off"),
    # Such a Go tries, and says only when the code does not compile that it is too old.
    State("s03 Go 1.19 of Debian, go.mod wants 1.22", packages="golang-go", path=DEBIAN_GO, go="1.22"),
    State("s03b Go 1.19 of Debian, go.mod wants 1.22.0", "not-toolchain/go-version-too-old", packages="golang-go",
          path=DEBIAN_GO, go="1.22.0"),
    State("s04 gcc without libc6-dev", "linux/libc-dev-missing",
          "rm -rf /usr/include/stdlib.h /usr/lib/x86_64-linux-gnu/crt1.o"),
    State("s05 all there"),
    State("s06 CC='ccache gcc'", setup="printf '#!/bin/sh\\nexec \"$@\"\\n' >/usr/bin/ccache; chmod 755 /usr/bin/ccache",
          env={"CC": "ccache gcc"}),
    State("s07 CC=/usr/lib/ccache/gcc", env={"CC": "/usr/lib/ccache/gcc"},
          setup="mkdir -p /usr/lib/ccache; printf '#!/bin/sh\\nexec /usr/bin/gcc \"$@\"\\n' >/usr/lib/ccache/gcc; "
                "chmod 755 /usr/lib/ccache/gcc"),
    State("s08 /usr/bin/gcc leads nowhere", "cc/broken-link",
          "rm /usr/bin/gcc-12; rm -f /usr/bin/cc", said="--reinstall gcc-12", not_said="build-essential"),
    State("s09 two Gos", setup="cp -r /usr/local/go/bin /opt/bin2; mkdir -p /opt/go2; ln -s /usr/local/go /opt/go2/go",
          path="/usr/local/go/bin:/opt/go2/go/bin:/usr/bin:/bin"),
    State("s10 GOROOT of another Go", "goroot/relative-or-wrong-goroot",
          "mkdir -p /opt/old/src; echo go1.19.1 >/opt/old/VERSION", {"GOROOT": "/opt/old"}),
    State("s11 GOFLAGS=-mod=vendor, no vendor", "project/vendor-inconsistent", env={"GOFLAGS": "-mod=vendor"}, **VENDOR),
    State("s12 GOTOOLCHAIN=local", "not-toolchain/go-version-too-old", env={"GOTOOLCHAIN": "local"}, go="1.99"),
    State("s13 GOPROXY=off", "env/modules-cannot-be-downloaded", env={"GOPROXY": "off"}, said="GOPROXY", **LACKS),
    State("s14 GOPROXY on a dead port", "env/modules-cannot-be-downloaded", env={"GOPROXY": "http://127.0.0.1:9"}, **LACKS),
    State("s15 read-only GOCACHE", "not-toolchain/build-cache-permission",
          "mkdir /ro; mount -t tmpfs -o ro none /ro", {"GOCACHE": "/ro"}),
    State("s16 folders of GOCACHE are root's", "not-toolchain/build-cache-permission",
          "mkdir -p /c; for i in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do for j in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do "
          "mkdir /c/$i$j; done; done; chown 1000:1000 /c; chown -R 1000:1000 /p", {"GOCACHE": "/c"}, user="1000:1000",
          said="chown"),
    State("s17 /tmp is full", "not-toolchain/disk-full",
          "mount -t tmpfs -o size=64k none /tmp; head -c 200000 /dev/zero >/tmp/x; true"),
    State("s18 no inodes in /tmp", "not-toolchain/disk-full", "mount -t tmpfs -o size=900m,nr_inodes=3 none /tmp"),
    State("s19 /tmp is noexec", "machine/temporary-folder", "mount -t tmpfs -o noexec,size=900m none /tmp"),
    State("s20 no HOME", "not-toolchain/build-cache-permission", env={"HOME": "", "GOCACHE": "", "GOPATH": "/g"}),
    State("s21 ulimit -n 24", before="ulimit -n 24"),
    State("s21b ulimit -n 14", "system/limit", before="ulimit -n 14"),
    State("s22 ulimit -v 400000", "system/limit", before="ulimit -v 400000"),
    State("s23 clang and no gcc", "cc/not-installed", "rm -f /usr/bin/gcc* /usr/bin/*-linux-gnu-gcc* /usr/bin/cc",
          packages="clang", said="CC=clang"),
    State("s24 cross compiler without its C library", packages="gcc-aarch64-linux-gnu", said="crossbuild-essential-arm64"),
    State("s25 no pkg-config", "pkgconfig/not-installed", "rm -f /usr/bin/pkg-config /usr/bin/pkgconf /usr/bin/*-pkg-config",
          files={"a.go": C_FILE.replace("// static", "// #cgo pkg-config: zlib\n// static")}),
    State("s27 LD_LIBRARY_PATH with a broken libgmp", "env/library-path-set",
          "mkdir /bad; : >/bad/libgmp.so.10", {"LD_LIBRARY_PATH": "/bad"}, said="cannot be loaded"),
    State("s28 a clock before Go's release", "system/clock-wrong", "mkdir -p /go2; cp -r /usr/local/go/bin /go2/; for i in src "
          "pkg lib; do ln -s /usr/local/go/$i /go2/$i; done; cp /usr/local/go/go.env /go2/; sed 's/^time 2.../time 2999/' "
          "/usr/local/go/VERSION >/go2/VERSION", path="/go2/bin:/usr/bin:/bin"),
    State("s29 proxies with a password", env={"HTTPS_PROXY": "http://anna:hunter2@proxy.example:3128"}, not_said="hunter2"),
    State("s30 no certificates", "network/no-certificates", "rm -rf /etc/ssl/certs/*", **LACKS),
    State("s31 git, foreign owner", "project/vcs-refused",
          "cd /p; git init -q .; git -c user.name=n -c user.email=e commit -q --allow-empty -m x; chown -R 1000:1000 /p",
          env={"GOFLAGS": ""}, said="safe.directory"),
    State("s32 no git, .git is there", setup="cd /p; git init -q .; rm /usr/bin/git", env={"GOFLAGS": ""}),
    State("s33 -fuse-ld=mold, no mold", "cc/tool-missing", env={"CGO_LDFLAGS": "-fuse-ld=mold"}, said="mold"),
    State("s34 binutils gone", "cc/tool-missing", "rm -f /usr/bin/as /usr/bin/ld /usr/bin/*-linux-gnu-as "
          "/usr/bin/*-linux-gnu-ld*", said="binutils"),
    State("s36 GOMODCACHE is root's", "machine/module-cache-closed", "mkdir -p /m/cache/download; chown -R 1000:1000 /p",
          {"GOMODCACHE": "/m"}, user="1000:1000", said="chown", **LACKS),
    State("s37 GOTOOLCHAIN=go1.99.0", "go/toolchain-out-of-reach", env={"GOTOOLCHAIN": "go1.99.0"}),
    State("s38 GOENV=off", env={"GOENV": "off"}),
    State("s39 /dev/null is a file", setup="rm -f /dev/null; : >/dev/null; chmod 666 /dev/null"),
    State("s40 C++, no g++", "cc/cxx-missing", "rm -f /usr/bin/g++* /usr/bin/*-g++* /usr/bin/c++",
          files={"x.cpp": "extern \"C\" int two() { return 2; }\n"}, said="g++"),
    State("s41 go 1.99 wanted, GOPROXY=off", "go/toolchain-out-of-reach", env={"GOTOOLCHAIN": "auto", "GOPROXY": "off"},
          go="1.99"),
    State("b01 Go without its cgo: go makes it", "", "rm -rf /go2; mkdir -p /go2/pkg; for i in bin src lib go.env VERSION; do cp -rs "
          "/usr/local/go/$i /go2/; done; cp -rs /usr/local/go/pkg/* /go2/pkg/; rm /go2/pkg/tool/*/cgo",
          path="/go2/bin:/usr/bin:/bin"),
    State("b02 GOARCH=arm64 is left over", env={"GOARCH": "arm64"}, said="GOARCH"),
    State("b03 the library of a package is not installed", said="sqlite3",
          files={"a.go": C_FILE.replace("// #include", "// #cgo LDFLAGS: -lsqlite3\n// #include <sqlite3.h>\n// #include")}),
    State("b04 cc1 gone", "cc/tool-missing", "rm /usr/lib/gcc/x86_64-linux-gnu/12/cc1", said="cpp-12"),
    State("b05 GOEXPERIMENT that no release has", env={"GOEXPERIMENT": "nosuch"}, said="GOEXPERIMENT"),
    State("b06 HOME that does not exist", "not-toolchain/build-cache-permission", "chown -R 1000:1000 /p", user="1000:1000",
          env={"HOME": "/nonexistent", "GOCACHE": "", "TENON_CACHE": ""}, said="HOME"),
    State("b07 CGO_LDFLAGS with a library that is gone", env={"CGO_LDFLAGS": "-L/opt/oracle -lclntsh"}, said="clntsh"),
    State("b08 ulimit -f 200", "system/limit", before="ulimit -f 200"),
    State("b09 GOWORK leads nowhere", "env/path-not-there", env={"GOWORK": "/gone/go.work", "GOFLAGS": "-buildvcs=false"}, said="GOWORK"),
    State("b10 GOTMPDIR does not exist", "machine/temporary-folder", env={"GOTMPDIR": "/gone"}, said="GOTMPDIR"),
    State("b11 header of a package is not installed", said="zlib.h",
          files={"a.go": C_FILE.replace("// #include", "// #include <zlib.h>\n// #include")}),
]


def sh(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, errors="replace", check=False, **more)


def mirror():
    """The first archive of this machine's own apt configuration, as an argument; none: debootstrap's default."""
    for file in (*sorted(Path("/etc/apt/sources.list.d").glob("*.sources")), Path("/etc/apt/sources.list")):
        found = re.search(r"^(?:URIs:|deb(?: \[[^]]*\])?)\s+(\S+)", file.read_text() if file.exists() else "", re.MULTILINE)
        if found:
            return [found[1]]
    return []


def base_system():
    base = CACHE / "bookworm"
    if (base / "usr/bin/gcc").exists():
        return base
    CACHE.mkdir(parents=True, exist_ok=True)
    made = CACHE / "making"
    shutil.rmtree(made, ignore_errors=True)
    done = sh("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", made, *mirror())
    if done.returncode != 0:
        sys.exit(print(done.stdout[-2000:], done.stderr[-2000:]) or 3)
    made.rename(base)
    return base


def layer(base, packages):
    """What the packages bring that the base lacks, unpacked; made once."""
    made = CACHE / "layers" / packages.replace(",", "+")
    if made.exists():
        return made
    archives, making = CACHE / "archives" / made.name, made.with_name(made.name + ".making")
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    done = sh("apt-get", "install", "--download-only", "-y", "--no-install-recommends", "-o", f"Dir::Cache::archives={archives}",
              "-o", f"Dir::State::status={base}/var/lib/dpkg/status", *packages.split(","))
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    files = sorted(archives.glob("*.deb"))
    if done.returncode != 0 or not files or any(sh("dpkg-deb", "-x", file, making).returncode for file in files):
        raise RuntimeError(f"{packages} cannot be unpacked: {done.stderr[-300:]}")
    making.rename(made)
    return made


class System:
    """An overlay of the base with Go, tenon and a project in it."""

    def __init__(self, base, tenon, state):
        self.state = state
        self.folder = Path(tempfile.mkdtemp(prefix="tenon-state-"))
        self.root = self.folder / "root"
        # The upper layer may not lie on an overlay itself.
        self.mounts = []
        self.mount("-t", "tmpfs", "-o", "size=1500m", "none", self.folder)
        for name in ("root", "upper", "work"):
            (self.folder / name).mkdir()
        lower = f"{layer(base, state.packages)}:{base}" if state.packages else base
        self.mount("-t", "overlay", "-o", f"lowerdir={lower},upperdir={self.folder}/upper,workdir={self.folder}/work",
                   "none", self.root)
        # /dev is the system's own, made with it: a state may break it.
        self.mount("-t", "proc", "none", self.root / "proc")
        for host, inside in (("/usr/local/go", "usr/local/go"), (CACHE / "go-build", "gocache"), (CACHE / "tenon", "tcache")):
            (self.root / inside).mkdir(parents=True, exist_ok=True)
            Path(host).mkdir(parents=True, exist_ok=True)
            self.mount("--bind", host, self.root / inside)
        shutil.copy(tenon, self.root / "usr/bin/tenon")
        self.write_project()

    def mount(self, *words):
        done = sh("mount", *words)
        if done.returncode != 0:
            raise RuntimeError(f"mount {words}: {done.stderr}")
        self.mounts.append(words[-1])

    def write_project(self):
        files = {"go.mod": f"module example.com/app\n\ngo {self.state.go}\n\n{self.state.more}", "a.go": C_FILE,
                 "a_test.go": TEST, **self.state.files}
        for name, text in files.items():
            path = self.root / "p" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("STATE", self.state.name.split()[0]))

    def run(self, command, as_user=True):
        env = {"PATH": self.state.path, "HOME": "/root", "GOCACHE": "/gocache", "TENON_CACHE": "/tcache",
               "GOFLAGS": "-mod=mod -buildvcs=false", "GOTOOLCHAIN": "local", "LC_ALL": "C.UTF-8"}
        if self.state.user:
            env |= {"HOME": "/p", "TENON_CACHE": "/p/.tenon"}
        env |= self.state.env
        env = {k: v for k, v in env.items() if v}
        words = [shutil.which("chroot")] + ([f"--userspec={self.state.user}"] if as_user and self.state.user else [])
        script = f"cd /p && {self.state.before or ':'} && {command}" if as_user else command
        return sh("timeout", "120", *words, self.root, "/bin/sh", "-c", script, env=env if as_user else
                  {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root"})

    def close(self):
        for place in reversed(self.mounts):
            sh("umount", "-R", "-l", place)
        self.folder.rmdir() if not any(self.folder.iterdir()) else None


def judge(base, tenon, state):
    system = System(base, tenon, state)
    try:
        if state.setup:
            done = system.run(state.setup, as_user=False)
            if done.returncode != 0:
                return {"verdict": "not made", "why": done.stderr[-300:]}
        start = time.monotonic()
        said = system.run("exec tenon doctor --json")
        seconds = time.monotonic() - start
        text = system.run("exec tenon doctor")
        built = system.run("go build -o /dev/null ./... && go test -count=1 ./...")
    finally:
        system.close()
    try:
        findings = json.loads(said.stdout)["findings"]
    except ValueError:
        return {"verdict": "wrong", "why": f"no JSON: {said.stdout[-200:]} {said.stderr[-300:]}"}
    causes = {f["cause"]: f["severity"] for f in findings}
    problems = []
    if (said.returncode == 0) != (built.returncode == 0):
        problems.append(f"exit {said.returncode}, go {built.returncode}: {(built.stderr or built.stdout)[-200:]}")
    if state.cause and state.cause not in causes:
        problems.append(f"no {state.cause} in {causes}")
    if state.said and state.said not in text.stdout:
        problems.append(f"not said: {state.said}")
    if state.not_said and state.not_said in text.stdout:
        problems.append(f"said: {state.not_said}")
    errors = [c for c, severity in causes.items() if severity == "error" and c != state.cause]
    verdict = "right" if not problems else "wrong" if errors or said.returncode == 1 else "missed"
    return {"text": text.stdout, "verdict": verdict, "why": "; ".join(problems), "others": errors, "exit": said.returncode,
            "go": built.returncode, "seconds": round(seconds, 2)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--results")
    args = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        sys.exit(print("states: needs root and debootstrap") or 3)
    base = base_system()
    only = set(filter(None, args.only.split(",")))
    results = {}
    for state in STATES:
        if only and state.name.split()[0] not in only:
            continue
        results[state.name] = one = judge(base, args.tenon, state)
        if os.environ.get("SHOW"):
            print(one.get("text"))
        print(f"{one['verdict']:8} {one.get('seconds', 0):5.2f} s  {state.name}  {one.get('why', '')} {one.get('others', '')}",
              flush=True)
    if args.results:
        Path(args.results).write_text(json.dumps(results, indent=1) + "\n")
    right = sum(one["verdict"] == "right" for one in results.values())
    print(f"{right} of {len(results)} states right")
    sys.exit(0 if right == len(results) else 1)


if __name__ == "__main__":
    main()
