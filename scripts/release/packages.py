#!/usr/bin/env python3
"""Wraps the files of a release for package managers: wheels for pip, packages for npm, .deb, and a formula for Homebrew.

    packages.py DIST EPOCH [ADDRESS]

DIST is what scripts/release.sh made; the packages are put into it. A target that is not there is left out. Nothing is compiled
and no time or name of this machine is in a package: the same files give the same bytes. ADDRESS is where releases are
published; the formula needs it and is made only with it.
"""
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHEELS = {
    "linux-amd64": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "linux-arm64": "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "darwin-amd64": "macosx_12_0_x86_64",
    "darwin-arm64": "macosx_12_0_arm64",
}
NPM = {"linux-amd64": ("linux", "x64"), "linux-arm64": ("linux", "arm64"), "darwin-amd64": ("darwin", "x64"),
       "darwin-arm64": ("darwin", "arm64")}
DEB = {"linux-amd64": "amd64", "linux-arm64": "arm64"}
LAUNCHER = """#!/usr/bin/env node
"use strict";
const { spawnSync } = require("child_process");
const os = require("os");
const name = `NAME-${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/tenon`);
} catch {
  console.error(`tenon: the package ${name} is not installed: there is no release for this machine, or optional ` +
    "dependencies were left out (npm install --include=optional)");
  process.exit(1);
}
const done = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (done.error) {
  console.error(`tenon: ${done.error.message}`);
  process.exit(1);
}
if (done.signal) process.exit(128 + (os.constants.signals[done.signal] || 0));
process.exit(done.status);
"""


def project():
    text = (ROOT / "CMakeLists.txt").read_text()
    version = re.search(r"project\(tenon VERSION ([0-9.]+)", text)[1]
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"] | {"version": version}


def wheel(dist, target, tags, about, epoch):
    name = f"{about['name'].replace('-', '_')}-{about['version']}"
    info = f"{name}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {about['name']}", f"Version: {about['version']}", f"Summary: {about['description']}",
                f"License: {about['license']}", f"Requires-Python: {about['requires-python']}", f"Keywords: {','.join(about['keywords'])}",
                *(f"Classifier: {one}" for one in about["classifiers"]), *(f"Requires-Dist: {one}" for one in about["dependencies"]),
                "Description-Content-Type: text/markdown", "License-File: LICENSE", "", (ROOT / "README.md").read_text()]
    tag_lines = [f"Tag: py3-none-{one}" for one in tags.split(".")]
    files = {
        f"{name}.data/scripts/tenon": (dist / f"tenon-{target}").read_bytes(),
        f"{info}/LICENSE": (ROOT / "LICENSE").read_bytes(),
        f"{info}/THIRD-PARTY.txt": (dist / "THIRD-PARTY.txt").read_bytes(),
        f"{info}/sboms/tenon.cdx.json": (dist / f"tenon-{target}.cdx.json").read_bytes(),
        f"{info}/METADATA": "\n".join(metadata).encode(),
        f"{info}/WHEEL": "\n".join(["Wheel-Version: 1.0", "Generator: tenon", "Root-Is-Purelib: false", *tag_lines, ""]).encode(),
    }
    record = "".join(f"{path},sha256={urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
                     for path, data in files.items())
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    out = dist / f"{name}-py3-none-{tags}.whl"
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, time.gmtime(epoch)[:6])
            entry.external_attr = (0o100755 if "/scripts/" in path else 0o100644) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    return out


def npm_package(out, files, epoch):
    """A tgz with `files` (name -> bytes, executable) in the folder that npm wants."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, (data, executable) in sorted(files.items()):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size, entry.mtime, entry.mode = len(data), epoch, 0o755 if executable else 0o644
            archive.addfile(entry, io.BytesIO(data))
    with open(out, "wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
        packed.write(raw.getvalue())
    return out


def npm(dist, targets, about, epoch):
    common = {"version": about["version"], "license": about["license"], "description": about["description"]}
    texts = {"LICENSE": ((ROOT / "LICENSE").read_bytes(), False),
             "THIRD-PARTY.txt": ((dist / "THIRD-PARTY.txt").read_bytes(), False)}
    for target in targets:
        system, processor = NPM[target]
        name = f"{about['name']}-{system}-{processor}"
        manifest = {"name": name, **common, "os": [system], "cpu": [processor], "preferUnplugged": True}
        yield npm_package(dist / f"{name}-{about['version']}.npm.tgz",
                          {**texts, "package.json": (json.dumps(manifest, indent=2).encode(), False),
                           "tenon": ((dist / f"tenon-{target}").read_bytes(), True)}, epoch)
    manifest = {"name": about["name"], **common, "bin": {"tenon": "tenon.js"}, "engines": {"node": ">=16"},
                "keywords": about["keywords"],
                "optionalDependencies": {f"{about['name']}-{NPM[one][0]}-{NPM[one][1]}": about["version"] for one in targets}}
    yield npm_package(dist / f"{about['name']}-{about['version']}.npm.tgz",
                      {"LICENSE": texts["LICENSE"], "README.md": ((ROOT / "README.md").read_bytes(), False),
                       "package.json": (json.dumps(manifest, indent=2).encode(), False),
                       "tenon.js": (LAUNCHER.replace("NAME", about["name"]).encode(), True)}, epoch)


def printed(dist):
    """The manual page and the completions, which the program of this machine prints."""
    program = dist / "tenon-linux-amd64"
    for path, words in (("usr/share/man/man1/tenon.1.gz", ["man"]),
                        ("usr/share/bash-completion/completions/tenon", ["completion", "bash"]),
                        ("usr/share/zsh/vendor-completions/_tenon", ["completion", "zsh"]),
                        ("usr/share/fish/vendor_completions.d/tenon.fish", ["completion", "fish"])):
        text = subprocess.run([program, *words], capture_output=True, check=True, timeout=60).stdout
        yield path, gzip.compress(text, mtime=0) if path.endswith(".gz") else text


def deb(dist, target, about, epoch):
    out = dist / f"tenon_{about['version']}_{DEB[target]}.deb"
    with tempfile.TemporaryDirectory(prefix="tenon-deb-") as place:
        top = Path(place) / "tenon"
        files = {"usr/bin/tenon": (dist / f"tenon-{target}").read_bytes(), **dict(printed(dist)),
                 "usr/share/doc/tenon/copyright": (ROOT / "LICENSE").read_bytes() + b"\n" + (dist / "THIRD-PARTY.txt").read_bytes()}
        size = sum(map(len, files.values())) // 1024
        files["DEBIAN/control"] = "\n".join([
            "Package: tenon", f"Version: {about['version']}", f"Architecture: {DEB[target]}", f"Installed-Size: {size}",
            "Maintainer: The tenon authors <tenon@localhost>", "Section: devel", "Priority: optional",
            "Recommends: ca-certificates", "Suggests: golang-go", f"Description: {about['description']}",
            " One static program that explains and fixes builds of Go programs with C, builds them for",
            " other systems, and signs, verifies and notarizes code for macOS.", ""]).encode()
        for name, data in files.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_bytes(data)
            (top / name).chmod(0o755 if name == "usr/bin/tenon" else 0o644)
        for folder in [top, *top.rglob("*/")]:
            if folder.is_dir():
                folder.chmod(0o755)
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", top, out], check=True, capture_output=True,
                       env={"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": str(epoch), "LC_ALL": "C"})
    return out


def formula(dist, about, address):
    def sum_of(target):
        return hashlib.sha256((dist / f"tenon-{target}").read_bytes()).hexdigest()

    def place(system, targets):
        rows = [f"  on_{system} do"]
        for target in targets:
            if not (dist / f"tenon-{target}").exists():
                continue
            rows += [f"    on_{'arm' if target.endswith('arm64') else 'intel'} do",
                     f'      url "{address}/download/v{about["version"]}/tenon-{target}"', f'      sha256 "{sum_of(target)}"', "    end"]
        return rows + ["  end"]

    lines = ["class Tenon < Formula", f'  desc "{about["description"].split(":")[0]}"', f'  homepage "{address.rsplit("/", 1)[0]}"',
             f'  version "{about["version"]}"', f'  license "{about["license"]}"', "",
             *place("macos", ["darwin-arm64", "darwin-amd64"]), "", *place("linux", ["linux-arm64", "linux-amd64"]), "",
             "  def install", '    bin.install Dir["tenon-*"].first => "tenon"', '    (man1/"tenon.1").write Utils.safe_popen_read(bin/"tenon", "man")',
             '    generate_completions_from_executable(bin/"tenon", "completion")', "  end", "",
             "  test do", '    assert_match version.to_s, shell_output("#{bin}/tenon --version")', "  end", "end", ""]
    (dist / "tenon.rb").write_text("\n".join(lines))
    return dist / "tenon.rb"


def main(dist, epoch, address=""):
    dist, epoch, about = Path(dist), int(epoch), project()
    targets = [one for one in WHEELS if (dist / f"tenon-{one}").exists()]
    for old in [*dist.glob("*.whl"), *dist.glob("*.npm.tgz"), *dist.glob("*.deb"), dist / "tenon.rb"]:
        old.unlink(missing_ok=True)
    made = [wheel(dist, target, WHEELS[target], about, epoch) for target in targets]
    made += npm(dist, targets, about, epoch)
    if shutil.which("dpkg-deb") and "linux-amd64" in targets:
        made += [deb(dist, target, about, epoch) for target in targets if target in DEB]
    if address:
        made.append(formula(dist, about, address))
    for path in made:
        print(f"packages: {path.name}, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:4])
