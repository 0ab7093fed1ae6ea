#!/usr/bin/env python3
"""tenon's own system headers for macOS: they compile alone and together, they reach what programs include,
and what they state agrees with the crates `libc` and `mach2` and Go's syscall package, which other people
keep.

TENON names the program, TENON_SOURCE the checkout. The crates are fetched once into TENON_TOOLS by cargo;
without it that part is skipped.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import macos_facts  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
SYSTEM = SOURCE / "share/macos-headers/system"
TOOLS = Path(os.environ.get("TENON_TOOLS", SOURCE / ".tools"))
HEADERS = sorted(str(path.relative_to(SYSTEM)) for path in SYSTEM.rglob("*.h"))
INSTALLED = Path(TENON).resolve().parent / "share/tenon/macos-headers"  # of a build
ARCHES = ("arm64", "amd64")
LANGUAGES = (("c",), ("c++",), ("objective-c",), ("objective-c++",), ("objective-c", "-fobjc-arc"),
             ("objective-c++", "-fobjc-arc"))
STRICT = ("-Wall", "-Wextra", "-Werror", "-fblocks")

# System headers that programs include and zig does not have all of; what an SDK has, they find here.
INCLUDED = """
AvailabilityMacros.h Block.h CommonCrypto/CommonCrypto.h CommonCrypto/CommonDigest.h MacTypes.h
TargetConditionals.h arpa/nameser.h asl.h bootstrap.h bsm/audit.h bsm/libbsm.h compression.h copyfile.h
dispatch/dispatch.h dns_sd.h editline/readline.h ffi/ffi.h histedit.h ifaddrs.h launch.h
libkern/OSAtomic.h libkern/OSByteOrder.h libproc.h libunwind.h mach-o/dyld.h mach-o/getsect.h
mach-o/loader.h mach/exc.h mach/mach.h mach/mach_time.h mach/mach_vm.h membership.h net/bpf.h
net/ethernet.h net/if_media.h net/if_types.h net/if_utun.h net/route.h netinet/icmp6.h netinet/if_ether.h
netinet/ip_icmp.h netinet/tcp_fsm.h netinet6/in6_var.h notify.h objc/NSObject.h objc/message.h
objc/objc-sync.h objc/objc.h objc/runtime.h os/activity.h os/lock.h os/log.h os/signpost.h
readpassphrase.h removefile.h resolv.h sandbox.h security/pam_appl.h servers/bootstrap.h spawn.h
sys/attr.h sys/clonefile.h sys/disk.h sys/event.h sys/kern_control.h sys/kern_event.h sys/mount.h
sys/proc_info.h sys/ptrace.h sys/quota.h sys/sys_domain.h sys/syscall.h sys/sysctl.h sys/vmmeter.h
sys/vsock.h sys/xattr.h sysdir.h util.h utmpx.h xpc/xpc.h
""".split()

# Of libraries that macOS ships and that are not Apple's, where the packages were installed at the build.
LIBRARIES = {"sqlite3": "sqlite3.h", "pcap": "pcap.h", "expat": "expat.h", "bz2": "bzlib.h", "ncurses": "curses.h",
             "xml2": "libxml/tree.h", "curl": "curl/curl.h"}

LIBRARY_FLAGS = ("-lcurl", "-lxml2", "-lncurses", "-lpanel", "-lbz2", "-lexpat", "-lsqlite3", "-lpcap", "-lffi", "-lpam")
LIBRARY_PROGRAM = """
#include <bzlib.h>
#include <curl/curl.h>
#include <expat.h>
#include <ffi/ffi.h>
#include <libxml/parser.h>
#include <panel.h>
#include <pcap.h>
#include <security/pam_appl.h>
#include <sqlite3.h>

int main(void) {
  CURL *handle = curl_easy_init();
  curl_easy_setopt(handle, CURLOPT_URL, "https://example.com");
  xmlInitParser();
  MEVENT event;
  if (initscr() == NULL || new_panel(stdscr) == NULL || getmouse(&event) != OK || getch() == ERR) return 1;
  char error[PCAP_ERRBUF_SIZE];
  ffi_cif call;
  if (pcap_open_live("en0", 1, 0, 0, error) == NULL) return 2;
  if (ffi_prep_cif(&call, FFI_DEFAULT_ABI, 0, &ffi_type_void, NULL) != FFI_OK) return 3;
  if (sqlite3_threadsafe() == 0 || BZ2_bzlibVersion() == NULL || XML_ParserCreate(NULL) == NULL) return 4;
  return pam_end(NULL, PAM_SUCCESS) + endwin();
}
"""


def has_clang():
    return any(shutil.which(f"clang-{version}") for version in range(16, 24)) or shutil.which("clang")


def compile_text(folder, name, text, arch, *flags, language="c", engine="zig", include=True):
    """The messages of a compile; empty when it is well."""
    path = Path(folder) / f"{name}.{'mm' if language.endswith('++') else 'm'}"
    path.write_text(text)
    command = [TENON, "c++" if language.endswith("++") else "cc", "--target", f"darwin/{arch}", "--engine", engine]
    # Before zig's own headers they are no system headers, and every warning shows.
    command += (["-I", str(SYSTEM)] if include else []) + ["-x", language, *flags, "-fsyntax-only", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done.stderr if done.returncode != 0 or "warning:" in done.stderr else ""


def includes(headers):
    return "".join(f"#include <{header}>\n" for header in headers) + "int tenon_one;\n"


class Compiles(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="tenon-headers-")
        self.addCleanup(shutil.rmtree, self.folder)

    def check(self, jobs):
        with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            messages = list(pool.map(lambda job: compile_text(self.folder, *job[0], **job[1]), jobs))
        self.assertEqual([text[:400] for text in messages if text], [])

    def test_each_header_alone(self):
        engine = "clang" if has_clang() else "zig"
        self.check([((f"{header.replace('/', '_')}-{arch}-{'-'.join(language)}", includes([header]), arch,
                      *language[1:], *STRICT), {"language": language[0], "engine": engine})
                    for header in HEADERS for arch in ARCHES for language in LANGUAGES])

    def test_all_headers_together_in_both_orders(self):
        engines = ("clang", "zig") if has_clang() else ("zig",)
        self.check([((f"all-{engine}-{arch}-{'-'.join(language)}-{order}", includes(HEADERS[::order]), arch,
                      *language[1:], *STRICT), {"language": language[0], "engine": engine})
                    for engine in engines for arch in ARCHES for language in LANGUAGES for order in (1, -1)])

    def test_headers_that_programs_include_are_found(self):
        self.check([((f"found-{header.replace('/', '_')}-{arch}", includes([header]), arch),
                     {"language": "c", "include": False}) for header in INCLUDED for arch in ARCHES])

    def test_headers_of_libraries_that_are_not_apples(self):
        notes = INSTALLED / "THIRD-PARTY"
        if not notes.exists():
            raise unittest.SkipTest("no THIRD-PARTY beside tenon")
        self.assertEqual([line.split(":")[0] for line in notes.read_text().splitlines()], list(LIBRARIES))
        there = [line.split(":")[0] for line in notes.read_text().splitlines() if "left out" not in line]
        self.check([((f"library-{library}-{arch}-{language}", includes([LIBRARIES[library]]), arch),
                     {"language": language, "include": False})
                    for library in there for arch in ARCHES for language in ("c", "c++")])

    @unittest.skipUnless((INSTALLED / "include/curses.h").exists(), "no headers of libraries")
    def test_a_program_that_uses_each_library_links(self):
        source = Path(self.folder) / "program.c"
        source.write_text(LIBRARY_PROGRAM)
        for arch in ARCHES:
            done = subprocess.run([TENON, "cc", "--target", f"darwin/{arch}", "-Wall", str(source), "-o",
                                   f"{self.folder}/program", *LIBRARY_FLAGS], capture_output=True, text=True,
                                  timeout=300)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless((INSTALLED / "include/pcap.h").exists(), "no pcap.h")
    def test_the_packet_filter_of_libpcap_and_of_macos_go_together(self):
        orders = (["net/bpf.h", "pcap.h"], ["pcap.h", "net/bpf.h"])
        self.check([((f"bpf-{index}", includes(order), "arm64"), {"include": False})
                    for index, order in enumerate(orders)])

    def test_no_header_stands_in_the_way_of_zigs(self):
        zig = subprocess.run([TENON, "cc", "--target", "darwin/arm64", "-E", "-v", "-x", "c", os.devnull],
                             capture_output=True, text=True, timeout=300).stderr
        folders = [Path(line.strip()) for line in zig.splitlines() if re.search(r"any-(macos|darwin)-any$", line)]
        self.assertTrue(folders, zig)
        self.assertEqual([header for header in HEADERS if any((f / header).exists() for f in folders)], [])


class Found(unittest.TestCase):
    """Where the headers are looked for, and what the options do."""

    SOURCE = ("#include <mach/mach.h>\n#include <mach/mach_vm.h>\n"
              "mach_vm_size_t size(mach_vm_size_t a) { return a; }\n")

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tenon-headers-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "a.c").write_text(self.SOURCE)
        self.environment = os.environ | {"TENON_CACHE": str(self.folder / "cache")}

    def cc(self, *arguments, program=TENON):
        return subprocess.run([program, "cc", "--target", "darwin/arm64", *map(str, arguments)], capture_output=True,
                              text=True, timeout=300, env=self.environment)

    def compile(self, *options, program=TENON):
        return self.cc(*options, "-g", "-c", self.folder / "a.c", "-o", self.folder / "a.o", program=program)

    def test_a_compile_finds_them_and_does_not_say_where(self):
        done = self.compile()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertNotIn(b"share/tenon", (self.folder / "a.o").read_bytes())

    def test_without_them(self):
        done = self.compile("--no-macos-headers")
        self.assertEqual(done.returncode, 1)
        self.assertIn("mach/mach_vm.h", done.stderr)

    def test_the_wrapper_names_them_and_turning_them_off_is_another_wrapper(self):
        wrappers = [self.cc(*options, "--print-wrapper").stdout.strip() for options in ((), ("--no-macos-headers",))]
        options = [Path(wrapper).with_name("options").read_text() for wrapper in wrappers]
        self.assertRegex(options[0], r"(?m)^--macos-headers=/.*/share/tenon/macos-headers$")
        self.assertIn("--no-macos-headers\n", options[1])
        self.assertNotIn("--macos-headers=", options[1])
        self.assertNotEqual(*wrappers)
        for wrapper, code in zip(wrappers, (0, 1)):
            done = subprocess.run([wrapper, "-c", self.folder / "a.c", "-o", self.folder / "b.o"], capture_output=True,
                                  text=True, timeout=300, env=self.environment)
            self.assertEqual(done.returncode, code, done.stderr)

    def test_a_program_without_its_directory_says_so_and_compiles_other_code(self):
        alone = self.folder / "bin/tenon"
        alone.parent.mkdir()
        shutil.copy(TENON, alone)
        done = self.cc("--print-wrapper", program=alone)
        self.assertEqual(done.returncode, 0)
        self.assertIn("TN0414", done.stderr)
        self.assertIn(f"{self.folder}/share/tenon/macos-headers", done.stderr)
        done = self.compile(program=alone)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("TN0414", done.stderr)
        (self.folder / "a.c").write_text("#include <mach/mach.h>\n")
        self.assertEqual(self.compile(program=alone).returncode, 0)

    def test_an_installed_program_finds_them_beside_its_folder(self):
        alone = self.folder / "bin/tenon"
        alone.parent.mkdir()
        shutil.copy(TENON, alone)
        include = self.folder / "share/tenon/macos-headers/include"
        shutil.copytree(SYSTEM, include)
        (include.parent / "VERSION").write_text("facts 1.0\n")
        self.assertEqual(self.compile(program=alone).returncode, 0)
        done = self.cc("-###", "-x", "c", "-c", "-", program=alone)
        self.assertIn("headers tenon's (facts 1.0), not Apple's", done.stdout)


class Links(unittest.TestCase):
    """What the headers declare is in libSystem of zig's stub, or in a library that tenon has a rule for."""

    LIBRARIES = ("-lresolv", "-lpam", "-lbsm", "-ledit", "-lffi", "-lcompression", "-lobjc")

    def link(self, text, arch, *flags):
        with tempfile.TemporaryDirectory(prefix="tenon-headers-") as folder:
            source = Path(folder) / "program.c"
            source.write_text(text)
            done = subprocess.run([TENON, "cc", "--target", f"darwin/{arch}", "-I", str(SYSTEM), *flags, str(source),
                                   "-o", str(Path(folder) / "program")], capture_output=True, text=True, timeout=300)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_every_function_that_is_declared(self):
        # Modules of PAM define pam_sm_...
        names = sorted(name for name in Declared().functions if not name.startswith("pam_sm_"))
        self.assertGreater(len(names), 400)
        table = ", ".join(f"(void *)&{name}" for name in names)
        for arch in ARCHES:
            with self.subTest(arch=arch):
                self.link(includes(HEADERS) + f"void *table[] = {{{table}}};\n"
                          "int main(void) { return table[0] == 0; }\n", arch, *self.LIBRARIES)

    def test_logging_and_the_resolver_as_programs_use_them(self):
        for arch in ARCHES:
            with self.subTest(arch=arch):
                self.link(PROGRAM, arch, "-Wall", "-Wextra", "-lresolv")

    def test_the_objective_c_runtime(self):
        for arch in ARCHES:
            with self.subTest(arch=arch):
                kind = "_Bool" if arch == "arm64" else "signed char"
                self.link(OBJECTIVE_C % kind, arch, "-x", "objective-c", "-Wall", "-Wextra", "-lobjc")

    def test_requests_of_the_kernel_have_the_numbers_that_programs_write_out(self):
        # In the sources of programs that cannot include the header: network tools in Go, disk utilities in Python.
        numbers = {"SIOCAIFADDR_IN6": 0x8080691A, "SIOCGIFAFLAG_IN6": 0xC1206949, "DKIOCGETBLOCKSIZE": 0x40046418,
                   "DKIOCGETBLOCKCOUNT": 0x40086419, "BIOCGETIF": 0x4020426B, "SIOCSKEVFILT": 0x800C6502,
                   "IOCTL_VM_SOCKETS_GET_LOCAL_CID": 0x400473D1}
        checks = "".join(f"_Static_assert((unsigned)({name}) == {number}u, \"{name}\");\n"
                         for name, number in numbers.items())
        for arch in ARCHES:
            with self.subTest(arch=arch):
                self.link(includes(HEADERS) + checks + "int main(void) { return 0; }\n", arch)

    def test_the_resolver_has_the_size_that_go_reserves(self):
        root = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True).stdout.strip()
        path = Path(root) / "src/internal/syscall/unix/net_darwin.go"
        if not path.is_file():
            raise unittest.SkipTest("no source of Go")
        words = re.search(r"type ResState struct \{\s+unexported \[(\d+)\]uintptr", path.read_text())[1]
        self.link(f"#include <resolv.h>\n_Static_assert(sizeof(struct __res_state) == {words} * sizeof(void *), "
                  "\"size\");\nint main(void) { return 0; }\n", "arm64")


PROGRAM = """
#include <arpa/nameser_compat.h>
#include <notify.h>
#include <os/log.h>
#include <os/signpost.h>
#include <resolv.h>

int main(int argc, char **argv) {
  os_log_t log = os_log_create("com.example", "test");
  os_log(log, "plain");
  os_log_error(OS_LOG_DEFAULT, "%{public}s %d", argv[0], argc);
  os_signpost_id_t id = os_signpost_id_generate(log);
  os_signpost_interval_begin(log, id, "work");
  os_signpost_interval_end(log, id, "work", "done %d", argc);
  struct __res_state state;
  if (res_ninit(&state) != 0) return 1;
  u_char answer[512];
  int size = res_nquery(&state, "example.com", C_IN, T_A, answer, sizeof answer);
  ns_msg message;
  if (size > 0 && ns_initparse(answer, size, &message) != 0) return 2;
  res_ndestroy(&state);
  return (int)notify_post("com.example.done");
}
"""

OBJECTIVE_C = """
#import <objc/NSObject.h>
#import <objc/message.h>
#import <objc/objc-exception.h>
#import <objc/objc-sync.h>
#import <objc/runtime.h>

_Static_assert(__builtin_types_compatible_p(BOOL, %s), "BOOL");
_Static_assert(sizeof(NSInteger) == 8 && sizeof(NSUInteger) == 8, "NSInteger");

@interface Thing : NSObject <NSObject>
@property(nonatomic) NSInteger number;
@end

@implementation Thing
@end

int main(void) {
  Class kind = objc_getClass("Thing");
  SEL name = sel_registerName("number");
  IMP found = class_getMethodImplementation(kind, name);
  id one = ((id (*)(id, SEL))objc_msgSend)((id)kind, sel_registerName("new"));
  @synchronized(one) {
    if (one == nil || kind == Nil || found == NULL || ![one respondsToSelector:name]) return NO;
  }
  return objc_sync_exit(one);
}
"""


class Declared:
    """The names that our headers define, by kind."""

    def __init__(self):
        self.constants, self.structures, self.functions, self.types = set(), set(), set(), set()
        for header in HEADERS:
            text = macos_facts.strip_comments((SYSTEM / header).read_text()).replace("\\\n", " ")
            self.constants |= set(re.findall(r"^#define (\w+)[ \t]+\S", text, re.M))
            for body in re.findall(r"\benum\b[^{};]*\{([^}]*)\}", text):
                self.constants |= set(re.findall(r"(\w+)\s*(?:=|,|$)", body))
            self.structures |= {("struct", name) for name in re.findall(r"\bstruct (\w+)\s*\{", text)}
            self.types |= set(re.findall(r"\}\s*(?:__attribute__\S*\s*)?\**(\w+)\s*(?:__attribute__\(\(\w+\)\)\s*)?;", text))
            self.functions |= set(re.findall(r"^extern [^;{]*?\b(\w+)\(", text, re.M))


# Where ours and a crate differ for a reason.
EXPLAINED = {
}


class Truth(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.vendor = macos_facts.crates(TOOLS / "macos-facts")
        if cls.vendor is None:
            raise unittest.SkipTest("cargo or the crates are not available")
        cls.folder = tempfile.mkdtemp(prefix="tenon-headers-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.ours = Declared()
        cls.counts = {}

    def errors(self, name, lines, arch):
        """Which of the lines do not compile."""
        text = includes(HEADERS) + "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n"
        text += "".join(f"{line}\n" for line in lines)
        first = text.count("\n") - len(lines) + 1
        out = compile_text(self.folder, f"{name}-{arch}", text, arch, "-fblocks", "-ferror-limit=0", "-Wno-everything")
        found = {}
        for number, message in re.findall(r":(\d+):\d+: error: (.*)", out):
            if int(number) >= first:
                found.setdefault(lines[int(number) - first], []).append(message)
        return {line: "; ".join(messages) for line, messages in found.items()}

    def facts(self, arch):
        for crate, text in macos_facts.sources(self.vendor, arch):
            yield crate, macos_facts.strip_comments(text)

    def known(self, arch):
        """How C writes the name of a type of the crates."""
        tags = {name for _, text in self.facts(arch) for name, _, _ in macos_facts.structures(text)}
        return lambda name: f"struct {name}" if name in tags and not name.endswith("_t") else name

    def judge(self, kind, checks, arch):
        """`checks`: name -> line of C. Lines with unknown types are set apart; the rest must compile."""
        bad = self.errors(kind, list(checks.values()), arch)
        unknown = {n for n, line in checks.items() if re.search(r"unknown type|undeclared|incomplete", bad.get(line, ""))}
        different = {n: (line, bad[line]) for n, line in checks.items() if line in bad and n not in unknown}
        self.counts[kind, arch] = (len(checks) - len(unknown), len(unknown))
        print(f"{kind}, darwin/{arch}: {len(checks) - len(unknown)} compared, {len(different)} different, "
              f"{len(unknown)} not understood{': ' + ' '.join(sorted(unknown)) if unknown else ''}")
        unexplained = [f"{n}: {d[1]}\n    {d[0]}" for n, d in different.items() if n not in EXPLAINED]
        self.assertEqual(unexplained, [], "\n".join(unexplained))
        self.assertGreater(len(checks) - len(unknown), 5)

    def test_constants(self):
        for arch in ARCHES:
            checks = {}
            for crate, text in [*self.facts(arch), ("go", macos_facts.go_constants(arch))]:
                values = [*macos_facts.constants(text), *macos_facts.enumerators(text)]
                for name, value in values:
                    if name in self.ours.constants and value is not None and name != value:
                        checks[f"{crate}:{name}"] = (f"_Static_assert((long long)({name}) == (long long)({value}) || "
                                                     f"(unsigned)({name}) == (unsigned)({value}), \"{name}\");")
            self.judge("constants", checks, arch)

    def test_structures(self):
        for arch in ARCHES:
            tags = {name for _, name in self.ours.structures} | self.ours.types
            known = self.known(arch)
            checks = {}
            for crate, text in self.facts(arch):
                for name, packing, fields in macos_facts.structures(text):
                    if name not in tags:
                        continue
                    spelled = name if name in self.ours.types else f"struct {name}"
                    checks[f"{crate}:{name}"] = self.structure(spelled, name, packing, fields, known)
            self.judge("structures", checks, arch)

    @staticmethod
    def structure(spelled, name, packing, fields, known):
        body, asserts = "", ""
        for field, rust in fields:
            made = macos_facts.c_type(rust, known)
            body += f"{made(field)}; " if made else f"unknown_type_of_{field} {field}; "
        pack = f" __attribute__((packed, aligned({packing})))" if packing else ""
        copy = f"theirs_{name}_{len(fields)}"
        for field, _ in fields:
            if not field.startswith("_"):
                asserts += f"_Static_assert(offsetof({spelled}, {field}) == offsetof(struct {copy}, {field}), \"{field}\"); "
        return (f"struct {copy} {{ {body}}}{pack}; {asserts}"
                f"_Static_assert(sizeof({spelled}) == sizeof(struct {copy}), \"size of {name}\");")

    def test_functions(self):
        for arch in ARCHES:
            checks, known = {}, self.known(arch)
            for crate, text in self.facts(arch):
                for name, types, variadic, result in macos_facts.functions(text):
                    if name not in self.ours.functions:
                        continue
                    made = [macos_facts.c_type(one, known) for one in types]
                    back = macos_facts.c_type(result, known) if result else (lambda d: f"void {d}")
                    if None in made or back is None:
                        checks[f"{crate}:{name}"] = f"unknown_type tenon_{name};"
                        continue
                    arguments = ", ".join([m("") for m in made] + (["..."] if variadic else [])) or "void"
                    checks[f"{crate}:{name}"] = (f"typedef {back(f'(tenon_type_of_{crate}_{name})({arguments})')}; "
                                                 f"_Static_assert(__builtin_types_compatible_p(__typeof__({name}), "
                                                 f"tenon_type_of_{crate}_{name}), \"{name}\");")
            self.judge("functions", checks, arch)


if __name__ == "__main__":
    unittest.main()
