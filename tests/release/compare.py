#!/usr/bin/env python3
"""The program of a release and the one that Debian's libraries made do the same: bytes of signatures, and JSON.

    compare.py --ours PROGRAM --release PROGRAM [--prefix COMMAND]

--prefix runs the release's program, such as qemu-aarch64-static. A signature with a certificate has the time in it: those are
compared by what both programs say of both. Everything else has to be equal, but version, duration and the program's own path.
Prints a line for each comparison; exit code 1 when one differs.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What may differ: who says it and how long it took.
SELF = {"version", "commit", "duration_ms", "seconds", "elapsed_ms", "program"}


def must(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, timeout=600, **more)


def plain(value, *paths):
    if isinstance(value, dict):
        return {key: plain(one, *paths) for key, one in value.items() if key not in SELF}
    if isinstance(value, list):
        return [plain(one, *paths) for one in value]
    if isinstance(value, str):
        for path in paths:
            value = value.replace(str(path), "TENON")
    return value


class Comparison:
    def __init__(self, ours, release, folder):
        self.ours, self.release, self.folder = ours, release, folder
        self.equal, self.different = 0, 0

    def run(self, program, *arguments, stdin=None):
        home = self.folder / "home"
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TENON_CACHE": str(self.folder / "cache"), "LC_ALL": "C.UTF-8"}
        done = subprocess.run([*program, *map(str, arguments)], capture_output=True, timeout=900, check=False, env=environment,
                              cwd=self.folder, input=stdin)
        return done.returncode, done.stdout, done.stderr

    def say(self, what, same, detail=""):
        if same:
            self.equal += 1
        else:
            self.different += 1
            print(f"differs: {what}\n{detail}")

    def json(self, what, *arguments, stdin=None):
        answers = []
        for program in (self.ours, self.release):
            code, out, err = self.run(program, *arguments, "--json", stdin=stdin)
            try:
                answers.append((code, plain(json.loads(out), self.ours[-1], self.release[-1])))
            except ValueError:
                answers.append((code, out, err))
        self.say(what, answers[0] == answers[1] and len(answers[0]) == 2, "\n".join(str(one)[:1500] for one in answers))
        return answers[1]

    def text(self, what, *arguments):
        answers = [self.run(program, *arguments)[:2] for program in (self.ours, self.release)]
        self.say(what, answers[0] == answers[1] and answers[0][1] != b"", f"{answers[0]}\n{answers[1]}"[:3000])

    # The same file, signed by both, byte by byte.
    def signed(self, what, file, *options):
        results = []
        for number, program in enumerate((self.ours, self.release)):
            place = self.folder / f"signed-{number}" / file.name
            shutil.rmtree(place.parent, ignore_errors=True)
            place.parent.mkdir()
            (shutil.copytree if file.is_dir() else shutil.copy2)(file, place)
            code, out, err = self.run(program, "sign", place, *options)
            if code != 0:
                self.say(what, False, f"{program}: {code} {(out + err).decode(errors='replace')}")
                return None
            results.append({path.relative_to(place): path.read_bytes()
                            for path in sorted([place, *place.rglob("*")]) if path.is_file()})
        self.say(what, results[0] == results[1], "bytes")
        return place


def identity(folder):
    """A root and a leaf for code signing, as PKCS#12 with today's and with Keychain's old encryption, for RSA and EC."""
    out = []
    (folder / "ext").write_text("[leaf]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,codeSigning\n")
    for kind, key in (("rsa", ["-newkey", "rsa:2048"]), ("ec", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])):
        must("openssl", "req", "-x509", *key, "-nodes", "-keyout", f"{kind}.root.key", "-out", f"{kind}.root.pem", "-days", "30",
             "-subj", "/CN=Comparison Root", cwd=folder)
        must("openssl", "req", *key, "-nodes", "-keyout", f"{kind}.key", "-out", f"{kind}.csr",
             "-subj", "/CN=Developer ID Application: Comparison (TEAM123456)/OU=TEAM123456/O=Comparison", cwd=folder)
        must("openssl", "x509", "-req", "-in", f"{kind}.csr", "-CA", f"{kind}.root.pem", "-CAkey", f"{kind}.root.key", "-days", "30",
             "-extfile", "ext", "-extensions", "leaf", "-out", f"{kind}.pem", cwd=folder)
        for name, more in (("new", []), ("legacy", ["-legacy"])):
            must("openssl", "pkcs12", "-export", *more, "-inkey", f"{kind}.key", "-in", f"{kind}.pem", "-certfile",
                 f"{kind}.root.pem", "-passout", "pass:secret", "-out", f"{kind}.{name}.p12", cwd=folder)
            out.append((f"{kind} {name}", folder / f"{kind}.{name}.p12", folder / f"{kind}.root.pem"))
    return out


def programs(folder):
    source = folder / "src"
    source.mkdir()
    (source / "go.mod").write_text("module example.com/p\n\ngo 1.21\n")
    (source / "main.go").write_text('package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n')
    out = {}
    for system, processor in (("darwin", "arm64"), ("darwin", "amd64"), ("linux", "arm64"), ("windows", "amd64")):
        out[f"{system}-{processor}"] = folder / f"p-{system}-{processor}"
        must("go", "build", "-o", out[f"{system}-{processor}"], ".", cwd=source,
             env={**os.environ, "GOOS": system, "GOARCH": processor, "CGO_ENABLED": "0"})
    return out


def bundle(folder, program):
    app = folder / "P.app"
    (app / "Contents/MacOS").mkdir(parents=True)
    (app / "Contents/Resources").mkdir()
    shutil.copy2(program, app / "Contents/MacOS/P")
    (app / "Contents/Resources/text").write_text("text\n")
    (app / "Contents/Info.plist").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>CFBundleExecutable</key><string>P</string>'
        "<key>CFBundleIdentifier</key><string>com.example.p</string><key>CFBundlePackageType</key><string>APPL</string>"
        "</dict></plist>\n")
    return app


def samples():
    for file in sorted((ROOT / "src/diagnose/causes").glob("*.toml")):
        for cause in tomllib.loads(file.read_text()).get("cause", []):
            for number, sample in enumerate(cause.get("sample", [])):
                if "log" in sample:
                    yield f"{cause['slug']} {number}", sample["log"]


def compare_signatures(run, folder, made):
    for name in ("darwin-arm64", "darwin-amd64"):
        run.signed(f"sign ad-hoc {name}", made[name])
        run.signed(f"sign runtime {name}", made[name], "--runtime", "--identifier", "com.example.p")
    app = bundle(folder, made["darwin-arm64"])
    run.signed("sign ad-hoc bundle", app)
    password = folder / "password"
    password.write_text("secret")
    for what, p12, root in identity(folder):
        for kind, file in (("file", made["darwin-arm64"]), ("bundle", app)):
            signed = []
            for number, program in enumerate((run.ours, run.release)):
                place = folder / f"identity-{number}" / file.name
                shutil.rmtree(place.parent, ignore_errors=True)
                place.parent.mkdir()
                (shutil.copytree if file.is_dir() else shutil.copy2)(file, place)
                code, out, err = run.run(program, "sign", place, "--identity", p12, "--password-file", password,
                                         "--runtime", "--no-timestamp")
                if code != 0:
                    run.say(f"sign {what} {kind}", False, f"{program}: {code} {(out + err).decode(errors='replace')}")
                    break
                signed.append(place)
            for place in signed:  # each reads what the other wrote
                run.json(f"verify {what} {kind} {place.parent.name}", "verify", place)
                run.json(f"verify {what} {kind} {place.parent.name}, own root", "verify", place, "--trust-root", root)
                broken = folder / "broken"
                shutil.rmtree(broken, ignore_errors=True)
                (shutil.copytree(place, broken) if place.is_dir() else shutil.copy2(place, broken))
                target = broken / "Contents/MacOS/P" if broken.is_dir() else broken
                data = bytearray(target.read_bytes())
                data[len(data) // 2] ^= 1
                target.write_bytes(data)
                run.json(f"verify {what} {kind} {place.parent.name}, broken", "verify", broken)
                shutil.rmtree(broken) if broken.is_dir() else broken.unlink()


def compare_readers(run, folder, made):
    files = [*made.values(), Path(sys.executable).resolve(), *sorted(Path("/usr/lib/x86_64-linux-gnu").glob("*.a"))[:25],
             *sorted(Path("/usr/lib/x86_64-linux-gnu").glob("*.so*"))[:60], Path(run.ours[-1]), Path(run.release[-1])]
    packed = folder / "packed.o"  # a compressed debug section
    (folder / "packed.c").write_text("int f(int x) { return x + 1; }\n")
    must("cc", "-g", "-gz=zlib", "-c", "-o", packed, folder / "packed.c")
    for file in [*files, packed]:
        run.json(f"inspect {file}", "inspect", file)
    for file in [*made.values(), packed]:
        for option in ("--size", "--symbols", "--cgo"):
            run.text(f"inspect {option} {file}", "inspect", option, file)
    for what, text in samples():
        run.json(f"explain {what}", "explain", "-", stdin=text.encode())
    for page in ("rules", "causes", "flags", "stubs", "targets"):
        run.text(f"docs {page}", "docs", page)
    run.text("man", "man")
    run.json("notarize --lint", "notarize", "--lint", made["darwin-arm64"])


def compare_headers(run, folder):
    """A program with CoreFoundation: the release has nothing beside it, so its headers come out of itself."""
    source = folder / "cf.c"
    source.write_text("#include <CoreFoundation/CoreFoundation.h>\nlong f(void) { return CFStringGetLength(CFSTR(\"x\")); }\n")
    lone = folder / "alone"
    lone.mkdir()
    shutil.copy2(run.release[-1], lone / "tenon")
    objects = []
    for program in (run.ours, [*run.release[:-1], str(lone / "tenon")]):
        code, out, err = run.run(program, "cc", "--target", "darwin/arm64", "-c", "-O1", "-o", f"cf-{len(objects)}.o", source)
        if code != 0:
            run.say("cc with CoreFoundation", False, f"{program}: {code} {(out + err).decode(errors='replace')}")
            return
        objects.append((folder / f"cf-{len(objects)}.o").read_bytes())
    run.say("cc with CoreFoundation: the same object", objects[0] == objects[1], "bytes")
    unpacked = list((folder / "cache").glob("macos-headers-*/include/Cocoa"))
    run.say("the headers of the release are unpacked", len(unpacked) == 1, str(unpacked))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ours", required=True)
    parser.add_argument("--release", required=True)
    parser.add_argument("--prefix", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenon-compare-") as place:
        folder = Path(place)
        (folder / "home").mkdir()
        (folder / "cache").mkdir(mode=0o700)
        run = Comparison([str(Path(options.ours).resolve())],
                         [*options.prefix.split(), str(Path(options.release).resolve())], folder)
        made = programs(folder)
        compare_signatures(run, folder, made)
        compare_readers(run, folder, made)
        if not options.prefix:
            compare_headers(run, folder)
    print(f"{run.equal} equal, {run.different} different")
    return 1 if run.different or not run.equal else 0


if __name__ == "__main__":
    sys.exit(main())
