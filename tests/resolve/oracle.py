"""Go's own answers: programs built from the installed Go, asked for the order of many names.

Two kinds. Plain programs, run with an /etc of their own in a namespace, answer for Linux. The overlay
program is built from the same net sources with paths, GOOS, build tags and host name turned into look-ups in
the environment; it needs no privilege and answers for every GOOS. Everything is derived at test time.
"""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

MAIN = '''package main

import (
	"context"
	"net"
	"os"
)

func main() {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range os.Args[1:] {
		net.DefaultResolver.LookupHost(gone, name)
	}
}
'''

EXPORT = '''package net

// OracleOrder is what hostLookupOrder answers.
func OracleOrder(name string, preferGo, dial bool) string {
	r := &Resolver{PreferGo: preferGo}
	if dial {
		r.Dial = (&Dialer{}).DialContext
	}
	order, _ := systemConf().hostLookupOrder(r, name)
	return order.String()
}

func oracleEnv(name string) string { return oracleGetenv("ORACLE_" + name) }
'''

OVERLAY_MAIN = '''package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	for _, name := range os.Args[1:] {
		fmt.Println(net.OracleOrder(name, os.Getenv("ORACLE_PREFERGO") == "1", os.Getenv("ORACLE_DIAL") == "1"))
	}
}
'''

MODES = {
    "cgo": {"cgo": "1"},
    "nocgo": {"cgo": "0"},
    "netgo": {"cgo": "1", "tags": "netgo"},
    "netcgo": {"cgo": "1", "tags": "netcgo"},
    "debug-go": {"cgo": "1", "debug": "netdns=go"},
    "debug-cgo": {"cgo": "1", "debug": "netdns=cgo"},
}


class NoGo(Exception):
    """There is no Go, or it cannot build."""


def go_environment(toolchain=None):
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith(("GO", "CGO", "RES_", "LOCALDOMAIN", "HOSTALIASES"))}
    for key in ("GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY", "GOSUMDB", "GONOSUMDB", "GOFLAGS"):
        if key in os.environ and key != "GOFLAGS":
            environment[key] = os.environ[key]
    environment["GOTOOLCHAIN"] = toolchain or "local"
    return environment


def go(arguments, folder, toolchain=None, extra=None, program=None):
    program = program or shutil.which("go")
    if program is None:
        raise NoGo("no go command")
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, timeout=900,
                          env={**go_environment(toolchain), **(extra or {})})
    if done.returncode:
        raise NoGo(f"go {' '.join(arguments)}: {done.stderr[-2000:]}")
    return done.stdout


def go_version(folder, toolchain=None):
    """"1.26" of "go version go1.26.8 linux/amd64"."""
    return re.search(r"go(1\.\d+)", go(["version"], folder, toolchain))[1]


def write_module(folder, main, version):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "go.mod").write_text(f"module oracle\n\ngo {version}\n")
    (folder / "main.go").write_text(main)


def build_plain(work, toolchain=None):
    """Mode -> program."""
    out = {}
    version = go_version(work, toolchain)
    for mode, how in MODES.items():
        folder = work / f"plain-{mode}"
        main = MAIN if "debug" not in how else f"//go:debug {how['debug']}\n{MAIN}"
        write_module(folder, main, version)
        go(["build", "-tags", how.get("tags", ""), "-o", "oracle", "."], folder, toolchain,
           {"CGO_ENABLED": how["cgo"]})
        out[mode] = folder / "oracle"
    return out


def edited_sources(source):
    """File name -> text of the net sources with the machine turned into the environment."""
    out = {}
    for path in sorted(source.glob("*.go")):
        if path.name.endswith("_test.go"):
            continue
        old = text = path.read_text()
        for literal, key in (("/etc/resolv.conf", "RESOLV"), ("/etc/nsswitch.conf", "NSSWITCH"),
                             ("/etc/mdns.allow", "MDNS")):
            text = text.replace(f'"{literal}"', f'oracleEnv("{key}")')
        # It was a constant.
        text = text.replace('const (\n\tnssConfigPath = oracleEnv("NSSWITCH")\n)',
                            'var nssConfigPath = oracleEnv("NSSWITCH")')
        text = text.replace("const cgoAvailable = false", 'var cgoAvailable = oracleEnv("CGO") == "1"')
        text = text.replace("const netGoBuildTag = false", 'var netGoBuildTag = oracleEnv("NETGO") == "1"')
        text = text.replace("const netCgoBuildTag = false", 'var netCgoBuildTag = oracleEnv("NETCGO") == "1"')
        text = re.sub(r"(\bgetHostname) += os\.Hostname",
                      r'\1 = func() (string, error) { _ = os.Hostname; return oracleEnv("HOSTNAME"), nil }', text)
        if path.name == "conf.go":
            text = text.replace("runtime.GOOS", 'oracleEnv("GOOS")')
            text = text.replace('\t"runtime"\n', "")
        if text != old:
            out[path.name] = text
    return out


def build_overlay(work, toolchain=None):
    folder = work / "overlay"
    write_module(folder, OVERLAY_MAIN, go_version(work, toolchain))
    # Through a link: go refuses to overlay files of the module cache, where toolchains are fetched to.
    root = folder / "goroot"
    root.unlink(missing_ok=True)
    root.symlink_to(go(["env", "GOROOT"], folder, toolchain).strip())
    source = root / "src/net"
    replace = {}
    export = EXPORT + "\nvar oracleGetenv = os.Getenv\n"
    files = {**edited_sources(source), "oracle_export.go": export.replace("package net\n", 'package net\n\nimport "os"\n')}
    for name, text in files.items():
        copy = folder / "net" / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(text)
        replace[str(source / name)] = str(copy)
    (folder / "overlay.json").write_text(json.dumps({"Replace": replace}))
    go(["build", "-overlay", "overlay.json", "-o", "oracle", "."], folder, None,
       {"CGO_ENABLED": "0", "GOROOT": str(root)}, root / "bin/go")
    return folder / "oracle"


ORDER = re.compile(rb"go package net: hostLookupOrder\((.*)\) = ([a-z,]+)$", re.M)


def plain_orders(program, names, environment, godebug, **how):
    """The orders that Go prints, and all its lines."""
    done = subprocess.run([program, *names], env={**environment, "GODEBUG": godebug},
                          capture_output=True, timeout=20, **how)
    found = {name.decode("utf-8", "surrogateescape"): order.decode() for name, order in ORDER.findall(done.stderr)}
    return found, done.stderr
