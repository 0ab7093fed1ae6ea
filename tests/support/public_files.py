"""Public files for tests: fetched by package name and version with the ordinary clients, kept in
TENON_CACHE or the user's cache, never committed. None without a network."""
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

CACHE = Path(os.environ.get("TENON_CACHE") or Path.home() / ".cache" / "tenon") / "test-files"
PLATFORMS = {"darwin": ["macosx_11_0_arm64", "macosx_12_0_arm64", "macosx_14_0_arm64"],
             "manylinux": ["manylinux2014_aarch64", "manylinux_2_28_aarch64"],
             "musllinux": ["musllinux_1_2_x86_64", "musllinux_1_1_x86_64"],
             "windows": ["win_amd64"]}


def run(*args, **kwargs):
    kwargs = {"timeout": 600, "check": False, "capture_output": True, "text": True, **kwargs}
    return subprocess.run([str(a) for a in args], **kwargs)


def _pip(name, work, platform):
    where = [word for each in PLATFORMS[platform] for word in ("--platform", each)]
    return run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:",
               "--python-version", "3.12", *where, "-d", work, name)


def _cargo(name, work):
    """cargo has no download: a project that depends on the package."""
    crate, version = name.split("@")
    (work / "src").mkdir()
    (work / "src/lib.rs").write_text("")
    (work / "Cargo.toml").write_text(f'[package]\nname = "files"\nversion = "0.0.1"\nedition = "2021"\n'
                                     f'[dependencies]\n{crate} = "={version}"\n')
    if run("cargo", "vendor", "--quiet", "--versioned-dirs", "vendor", cwd=work).returncode != 0:
        return None
    return work / "vendor" / f"{crate}-{version}"


def _go_module(name):
    done = run("go", "mod", "download", "-json", name, cwd=CACHE)
    return Path(json.loads(done.stdout)["Dir"]) if done.returncode == 0 else None


def source(kind, name):
    """The folder of an unpacked source package, kept where its client keeps it or beside the others: kind go
    (module@version), crate (crate@version)."""
    if shutil.which({"go": "go", "crate": "cargo"}[kind]) is None:
        return None
    CACHE.mkdir(parents=True, exist_ok=True)
    if kind == "go":
        return _go_module(name)
    folder = CACHE / f"{kind}-{name}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=CACHE) as work:
            made = _cargo(name, Path(work))
            if made is None:
                return None
            made.rename(folder)
    return folder


def _unpack(pack, out):
    if pack.suffix == ".whl":
        with zipfile.ZipFile(pack) as archive:
            archive.extractall(out)
    elif pack.suffix == ".deb":
        run("dpkg-deb", "-x", pack, out)
    else:
        with tarfile.open(pack) as archive:
            archive.extractall(out)


def package(kind, name, platform="darwin"):
    """The folder of an unpacked package: kind npm, pip, sdist (pip's source packages), deb, go or crate."""
    if kind in ("go", "crate"):
        return source(kind, name)
    key = f"{kind}-{platform}-{name}" if kind == "pip" else f"{kind}-{name}"
    folder = CACHE / "".join(c if c.isalnum() or c in "-._" else "_" for c in key)
    if folder.is_dir():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        if kind == "pip":
            _pip(name, work, platform)
        elif kind == "sdist":
            run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary=:all:", "-d", work, name)
        elif kind == "npm":
            if shutil.which("npm") is None:
                return None
            run("npm", "pack", "--silent", "--pack-destination", work, name)
        else:
            run("apt-get", "download", "-q", name, cwd=work)
        packs = [p for p in Path(work).iterdir() if p.suffix in (".whl", ".tgz", ".gz", ".deb")]
        if not packs:
            return None
        out = Path(work) / "out"
        _unpack(packs[0], out)
        if not folder.is_dir():
            out.rename(folder)
    return folder


def file_of(kind, name, inner, platform="darwin"):
    """The first file called `inner` in a package."""
    folder = package(kind, name, platform)
    found = sorted(folder.rglob(inner)) if folder else []
    return found[0] if found else None
