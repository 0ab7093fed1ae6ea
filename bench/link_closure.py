#!/usr/bin/env python3
"""Links 13 real programs and every module of an arm64 sysroot in four ways, and counts.

  A  gcc -static and the words of `pkgconf --static --libs`
  F  the same words between -Wl,-Bstatic and -Wl,-Bdynamic
  R  tenon link --mode static, with -static
  H  tenon link --mode hybrid

The sysroot is made by `tenon sysroot` from public packages of Debian 12. Programs that link run
under qemu-aarch64-static where that is installed. The wide check links each module's own archive
whole, so that the references of all its members count.

usage: link_closure.py [--tenon FILE] [--sysroot DIR] [--work DIR] [--programs] [--wide]
                       [--drivers gcc,g++,zig] [--only NAME] [--no-muldefs] [--json FILE]
"""
import argparse
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import struct
import subprocess
import tempfile
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRIPLET = "aarch64-linux-gnu"
NAME = "debian:12/arm64"
BASE = ("libsqlite3-dev libssl-dev libxml2-dev libgit2-dev libcurl4-openssl-dev librdkafka-dev "
        "libzmq3-dev libpq-dev libpcap-dev libusb-1.0-0-dev libsdl2-dev libvips-dev "
        "libgtk-3-dev").split()
# What brings archives that the .pc files above name and whose packages they do not depend on.
EXTRA = ("libnghttp2-dev libidn2-dev libunistring-dev librtmp-dev libpsl-dev libldap-dev liblz4-dev "
         "libsasl2-dev postgresql-server-dev-15").split()

# Parts of the C library, which is never taken whole.
LIBC = {"c", "m", "dl", "pthread", "rt", "util", "resolv"}

# module -> (program, whether it may run without a network, a display or a device)
PROGRAMS = {
    "sqlite3": (r"""
#include <sqlite3.h>
#include <stdio.h>
static int row(void *n, int c, char **v, char **k) { (void)c; (void)k; *(int *)n = v[0][0] - '0'; return 0; }
int main(void) {
  sqlite3 *db; int n = 0;
  if (sqlite3_open(":memory:", &db) != SQLITE_OK) return 1;
  if (sqlite3_exec(db, "create table t(a); insert into t values(3); select a from t", row, &n, 0)) return 2;
  sqlite3_close(db);
  return n == 3 ? 0 : 3;
}""", True),
    "openssl": (r"""
#include <openssl/ssl.h>
#include <openssl/evp.h>
int main(void) {
  SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
  if (!ctx) return 1;
  SSL *ssl = SSL_new(ctx);
  if (!ssl) return 2;
  BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl, in, out);
  int r = SSL_connect(ssl);
  int ok = r < 0 && SSL_get_error(ssl, r) == SSL_ERROR_WANT_READ && BIO_ctrl_pending(out) > 0;
  SSL_free(ssl); SSL_CTX_free(ctx);
  return ok ? 0 : 3;
}""", True),
    "libxml-2.0": (r"""
#include <libxml/parser.h>
#include <string.h>
int main(void) {
  const char *text = "<?xml version='1.0' encoding='ISO-8859-15'?><a><b>x</b></a>";
  xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), "x.xml", NULL, 0);
  if (!doc) return 1;
  xmlDocPtr none = xmlReadFile("/nonexistent.xml", NULL, XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  xmlFreeDoc(doc);
  return none ? 2 : 0;
}""", True),
    "libgit2": (r"""
#include <git2.h>
int main(void) {
  git_repository *repo = NULL;
  if (git_libgit2_init() < 1) return 1;
  int r = git_clone(&repo, "file:///nonexistent-source", "/tmp/nonexistent-clone", NULL);
  git_libgit2_shutdown();
  return r < 0 ? 0 : 2;
}""", True),
    "libcurl": (r"""
#include <curl/curl.h>
int main(void) {
  CURL *c = curl_easy_init();
  if (!c) return 1;
  curl_easy_setopt(c, CURLOPT_URL, "http://127.0.0.1:1/");
  CURLcode r = curl_easy_perform(c);
  curl_easy_cleanup(c);
  return r == CURLE_COULDNT_CONNECT ? 0 : 2;
}""", True),
    "rdkafka": (r"""
#include <librdkafka/rdkafka.h>
int main(void) {
  char text[512];
  rd_kafka_t *k = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), text, sizeof text);
  if (!k) return 1;
  rd_kafka_destroy(k);
  return 0;
}""", True),
    "libzmq": (r"""
#include <zmq.h>
#include <string.h>
int main(void) {
  void *ctx = zmq_ctx_new(), *a = zmq_socket(ctx, ZMQ_PAIR), *b = zmq_socket(ctx, ZMQ_PAIR);
  char text[8] = "";
  if (zmq_bind(a, "inproc://x") || zmq_connect(b, "inproc://x")) return 1;
  zmq_send(a, "hi", 2, 0);
  if (zmq_recv(b, text, 8, 0) != 2 || memcmp(text, "hi", 2)) return 2;
  zmq_close(a); zmq_close(b); zmq_ctx_term(ctx);
  return 0;
}""", True),
    "libpq": (r"""
#include <libpq-fe.h>
int main(void) {
  PGconn *c = PQconnectdb("host=127.0.0.1 port=1 connect_timeout=2");
  int bad = PQstatus(c) == CONNECTION_BAD;
  PQfinish(c);
  return bad ? 0 : 1;
}""", True),
    "libpcap": (r"""
#include <pcap/pcap.h>
int main(void) {
  char text[PCAP_ERRBUF_SIZE];
  pcap_t *p = pcap_open_live("nonexistent0", 100, 0, 10, text);
  struct bpf_program code;
  pcap_t *dead = pcap_open_dead(DLT_EN10MB, 100);
  int r = pcap_compile(dead, &code, "tcp port 80", 1, 0);
  return !p && r == 0 ? 0 : 1;
}""", True),
    "libusb-1.0": (r"""
#include <libusb.h>
int main(void) {
  libusb_context *ctx = NULL;
  int r = libusb_init(&ctx);
  if (r == 0) libusb_exit(ctx);
  return 0;
}""", True),
    "sdl2": (r"""
#define SDL_MAIN_HANDLED
#include <SDL.h>
int main(void) {
  SDL_SetMainReady();
  SDL_setenv("SDL_VIDEODRIVER", "dummy", 1);
  if (SDL_Init(SDL_INIT_VIDEO)) return 1;
  SDL_Window *w = SDL_CreateWindow("x", 0, 0, 10, 10, 0);
  SDL_Quit();
  return w ? 0 : 2;
}""", True),
    "vips": (r"""
#include <vips/vips.h>
int main(void) {
  if (VIPS_INIT("x")) return 1;
  VipsImage *image = vips_image_new_from_file("/nonexistent.png", NULL);
  vips_shutdown();
  return image ? 2 : 0;
}""", True),
    "gtk+-3.0": (r"""
#include <gtk/gtk.h>
int main(int argc, char **argv) {
  if (argc > 5) gtk_init(&argc, &argv);
  return gtk_get_major_version() == 3 ? 0 : 1;
}""", True),
}


def run(argv, **more):
    return subprocess.run([str(a) for a in argv], capture_output=True, text=True, errors="replace", **more)


def needed_of(path):
    """DT_NEEDED of a 64-bit little-endian ELF file, by its section of that name."""
    data = path.read_bytes()
    if data[:4] != b"\x7fELF":
        return []
    shoff, = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    heads = [struct.unpack_from("<IIQQQQIIQQ", data, shoff + i * size) for i in range(count)]
    out = []
    for head in heads:
        if head[1] != 6:  # SHT_DYNAMIC
            continue
        strings = heads[head[6]][4]
        for at in range(head[4], head[4] + head[5], 16):
            tag, value = struct.unpack_from("<qQ", data, at)
            if tag == 1:
                end = data.index(b"\0", strings + value)
                out.append(data[strings + value:end].decode())
    return out


class Bench:
    def __init__(self, options):
        self.o = options
        self.sysroot = Path(options.sysroot) if options.sysroot else None
        self.work = Path(options.work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.libs = None

    def make_sysroot(self):
        """The sysroot, and the modules that the base packages brought."""
        if self.sysroot:
            listed = self.sysroot / ".base-modules"
            return listed.read_text().split() if listed.is_file() else self.modules()
        made = self.work / "sysroot"
        base = self.work / "base-modules"
        for step, packages in (("base", BASE), ("extra", EXTRA)):
            more = ["--contents"] if step == "extra" else []
            done = run([self.o.tenon, "sysroot", NAME, *packages, "--output", made, *more])
            if done.returncode:
                sys.exit(f"tenon sysroot failed:\n{done.stdout}{done.stderr}")
            self.sysroot = made
            if step == "base" and not base.is_file():
                base.write_text("\n".join(self.modules()))
        return base.read_text().split()

    def folders(self):
        return [self.sysroot / "usr/lib" / TRIPLET / "pkgconfig", self.sysroot / "usr/share/pkgconfig"]

    def modules(self):
        """Each .pc file once; a link is another name of one."""
        return sorted({p.stem for f in self.folders() for p in f.glob("*.pc") if not p.is_symlink()})

    def pkgconf(self, *arguments):
        env = {**os.environ, "PKG_CONFIG_LIBDIR": ":".join(map(str, self.folders())),
               "PKG_CONFIG_SYSROOT_DIR": str(self.sysroot)}
        env.pop("PKG_CONFIG_PATH", None)
        done = run(["pkgconf", *arguments], env=env)
        return shlex.split(done.stdout) if done.returncode == 0 else None

    def tenon(self, mode, module, objects=(), whole=(), driver="gcc"):
        argv = [self.o.tenon, "link", "--target", "linux/arm64:gnu", "--sysroot", self.sysroot,
                "--mode", mode, "--json"]
        argv += [f"--object={o}" for o in objects] + [f"--whole={w}" for w in whole]
        if self.o.muldefs and driver != "zig":  # zig refuses --allow-multiple-definition
            argv.append("--duplicates")
        if driver == "zig":
            argv.append("--linker=zig")
        argv.append(module)
        done = run(argv)
        if done.returncode not in (0, 1) or not done.stdout:
            return None, done.stderr + done.stdout[-500:]
        data = json.loads(done.stdout)["data"]
        if "flags" not in data:
            return None, done.stdout[-500:]
        words = [w for flag in data["flags"] for w in flag["words"]]
        return words, data

    def driver(self, name):
        if name == "zig":
            return ["zig", "cc", "-target", "aarch64-linux-gnu.2.36", "-Wno-unused-command-line-argument"]
        return [f"{TRIPLET}-{name}", f"--sysroot={self.sysroot}"]

    def link(self, driver, words, out):
        argv = self.driver(driver)
        if self.o.muldefs and driver != "zig":
            argv.append("-Wl,--allow-multiple-definition")
        done = run([*argv, "-o", out, *words], timeout=300)
        return done.returncode == 0, done.stderr

    def way(self, way, driver, module, inputs, objects=(), whole=()):
        """Links one module in one way: (ok, output of the linker, data of tenon)."""
        safe = re.sub(r"\W", "_", f"{module}.{way}.{driver}")
        out = self.work / "out" / safe
        out.parent.mkdir(exist_ok=True)
        data = None
        if way in "AF":
            words = self.pkgconf("--static", "--libs", module)
            if words is None:
                return False, "pkgconf fails", None, out
            if way == "A":
                words = ["-static", *inputs, *words]
            else:
                words = [*inputs, "-Wl,-Bstatic", *words, "-Wl,-Bdynamic"]
        else:
            words, data = self.tenon("static" if way == "R" else "hybrid", module, objects, whole, driver)
            if words is None:
                return False, data, None, out
            words = [*(["-static"] if way == "R" else []), *inputs, *words]
        ok, text = self.link(driver, words, out)
        return ok, text, data, out

    def runtime(self, out):
        """The shared libraries that a program loads, by DT_NEEDED; the loader is not counted."""
        if self.libs is None:
            self.libs = {}
            for folder in (self.sysroot / "usr/lib" / TRIPLET, self.sysroot / "usr/lib"):
                for path in sorted(folder.rglob("*.so*")):
                    if path.is_file():
                        self.libs.setdefault(path.name, path)
        seen, todo = set(), needed_of(out)
        while todo:
            name = todo.pop()
            if name in seen or name.startswith("ld-"):
                continue
            seen.add(name)
            if name in self.libs:
                todo += needed_of(self.libs[name])
        return sorted(seen)

    def qemu(self, out):
        program = shutil.which("qemu-aarch64-static")
        if not program:
            return "-"
        try:
            done = run([program, "-L", self.sysroot, out], timeout=60)
            return "runs" if done.returncode == 0 else f"exit {done.returncode}: {done.stderr[-150:]}"
        except subprocess.TimeoutExpired:
            return "timed out"

    def program(self, module):
        source, runs = PROGRAMS[module]
        safe = re.sub(r"\W", "_", module)
        c, o = self.work / f"{safe}.c", self.work / f"{safe}.o"
        c.write_text(source)
        cflags = self.pkgconf("--cflags", module) or []
        done = run([f"{TRIPLET}-gcc", f"--sysroot={self.sysroot}", "-c", c, "-o", o, *cflags])
        if done.returncode:
            return module, {"error": done.stderr[-2000:]}
        row = {}
        for driver in self.o.drivers:
            for way in "AFRH":
                if driver == "zig" and way in "AFR":
                    continue  # zig has no static glibc
                ok, text, data, out = self.way(way, driver, module, [o], objects=[o])
                cell = {"ok": ok}
                if not ok:
                    cell["error"] = short(text)
                elif runs:
                    cell["runs"] = self.qemu(out)
                if data:
                    cell["shared"] = left_shared(data)
                    cell["absent"] = {x["name"]: x["package"] for x in data["absent"] if x["needed"]}
                    cell["seconds"] = {k: v / 1e6 for k, v in data["times"].items()}
                if ok and way == "H":
                    cell["runtime"] = self.runtime(out)
                row[f"{way} {driver}"] = cell
        words = self.pkgconf("--libs", module)
        dynamic = self.work / "out" / f"{safe}.dynamic"
        ok, _ = self.link("gcc", [o, *words], dynamic)
        row["dynamic"] = self.runtime(dynamic) if ok else None
        return module, row

    def own_archives(self, module):
        """The -l of the module's own Libs with an archive; None without any -l."""
        words = self.pkgconf("--libs", "--maximum-traverse-depth=2", module)
        names = [w[2:] for w in words or [] if w.startswith("-l") and w[2:] not in LIBC]
        if not names:
            return None
        folders = [self.sysroot / "usr/lib" / TRIPLET, self.sysroot / "usr/lib"]
        folders += [Path(w[2:]) for w in words if w.startswith("-L")]
        return [(n, f / f"lib{n}.a") for n in dict.fromkeys(names)
                for f in folders[:1] if (f / f"lib{n}.a").is_file()]

    def wide(self, module):
        own = self.own_archives(module)
        if own is None:
            return module, "no -l"
        if not own:
            return module, "no archive"
        main = self.work / "main.o"
        inputs = [main, "-Wl,--whole-archive", *[p for _, p in own], "-Wl,--no-whole-archive"]
        row = {}
        for driver in self.o.drivers:
            for way in "AFRH":
                if driver == "zig" and way != "H":
                    continue
                ok, text, data, out = self.way(way, driver, module, inputs, whole=[n for n, _ in own])
                row[f"{way} {driver}"] = {"ok": ok, "error": "" if ok else short(text)}
                if data:
                    row[f"{way} {driver}"]["shared"] = left_shared(data)
                out.unlink(missing_ok=True)
        return module, row


def left_shared(data):
    """Shared libraries of the line, without the C library's own."""
    return [x["file"] for x in data["shared"]
            if not re.match(r"(lib(c|m|dl|pthread|rt|util|resolv|gcc_s)|ld-[a-z0-9-]+)\.so", x["file"])]


def short(text):
    lines = [line for line in str(text).splitlines() if not re.search(r"warning:|in function", line)]
    return "\n".join(lines[:6])[-900:]


def programs_table(bench, names):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        rows = dict(pool.map(bench.program, names))
    ways = [f"{w} {d}" for d in bench.o.drivers for w in "AFRH" if not (d == "zig" and w != "H")]
    print("module".ljust(14), *[w.ljust(6) for w in ways], "run-time libraries  left shared")
    sums = dict.fromkeys(ways, 0)
    for module, row in rows.items():
        if "error" in row:
            print(module.ljust(14), row["error"])
            continue
        cells = []
        for way in ways:
            sums[way] += row[way]["ok"]
            cells.append(("ok" if row[way]["ok"] else "no") +
                         ("" if row[way].get("runs", "runs") in ("runs", "-") else "*"))
        hybrid = row[ways[-1] if "H gcc" not in row else "H gcc"]
        count = f"{len(row['dynamic'] or [])} -> {len(hybrid.get('runtime', []))}"
        print(module.ljust(14), *[c.ljust(6) for c in cells], count.ljust(18), " ".join(hybrid.get("shared", [])))
        for way in ways:
            if row[way].get("runs", "runs") not in ("runs", "-"):
                print(f"    {way}: {row[way]['runs']}")
            if not row[way]["ok"] and way[0] in "RH" and bench.o.verbose:
                print(f"    {way}: {row[way]['error']}")
    print("sum".ljust(14), *[f"{sums[w]}/{len(rows)}".ljust(6) for w in ways])
    return rows


def wide_table(bench, names):
    main = bench.work / "main.c"
    main.write_text("int main(void) { return 0; }\n")
    run([f"{TRIPLET}-gcc", f"--sysroot={bench.sysroot}", "-c", main, "-o", bench.work / "main.o"])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        rows = dict(pool.map(bench.wide, names))
    tested = {m: r for m, r in rows.items() if isinstance(r, dict)}
    print(f"{len(rows)} modules: {sum(r == 'no -l' for r in rows.values())} without -l,",
          f"{sum(r == 'no archive' for r in rows.values())} without an archive of their own,",
          f"{len(tested)} testable")
    ways = next(iter(tested.values())).keys() if tested else []
    for way in ways:
        bad = [m for m, r in tested.items() if not r[way]["ok"]]
        print(f"{way.ljust(6)} {len(tested) - len(bad)}/{len(tested)}", "" if way[0] in "AF" else "not: " + " ".join(bad))
        for module in bad if way[0] in "RH" and bench.o.verbose else ():
            print(f"    {module}: {tested[module][way]['error']}")
    for driver in bench.o.drivers:
        if f"A {driver}" in ways:
            lost = [m for m, r in tested.items() if r[f"A {driver}"]["ok"] and not r[f"R {driver}"]["ok"]]
            print(f"regressions of R against A ({driver}): {len(lost)}", " ".join(lost))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON", str(ROOT / "build/dev/tenon")))
    parser.add_argument("--sysroot")
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "tenon-link-closure"))
    parser.add_argument("--programs", action="store_true")
    parser.add_argument("--wide", action="store_true")
    parser.add_argument("--drivers", default="gcc,g++", type=lambda t: t.split(","))
    parser.add_argument("--only", action="append")
    parser.add_argument("--no-muldefs", dest="muldefs", action="store_false",
                        help="without -Wl,--allow-multiple-definition, which all ways get otherwise")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--json")
    bench = Bench(parser.parse_args())
    base = bench.make_sysroot()
    out = {}
    if bench.o.programs or not bench.o.wide:
        out["programs"] = programs_table(bench, [m for m in PROGRAMS if not bench.o.only or m in bench.o.only])
    if bench.o.wide or not bench.o.programs:
        out["wide"] = wide_table(bench, [m for m in base if not bench.o.only or m in bench.o.only])
    if bench.o.json:
        Path(bench.o.json).write_text(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
