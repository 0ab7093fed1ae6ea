"""One failing machine or project, and what became of it.

A stage is a project, an environment, and where it is run: on this machine, in a mount namespace of
its own, or in a Debian 12 root made for it. The command has to fail there first. Then
`tenon explain --fix --unsafe-fixes -- COMMAND` has to end with exit code 0; the script that it prints
has to pass in the same broken place; and the command by itself must not be worse off than before.
"""
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

PRINT = 'package main\n\nfunc main() { println("hello") }\n'
C = ('package main\n\n// static int one(void) { return 1; }\nimport "C"\n\n'
     'func main() { println(C.one()) }\n')
MODULE = "module example.com/p\n\ngo 1.21\n"


def cgo(preamble, call="", go="1.21"):
    """A program with this C before import "C"."""
    lines = "".join(f"// {line}\n" for line in preamble.splitlines())
    return {"go.mod": f"module example.com/p\n\ngo {go}\n",
            "main.go": f'package main\n\n{lines}import "C"\n\nfunc main() {{\n\tprintln("ran")\n\t{call}\n}}\n'}


@dataclass
class Stage:
    name: str
    files: dict = field(default_factory=lambda: {"go.mod": MODULE, "main.go": C})
    env: dict = field(default_factory=dict)
    goenv: str = ""  # the file of `go env -w`
    argv: list = field(default_factory=lambda: ["go", "build", "-o", os.devnull, "./..."])
    before: str = ""  # shell lines in the place, before all else
    mounts: str = ""  # shell lines in a mount namespace of its own, as root
    packages: tuple | None = None  # a Debian root with these; None: this machine
    network: bool = False
    needs: tuple = ()  # programs of this machine
    quick: bool = False  # in ctest
    most: int = 5


@dataclass
class Outcome:
    stage: Stage
    red: bool = False
    green: bool = False
    replayed: bool | None = None
    worse: str = ""
    rounds: list = field(default_factory=list)
    log: str = ""

    @property
    def passed(self):
        return self.red and self.green and self.replayed and not self.worse


# What a developer's shell may have set, and a stage does not want.
FOREIGN = ("GO", "CGO_", "CC", "CXX", "AR", "PKG_CONFIG", "LD_", "CPATH", "LIBRARY_PATH", "ZIG",
           "C_INCLUDE_PATH", "TENON", "XDG_", "DYLD", "TMPDIR")


def base_environment(home, tools):
    env = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
    env.update(HOME=str(home), PATH=tools, GOENV=str(home / "goenv"), GOTOOLCHAIN="local")
    return env


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text)


def state(folder):
    """The files of a project that a fix may not change."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*"))
            if p.is_file() and p.name not in ("go.mod", "go.sum") and "vendor" not in p.parts}


LIMIT = 300  # seconds of a command


class Place:
    """Where the commands of a stage run: this machine, with a mount namespace where it asks for one."""

    def __init__(self, stage, tenon, shared):
        self.stage, self.tenon, self.shared = stage, str(tenon), shared
        self.top = Path(tempfile.mkdtemp(prefix="staged-"))
        self.home, self.project = self.top / "home", self.top / "project"
        self.home.mkdir()
        (self.home / "goenv").write_text(stage.goenv)
        write(self.project, stage.files)
        go = shutil.which("go")
        self.env = base_environment(self.home, f"{self.guard()}:{os.environ['PATH']}")
        self.env["GOCACHE"] = str(shared.own_cache(self.top))
        self.env["GOMODCACHE"] = subprocess.run([go, "env", "GOMODCACHE"], capture_output=True, text=True,
                                                check=True).stdout.strip()
        self.env.update({k: v.format(top=self.top) for k, v in stage.env.items()})
        if stage.before:
            subprocess.run(["sh", "-ec", stage.before.format(top=self.top)], cwd=self.project, env=self.env,
                           check=True, capture_output=True)

    def guard(self):
        """No stage installs anything on this machine: what would do so fails."""
        folder = self.top / "guard"
        folder.mkdir()
        for name in ("apt-get", "apt-file", "dnf", "apk", "brew", "sudo"):
            (folder / name).write_text("#!/bin/sh\nexit 100\n")
            (folder / name).chmod(0o755)
        return folder

    def run(self, argv, timeout=LIMIT):
        if self.stage.mounts:
            script = f"{self.stage.mounts.format(top=self.top)}\ncd {self.project}\nexec \"$@\"\n"
            argv = ["unshare", "-m", "sh", "-ec", script, "sh", *argv]
        return subprocess.run(argv, cwd=self.project, env=self.env, timeout=timeout, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, errors="replace")

    def fresh(self):
        """The place as it was, for the script: also without what the fixed command left in the cache."""
        if self.env["GOCACHE"] == str(self.top / "gocache"):
            shutil.rmtree(self.top / "gocache")
            self.shared.own_cache(self.top)
        (self.home / "goenv").write_text(self.stage.goenv)
        write(self.project, self.stage.files)
        return self

    def close(self):
        shutil.rmtree(self.top, ignore_errors=True)


class Root(Place):
    """The same in a Debian root of its own, above a layer that other stages share."""

    def __init__(self, stage, tenon, shared):
        self.layer = shared.layer(stage.packages)
        self.shared = shared
        self.stage, self.tenon = stage, "/opt/tenon/bin/tenon"
        self.program = Path(tenon)
        self.top = Path(tempfile.mkdtemp(prefix="staged-", dir=shared.folder))
        self.home, self.project = Path("/root"), Path("/src/p")
        self.env = {"PATH": "/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8",
                    "GOTOOLCHAIN": "local", "GOCACHE": "/gocache", **stage.env}
        self.lay()

    def lay(self):
        self.upper = Path(tempfile.mkdtemp(prefix="upper-", dir=self.top))
        (self.top / "work").mkdir(exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix="work-", dir=self.top))
        self.merged = Path(tempfile.mkdtemp(prefix="root-", dir=self.top))
        go = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True).stdout.strip()
        cache = Path(tempfile.mkdtemp(prefix="cache-", dir=self.top))
        for name in ("upper", "work"):
            (cache / name).mkdir()
        lines = [f"mount -t overlay overlay -o lowerdir={self.layer},upperdir={self.upper},workdir={work} {self.merged}",
                 f"mkdir -p {self.merged}/gocache; mount -t overlay overlay -o lowerdir={self.shared.gocache},"
                 f"upperdir={cache}/upper,workdir={cache}/work {self.merged}/gocache",
                 f"mkdir -p {self.merged}/proc; mount -t proc proc {self.merged}/proc"]
        for source, name in ((go, "usr/local/go"), (self.program.parent, "opt/tenon/bin")):
            lines.append(f"mkdir -p {self.merged}/{name}; mount --bind {source} {self.merged}/{name}")
        # /dev is the root's own, made with it.
        self.enter = "; ".join(lines)
        source = self.upper / "src/p"
        source.mkdir(parents=True)
        write(source, self.stage.files)
        if self.stage.goenv:
            write(self.upper, {"root/.config/go/env": self.stage.goenv})
        if self.stage.before:
            self.run(["sh", "-ec", self.stage.before])

    def run(self, argv, timeout=LIMIT):
        script = f'{self.enter}\ncd /\nexec chroot {self.merged} sh -c \'cd /src/p && exec "$@"\' sh "$@"\n'
        return subprocess.run(["unshare", "-m", "env", "-i", f"PATH={os.environ['PATH']}", "sh", "-ec", script, "sh",
                               "env", *(f"{k}={v}" for k, v in self.env.items()), *argv], timeout=timeout, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, errors="replace")

    def fresh(self):
        self.lay()
        return self


# What the programs of the stages import. Go builds it once for all.
WARM = (("0", "testing", "fmt"), ("1", "testing", "fmt", "net", "runtime/cgo"),
        ("1", "-race", "testing", "runtime/cgo"))


class Shared:
    """What stages share: a cache of go that has the standard library alone, and layers of packages."""

    def __init__(self, folder, gocache=None):
        self.folder = Path(folder)
        self.all_use = gocache is not None
        self.gocache = Path(gocache or self.folder / "gocache")
        if self.gocache.is_dir():
            return
        self.gocache.mkdir(parents=True)
        for cgo_enabled, *packages in WARM:
            env = {**os.environ, "GOCACHE": str(self.gocache), "CGO_ENABLED": cgo_enabled, "GOFLAGS": ""}
            subprocess.run(["go", "build", *packages], env=env, check=True, capture_output=True, timeout=900)

    def own_cache(self, top):
        """A cache of its own: what another stage left there would hide what is missing in this one."""
        if self.all_use:
            return self.gocache
        subprocess.run(["cp", "-al", str(self.gocache), str(top / "gocache")], check=True)
        return top / "gocache"

    def layer(self, packages):
        """A Debian 12 root with these packages, made once."""
        folder = self.folder / ("layer-" + "+".join(packages or ("bare",)))
        if folder.is_dir():
            return folder
        sources = [str(p) for p in Path("/etc/apt/sources.list.d").glob("debian*.sources")] or [
            str(p) for p in [Path("/etc/apt/sources.list")] if p.is_file()]
        made = folder.with_suffix(".new")
        shutil.rmtree(made, ignore_errors=True)
        include = ["--include=" + ",".join((*packages, "ca-certificates"))] if packages else [
            "--include=ca-certificates"]
        # Tested on the go command alone: what it recommends would hide what a stage misses.
        subprocess.run(["mmdebstrap", "--variant=minbase", *include, "--aptopt=APT::Install-Recommends false",
                        # A root is thrown away: nothing of it has to reach the disk.
                        "--dpkgopt=force-unsafe-io",
                        "--customize-hook=rm -rf $1/var/cache/apt/archives/*.deb; "
                        "echo force-unsafe-io >$1/etc/dpkg/dpkg.cfg.d/staged",
                        "--setup-hook=mkdir -p $1/etc/apt/apt.conf.d; cp -n /etc/apt/apt.conf.d/* "
                        "$1/etc/apt/apt.conf.d/ 2>/dev/null || :", "bookworm", str(made), *sources], check=True,
                       capture_output=True, timeout=900)
        # Recommendations count again, as on a machine of a user.
        for conf in (made / "etc/apt/apt.conf.d").glob("*mmdebstrap*"):
            conf.unlink()
        shutil.copy("/etc/resolv.conf", made / "etc/resolv.conf")
        made.rename(folder)
        return folder


def play(stage, place):
    """Red, then the fix, then the script and the bare command again."""
    out = Outcome(stage)
    try:
        before = place.run(stage.argv)
        out.red = before.returncode != 0
        if not out.red:
            out.log = "the command passes: nothing is staged"
            return out
        files = state(place.project)
        ran = place.run([place.tenon, "explain", "--json", "--fix", "--unsafe-fixes", "--max",
                         str(stage.most), "--", *stage.argv], timeout=900)
        out.green, out.log = ran.returncode == 0, ran.stderr[-6000:]
        document = json.loads(ran.stdout)
        loop = document["data"]["loop"]
        out.rounds = loop["rounds"]
        if loop["passed"] != out.green:
            out.worse = "data.loop.passed is not the exit code"
        if state(place.project) != files:
            out.worse = "files of the project changed"
        after = place.run(stage.argv)
        if before.returncode == 0 and after.returncode != 0:
            out.worse = "the command fails now"
        elif "fatal" in after.stderr and "fatal" not in before.stderr and not out.green:
            out.worse = "another failure than before"
        if out.green:
            again = place.fresh()
            script = again.run(["sh", "-c", loop["script"]], timeout=900)
            out.replayed = script.returncode == 0
            if not out.replayed:
                out.log += "\nSCRIPT:\n" + loop["script"] + script.stderr[-3000:]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError, OSError) as error:
        out.log += f"\n{type(error).__name__}: {error}"
    finally:
        place.close()
    return out
