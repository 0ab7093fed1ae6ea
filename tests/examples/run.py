#!/usr/bin/env python3
"""Runs what examples/ and docs/ci.md show with the real programs: make, CMake, goreleaser, pre-commit, actionlint; and the
steps of the Dockerfile one by one, for a builder of images is not asked for.

    run.py [--tenon PATH] [PART...]     make cmake goreleaser precommit workflows docker

Each part works in a copy. Programs that are not Debian's come by name and version through the go command and pip, into
build/examples-tools. A part without its tools is skipped and said to be.
"""
import argparse
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "build/examples-tools"
GORELEASER, ACTIONLINT, PRE_COMMIT = "v2.15.1", "v1.7.12", "4.7.0"
HERE = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]


class Skipped(Exception):
    pass


def need(*names):
    missing = [name for name in names if not shutil.which(name)]
    if missing:
        raise Skipped("without " + ", ".join(missing))


def run(*words, cwd, code=0, **environment):
    done = subprocess.run([str(word) for word in words], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True,
                          check=False, timeout=3600, stdin=subprocess.DEVNULL)
    if done.returncode != code:
        raise AssertionError(f"{' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout + done.stderr


def go_tool(module, version):
    """The path of a program that the go command installs."""
    name = [part for part in module.split("/") if not re.fullmatch(r"v\d+", part)][-1]
    if given := os.environ.get(name.upper()):
        return Path(given)
    program = TOOLS / f"{name}-{version}" / name
    if not program.exists():
        need("go")
        run("go", "install", f"{module}@{version}", cwd="/", GOBIN=str(program.parent), GOFLAGS="", GOTOOLCHAIN="local", CGO_ENABLED="0")
    return program


def starts(program, prefix=()):
    said = run(*prefix, program, cwd=program.parent)
    assert said.startswith("3 letters on linux/"), said


def copied(top, *names):
    for name in names:
        shutil.copytree(ROOT / "examples" / name, top / name)


def part_make(top, tenon):
    need("make", "go", "qemu-aarch64-static")
    copied(top, "make", "release")
    said = run("make", "check", cwd=top / "make", TENON=tenon)
    assert "macOS 12.0 and newer" in said and said.count("linkage      static") == 2, said
    starts(top / f"make/dist/linux-{HERE}/greeter")
    starts(top / "make/dist/linux-arm64/greeter", ["qemu-aarch64-static"])
    assert "up to date" in run("make", "dist/linux-arm64/greeter", cwd=top / "make")


def part_cmake(top, tenon):
    need("cmake", "ninja", "go")
    copied(top, "cmake")
    for target in (f"linux/{HERE}:gnu2.28", "linux/arm64:gnu2.28", "darwin/arm64", "windows/amd64"):
        folder = top / ("b-" + re.sub("[/:]", "-", target))
        run("cmake", "-G", "Ninja", "-S", top / "cmake", "-B", folder, f"-DTENON={tenon}", f"-DTENON_TARGET={target}",
            f"-DCMAKE_TOOLCHAIN_FILE={top}/cmake/tenon.cmake", cwd=top)
        run("cmake", "--build", folder, cwd=top)
        if target.startswith(f"linux/{HERE}"):
            assert run(folder / "greeter", cwd=top) == "42\n"
        if target.startswith("darwin"):
            run(tenon, "verify", folder / "greeter", cwd=top)
    said = run("cmake", "-G", "Ninja", "-S", top / "cmake", "-B", top / "b-musl", f"-DTENON={tenon}", "-DTENON_TARGET=linux/arm64",
               f"-DCMAKE_TOOLCHAIN_FILE={top}/cmake/tenon.cmake", cwd=top, code=1)
    assert "needs glibc" in said, said


def git(cwd, *words):
    return run("git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false", *words, cwd=cwd)


def committed(folder, tag=None):
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")
    if tag:
        git(folder, "tag", tag)
    return git(folder, "rev-parse", "HEAD").strip()


def with_tenon(top, tenon):
    folder = top / "bin"
    folder.mkdir(exist_ok=True)
    (folder / "tenon").symlink_to(tenon)
    return f"{folder}:{os.environ['PATH']}"


def part_goreleaser(top, tenon):
    need("git", "go", "qemu-aarch64-static")
    program = go_tool("github.com/goreleaser/goreleaser/v2", GORELEASER)
    copied(top, "release")
    project = top / "release"
    (project / ".gitignore").write_text("dist/\n")
    committed(project, "v0.0.1")
    # Where releases would go; nothing is sent there.
    git(project, "remote", "add", "origin", "https://github.com/example/greeter.git")
    path = with_tenon(top, tenon)
    run(program, "check", cwd=project, PATH=path)
    run(program, "build", "--snapshot", "--clean", cwd=project, PATH=path)
    built = sorted(str(one.relative_to(project / "dist")) for one in (project / "dist").glob("*/greeter*"))
    assert len(built) == 6, built
    starts(next((project / "dist").glob(f"*linux_{HERE}*/greeter")))
    starts(next((project / "dist").glob("*linux_arm64*/greeter")), ["qemu-aarch64-static"])
    for one in (project / "dist").glob("*darwin*/greeter"):
        run(tenon, "verify", "--strict", one, cwd=top)
    print("  " + ", ".join(built))


def part_precommit(top, tenon):
    need("git")
    venv = TOOLS / f"pre-commit-{PRE_COMMIT}"
    program = Path(os.environ.get("PRE_COMMIT") or venv / "bin/pre-commit")
    if not program.exists():
        run(sys.executable, "-m", "venv", venv, cwd="/")
        run(venv / "bin/pip", "install", "--quiet", f"pre-commit=={PRE_COMMIT}", cwd="/")
    hooks, project = top / "hooks", top / "project"
    hooks.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    revision = committed(hooks)
    shutil.copytree(ROOT / "examples/release", project)
    names = re.findall(r"^- id: (\S+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.M)
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks:\n" + "".join(f"      - id: {name}\n" for name in names))
    (project / ".tenon.toml").write_text('[build]\ntargets = ["linux/arm64"]\n')
    sys.path.insert(0, str(ROOT / "tests/support"))
    from small_macho import program as macho
    (project / "unsigned.dylib").write_bytes(macho())
    committed(project)
    home = {"HOME": str(top), "PRE_COMMIT_HOME": str(top / "pre-commit"), "PATH": with_tenon(top, tenon), "TENON_CACHE": str(top / "cache"),
            "GOCACHE": os.environ.get("GOCACHE", str(Path.home() / ".cache/go-build"))}
    run(program, "validate-manifest", ".pre-commit-hooks.yaml", cwd=hooks, **home)
    said = run(program, "run", "--all-files", cwd=project, code=1, **home)
    state = dict(re.findall(r"^(tenon [\w -]+?)\.*(Passed|Failed)$", said, re.M))
    assert state == {"tenon verify": "Failed", "tenon doctor": "Passed", "tenon build --dry-run": "Passed"}, said
    run(tenon, "sign", project / "unsigned.dylib", cwd=top)
    git(project, "add", "-A")
    (project / ".tenon.toml").write_text('[build]\ntargets = ["linux/none"]\n')
    git(project, "add", "-A")
    said = run(program, "run", "--all-files", cwd=project, code=1, **home)
    state = dict(re.findall(r"^(tenon [\w -]+?)\.*(Passed|Failed)$", said, re.M))
    assert state == {"tenon verify": "Passed", "tenon doctor": "Passed", "tenon build --dry-run": "Failed"}, said


def part_workflows(top, _):
    """actionlint on the workflow of this repository, and on those that pages show, with this action in place of a published one."""
    program = go_tool("github.com/rhysd/actionlint/cmd/actionlint", ACTIONLINT)
    flows = top / ".github/workflows"
    flows.mkdir(parents=True)
    git(top, "init", "-q")
    (top / "tenon").mkdir()
    shutil.copy(ROOT / "action.yml", top / "tenon")
    own = sorted((ROOT / ".github/workflows").glob("*.yml"))
    for path in own:
        shutil.copy(path, flows)
    for page in ("docs/ci.md", "docs/tutorials/linux-ci-to-macos.md"):
        for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```$", (ROOT / page).read_text(), re.S | re.M)):
            if "jobs:" in block:
                text = "on: push\n" + re.sub(r"uses: OWNER/tenon@\S+", "uses: ./tenon", block)
                (flows / f"{Path(page).stem}-{number}.yml").write_text(text)
    files = sorted(flows.glob("*.yml"))
    assert len(files) == len(own) + 2, files
    run(program, "-no-color", "-shellcheck=" + (shutil.which("shellcheck") or ""), *files, cwd=top)
    # That it looks at the inputs of the action at all.
    shown = next(flows.glob("ci-*.yml"))
    shown.write_text(shown.read_text().replace("command:", "comand:"))
    assert 'input "comand" is not defined' in run(program, "-no-color", "-shellcheck=", shown, cwd=top, code=1)


def part_docker(top, tenon):
    need("go", "qemu-aarch64-static")
    text = re.sub(r"\\\n\s*", "", (ROOT / "examples/docker/Dockerfile").read_text())
    copied(top, "release")
    stage = top / "image"
    for folder in ("release", "usr/local/bin", "out"):
        (stage / folder).mkdir(parents=True)
    shutil.copy(tenon, stage / f"release/tenon-linux-{HERE}")
    digest = hashlib.sha256(Path(tenon).read_bytes()).hexdigest()
    (stage / "release/SHA256SUMS").write_text(f"{digest}  tenon-linux-{HERE}\n{'0' * 64}  tenon-linux-none\n")
    steps = [line[4:] for line in text.split("\n") if line.startswith("RUN ") and "apt-get" not in line]
    assert len(steps) == 2, steps
    for step in steps:
        # A path of the image is one of the stage here.
        step = re.sub(r"(?<![\w.])/(?=release|usr/local/bin|out)", f"{stage}/", step)
        run("sh", "-ec", step, cwd=top / "release", BUILDARCH=HERE, TARGETARCH="arm64", PATH=f"{stage}/usr/local/bin:{os.environ['PATH']}")
    root = top / "scratch"
    root.mkdir()
    shutil.copy(stage / "out/app", root / "app")
    run(tenon, "load", root / "app", "--root", root, cwd=top)
    starts(root / "app", ["qemu-aarch64-static"])
    (stage / "release/SHA256SUMS").write_text(f"{'0' * 64}  tenon-linux-{HERE}\n")
    run("sh", "-ec", re.sub(r"(?<![\w.])/(?=release|usr)", f"{stage}/", steps[0]), cwd=top, code=1, BUILDARCH=HERE)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON") or shutil.which("tenon"))
    parser.add_argument("parts", nargs="*")
    options = parser.parse_args()
    parts = {name.removeprefix("part_"): value for name, value in globals().items() if name.startswith("part_")}
    passed, failed, skipped = 0, 0, 0
    for name in options.parts or parts:
        top = Path(tempfile.mkdtemp(prefix=f"tenon-{name}-"))
        try:
            parts[name](top, str(Path(options.tenon).resolve()))
            passed += 1
            print(f"{name}: passed", flush=True)
        except Skipped as error:
            skipped += 1
            print(f"{name}: skipped, {error}", flush=True)
        except AssertionError as error:
            failed += 1
            print(f"{name}: failed\n{error}", flush=True)
        finally:
            shutil.rmtree(top, True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
