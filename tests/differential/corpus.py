"""Fetches packages by name and version with their ordinary clients, and takes files out of them.

Everything stands in a cache folder and is fetched once. Offline is raised when a client cannot reach
its registry; the caller counts it.
"""
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

SOURCES = "/etc/apt/sources.list.d", "/etc/apt/sources.list"


class Offline(Exception):
    pass


def entries(path):
    for line in Path(path).read_text().splitlines():
        words = line.split()
        if words and not line.startswith("#"):
            yield dict(zip(("set", "kind", "name", "version", "platform", "files"), words))


def label(entry):
    name = entry["name"].replace("@", "").replace("/", "-")
    return "_".join([entry["kind"], name, entry["version"], entry["platform"]]).replace("_-", "")


def client(*argv, cwd, env=None, timeout=600):
    """Runs a package client; a failure of any kind is Offline with its last line."""
    try:
        done = subprocess.run([str(word) for word in argv], cwd=cwd, capture_output=True, text=True,
                              timeout=timeout, env={**os.environ, **(env or {})})
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Offline(str(error)) from None
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise Offline(lines[-1][:200] if lines else f"{argv[0]} failed")
    return done.stdout


def npm(entry, folder, _cache):
    client("npm", "pack", f"{entry['name']}@{entry['version']}", "--silent",
           "--fetch-retries=0", "--fetch-timeout=60000", cwd=folder)


def wheel(entry, folder, _cache):
    without = {"PIP_FIND_LINKS": "", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    client(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
           "--retries", "1", "--timeout", "60",
           "--platform", entry["platform"], "--python-version", "3.12", "--implementation", "cp",
           "--abi", "cp312", "--abi", "abi3", "--abi", "none",
           f"{entry['name']}=={entry['version']}", cwd=folder, env=without)


def apt_options(cache, arch):
    """An apt of its own: the machine's lists, architectures and state stay as they are."""
    root = cache / "apt" / arch
    for name in ("lists/partial", "archives/partial", "empty"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "status").touch()
    options = {"Dir::State": root, "Dir::State::lists": root / "lists", "Dir::Cache": root,
               "Dir::Cache::archives": root / "archives", "Dir::State::status": root / "status",
               "APT::Architecture": arch, "APT::Architectures": arch, "APT::Sandbox::User": "root",
               "Dir::Etc::preferencesparts": root / "empty", "Acquire::Languages": "none"}
    return root, [word for key, value in options.items() for word in ("-o", f"{key}={value}")]


def deb(entry, folder, cache):
    if not any(os.path.exists(path) for path in SOURCES) or not shutil.which("apt-get"):
        raise Offline("no apt-get with sources here")
    root, options = apt_options(cache, entry["platform"])
    if not (root / "updated").exists():
        # Not all suites have all architectures.
        subprocess.run(["apt-get", *options, "update", "-qq"], cwd=folder, capture_output=True, timeout=600)
        if not any("Packages" in path.name for path in (root / "lists").iterdir()):
            raise Offline("apt-get update brought no lists")
        (root / "updated").touch()
    client("apt-get", *options, "download", f"{entry['name']}:{entry['platform']}", cwd=folder)


def unpack(path, folder):
    """Regular files of the package below `folder`."""
    if path.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(path) as package:
            package.extractall(folder)
    elif path.suffix == ".deb":
        with tempfile.TemporaryDirectory() as inner:
            subprocess.run(["dpkg-deb", "--fsys-tarfile", str(path)], check=True,
                           stdout=open(f"{inner}/data.tar", "wb"))
            unpack(Path(inner) / "data.tar", folder)
    else:
        with tarfile.open(path) as package:
            # Devices and links that lead out have no business here; old Pythons know no filters.
            plain = [one for one in package if one.isdir() or one.isfile() and ".." not in one.name.split("/")]
            safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            package.extractall(folder, members=plain, **safe)


def wanted(folder, patterns):
    out = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not path.is_symlink() and any(fnmatch.fnmatch(name, one) for one in patterns):
            out.append(path)
    return out


def fetch(entry, cache):
    """The files of one entry of the corpus."""
    target = cache / "packages" / label(entry)
    patterns = entry["files"].split(",")
    if not (target / "done").exists():
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            folder = Path(folder)
            {"npm": npm, "wheel": wheel, "deb": deb}[entry["kind"]](entry, folder, cache)
            packages = [path for path in folder.iterdir() if path.suffix in (".tgz", ".whl", ".deb")]
            if len(packages) != 1:
                raise Offline(f"the client left {len(packages)} packages")
            shutil.rmtree(target, ignore_errors=True)
            (target / "files").mkdir(parents=True)
            unpack(packages[0], folder / "all")
            for path in wanted(folder / "all", patterns):
                name = target / "files" / path.relative_to(folder / "all")
                name.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, name)
            (target / "done").write_text(packages[0].name + "\n")
    return wanted(target / "files", patterns)


def go_toolchain(version, cache):
    """A Go of the module golang.org/toolchain; old ones too, which GOTOOLCHAIN does not take."""
    module = f"golang.org/toolchain@v0.0.1-go{version}.linux-amd64"
    out = client("go", "mod", "download", "-json", module, cwd=cache,
                 env={"GOFLAGS": "-modcacherw", "GOTOOLCHAIN": "local"})
    root = Path(json.loads(out)["Dir"])
    # Modules carry no permissions; go does the same to what GOTOOLCHAIN names.
    for program in [*root.glob("bin/*"), *root.glob("pkg/tool/*/*")]:
        if program.is_file() and not os.access(program, os.X_OK):
            program.chmod(0o755)
    return root / "bin/go"
